import { Duration } from "aws-cdk-lib";
import * as events from "aws-cdk-lib/aws-events";
import * as targets from "aws-cdk-lib/aws-events-targets";
import * as lambda from "aws-cdk-lib/aws-lambda";
import type { Construct } from "constructs";
import type { Trigger } from "../topology.ts";
import type { Things } from "./arns.ts";

/** Written as one filter, it is checked by the service: nobody is woken, or billed, for what does not match. */
const onlyInserts = ({ eventName, sortPrefix }: Extract<Trigger, { type: "stream" }>["filter"]) =>
  lambda.FilterCriteria.filter({
    eventName: lambda.FilterRule.isEqual(eventName),
    dynamodb: { Keys: { sk: { S: lambda.FilterRule.beginsWith(sortPrefix) } } },
  });

/** A sweep that failed is repeated neither by the rule nor by Lambda itself: the next comes in a minute, and finds the same. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };

/**
 * What wakes a function, as the topology says. Event source mappings are made without CDK's own grants: the function's one policy has
 * what they need. A batch of the stream never blocks its shard for the day that is AWS's default: it is tried a few times,
 * halved, and put aside whole (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html).
 */
export const attach = (scope: Construct, target: lambda.IFunction, trigger: Trigger, things: Things): void => {
  switch (trigger.type) {
    case "http":
      // The API itself names its function.
      return;
    case "stream": {
      const destination = things.storage.buckets[trigger.onFailure].bucketArn;
      new lambda.EventSourceMapping(scope, "Stream", {
        target,
        eventSourceArn: things.storage.streamArn,
        startingPosition: lambda.StartingPosition.TRIM_HORIZON,
        filters: [onlyInserts(trigger.filter)],
        batchSize: trigger.batchSize,
        maxBatchingWindow: Duration.seconds(0),
        parallelizationFactor: trigger.parallel,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: trigger.retries,
        maxRecordAge: Duration.seconds(trigger.maxAgeSeconds),
        onFailure: { bind: () => ({ destination }) },
        supportS3OnFailureDestination: true,
      });
      return;
    }
    case "queue":
      new lambda.EventSourceMapping(scope, `Queue-${trigger.queue}`, {
        target,
        eventSourceArn: things.queues[trigger.queue].queueArn,
        batchSize: trigger.batchSize,
        maxConcurrency: trigger.parallel,
        reportBatchItemFailures: true,
      });
      return;
    case "rate":
      target.configureAsyncInvoke(ONCE);
      new events.Rule(scope, "Rate", {
        description: `The minute's round of functions/${scope.node.id}`,
        schedule: events.Schedule.rate(Duration.seconds(trigger.everySeconds)),
        targets: [new targets.LambdaFunction(target, ONCE)],
      });
      return;
  }
};
