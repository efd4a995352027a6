import { ArnFormat, Stack } from "aws-cdk-lib";
import * as budgets from "aws-cdk-lib/aws-budgets";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import * as iam from "aws-cdk-lib/aws-iam";
import * as sns from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import { alarms, type AlarmShape, budget } from "../alarms.ts";
import { stackName } from "../settings.ts";
import { type WatchedStack, numberOf } from "./metrics.ts";

const MISSING = {
  breaching: cloudwatch.TreatMissingData.BREACHING,
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
} as const;

const limitOf = (threshold: AlarmShape["threshold"]) =>
  "least" in threshold
    ? {
        threshold: threshold.least,
        comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      }
    : { threshold: threshold.less, comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD };

/**
 * All alarms of infra/alarms.ts, and whom they tell: an SNS topic with the operator's address, when it is on and when it is over; without an
 * address the alarms stand and show on the dashboard. A subscription by e-mail has to be confirmed by whoever reads it. And
 * AWS Budgets' warnings, of the whole account's costs, which AWS sends itself, only to an address.
 */
export class Alarms extends Construct {
  readonly topic: sns.Topic;
  readonly alarms: readonly cloudwatch.Alarm[];

  constructor(scope: Construct, id: string, newsroom: WatchedStack) {
    super(scope, id);
    const { stage, settings } = newsroom;
    // Not encrypted: CloudWatch cannot use AWS's own key for SNS, a key of one's own costs $1 a month, and an alarm says no secret.
    this.topic = new sns.Topic(this, "Topic", { displayName: `Broadsheet ${stage}`, enforceSSL: true });
    this.letCloudWatchPublish(stage);
    if (settings.email !== undefined) this.topic.addSubscription(new EmailSubscription(settings.email));

    const action = new SnsAction(this.topic);
    this.alarms = alarms.map((shape: AlarmShape) => {
      const alarm = new cloudwatch.Alarm(this, shape.id, {
        alarmName: `${stackName(stage)}-${shape.id}`,
        alarmDescription: `${shape.description} What to do: infra/RUNBOOK.md, ${shape.id}.`,
        metric: numberOf(newsroom, shape),
        ...limitOf(shape.threshold),
        evaluationPeriods: shape.evaluations,
        datapointsToAlarm: shape.breaching,
        treatMissingData: MISSING[shape.missing],
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    if (settings.email !== undefined) this.addBudget(settings.budget, settings.email);
  }

  /**
   * A policy of one's own (here the one that asks for TLS) takes the place of the topic's first, by which the account's alarms may publish: that
   * has to be said then (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html).
   */
  private letCloudWatchPublish(stage: WatchedStack["stage"]): void {
    const { account } = Stack.of(this);
    const arn = Stack.of(this).formatArn({
      service: "cloudwatch",
      resource: "alarm",
      resourceName: `${stackName(stage)}-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: "AlarmsOfThisStage",
        principals: [new iam.ServicePrincipal("cloudwatch.amazonaws.com")],
        actions: ["sns:Publish"],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { "aws:SourceAccount": account }, ArnLike: { "aws:SourceArn": arn } },
      }),
    );
  }

  /** Without a name of its own: another address replaces the budget, and the new one could not have the name of the old. */
  private addBudget(amount: number, address: string): void {
    const warn = (notificationType: "ACTUAL" | "FORECASTED", threshold: number) => ({
      notification: {
        notificationType,
        comparisonOperator: "GREATER_THAN",
        threshold,
        thresholdType: "PERCENTAGE",
      },
      subscribers: [{ subscriptionType: "EMAIL", address }],
    });
    new budgets.CfnBudget(this, "Budget", {
      budget: { budgetType: "COST", timeUnit: "MONTHLY", budgetLimit: { amount, unit: "USD" } },
      notificationsWithSubscribers: [warn("ACTUAL", budget.actual), warn("FORECASTED", budget.forecast)],
    });
  }
}
