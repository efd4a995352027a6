import { Duration } from "aws-cdk-lib";
import type * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import type * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import type * as lambda from "aws-cdk-lib/aws-lambda";
import type * as sqs from "aws-cdk-lib/aws-sqs";
import type { AlarmShape, Combined, Watched } from "../alarms.ts";
import type { Settings, Stage } from "../settings.ts";
import type { FunctionName, QueueName } from "../topology.ts";

/** What of a newsroom is watched. */
export type WatchedStack = {
  stage: Stage;
  settings: Settings;
  functions: Record<FunctionName, lambda.IFunction>;
  table: dynamodb.ITable;
  queues: Record<QueueName, sqs.IQueue>;
  api: apigateway.IHttpApi;
  distributionId: string;
};

/** Where the events of a stage are metrics: `NAMESPACE` of its functions. */
export const namespaceOf = (stage: Stage): string => `Broadsheet/${stage}`;

type Dimensions = { namespace: string; dimensionsMap?: Record<string, string> };

const dimensionsOf = ({ stage, functions, table, queues, api }: WatchedStack, watched: Watched): Dimensions => {
  switch (watched.of) {
    case "events":
      return { namespace: namespaceOf(stage) };
    case "function":
      return {
        namespace: "AWS/Lambda",
        dimensionsMap: { FunctionName: functions[watched.name].functionName },
      };
    case "queue":
      return { namespace: "AWS/SQS", dimensionsMap: { QueueName: queues[watched.name].queueName } };
    case "table":
      return { namespace: "AWS/DynamoDB", dimensionsMap: { TableName: table.tableName } };
    case "api":
      return { namespace: "AWS/ApiGateway", dimensionsMap: { ApiId: api.apiId } };
  }
};

/** A metric of a newsroom as CloudWatch has it. */
export const metricOf = (
  newsroom: WatchedStack,
  watched: Watched,
  options: cloudwatch.MetricOptions,
): cloudwatch.Metric =>
  new cloudwatch.Metric({ ...dimensionsOf(newsroom, watched), metricName: watched.metric, ...options });

/**
 * The expression of metrics by their names in it. What is not told counts as none of it: most metrics say nothing when there is
 * nothing to say. Of a difference the first must be told, or nothing is
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 */
const expressionOf = (combine: Combined, names: readonly string[]): string => {
  const filled = names.map((name) => `FILL(${name}, 0)`);
  switch (combine) {
    case "sum":
      // Not added by `+`: a metric that was never told yet would take the others with it.
      return `SUM([${filled.join(", ")}])`;
    case "greatest":
      return `MAX([${filled.join(", ")}])`;
    case "first-less-second":
      return `${names[0]} - ${filled[1]}`;
  }
};

/** The one number that an alarm goes by. */
export const numberOf = (newsroom: WatchedStack, { metrics, combine, statistic, periodSeconds }: AlarmShape) => {
  const period = Duration.seconds(periodSeconds);
  const used = metrics.map((watched) => metricOf(newsroom, watched, { statistic, period }));
  const [first] = used;
  if (combine === undefined && first) return first;
  const named = Object.fromEntries(used.map((metric, n) => [`m${n}`, metric]));
  return new cloudwatch.MathExpression({
    expression: expressionOf(combine ?? "sum", Object.keys(named)),
    usingMetrics: named,
    period,
  });
};
