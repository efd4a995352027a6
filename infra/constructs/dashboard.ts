import { Duration } from "aws-cdk-lib";
import * as cloudwatch from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { stackName } from "../settings.ts";
import { metricOf, namespaceOf, type WatchedStack } from "./metrics.ts";

const PERIOD = Duration.minutes(5);
/** CloudWatch's grid is 24 wide. */
const [THIRD, HIGH] = [8, 6];

const graph = (title: string, left: cloudwatch.IMetric[], more: Partial<cloudwatch.GraphWidgetProps> = {}) =>
  new cloudwatch.GraphWidget({ title, left, width: THIRD, height: HIGH, period: PERIOD, ...more });

type Plain = { metricName: string; label: string; statistic?: string };

/** Builders of the metrics that only this page shows. */
const shown = (newsroom: WatchedStack) => ({
  /** CloudFront's metrics are kept in us-east-1, whatever the stack's region (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html). */
  cdn: ({ metricName, label, statistic = "Sum" }: Plain) =>
    new cloudwatch.Metric({
      namespace: "AWS/CloudFront",
      metricName,
      label,
      statistic,
      region: "us-east-1",
      dimensionsMap: { DistributionId: newsroom.distributionId, Region: "Global" },
    }),
  api: ({ metricName, label, statistic = "Sum" }: Plain) =>
    new cloudwatch.Metric({
      namespace: "AWS/ApiGateway",
      metricName,
      label,
      statistic,
      dimensionsMap: { ApiId: newsroom.api.apiId },
    }),
  table: ({ metricName, label, statistic = "Sum" }: Plain) =>
    new cloudwatch.Metric({
      namespace: "AWS/DynamoDB",
      metricName,
      label,
      statistic,
      dimensionsMap: { TableName: newsroom.table.tableName },
    }),
});

/**
 * One page that tells at a glance whether the newspaper works: the alarms first, then a story's way through the house, from the API
 * to the reader. Up to 50 metrics: three such pages an account are free
 * (https://aws.amazon.com/cloudwatch/pricing/).
 */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, newsroom: WatchedStack, alarms: readonly cloudwatch.IAlarm[]) {
    super(scope, id);
    const { stage } = newsroom;
    const { cdn, api, table } = shown(newsroom);
    const metric = (watched: Parameters<typeof metricOf>[1], label: string, statistic = "Sum") =>
      metricOf(newsroom, watched, { label, statistic });
    const live = (label: string, statistic: string) =>
      metric({ of: "events", metric: "article.live.ms" }, label, statistic);
    const age = (name: "render" | "images" | "images-later" | "inbox") =>
      metric({ of: "queue", name, metric: "ApproximateAgeOfOldestMessage" }, name, "Maximum");
    const dead = (name: "render-dead" | "images-dead" | "schedule-dead" | "inbox-dead") =>
      metric({ of: "queue", name, metric: "ApproximateNumberOfMessagesVisible" }, name, "Maximum");
    // The sweep's are the minutes.
    const invocations = (["api", "render", "images", "webhooks", "notify"] as const).map((name) =>
      metric({ of: "function", name, metric: "Invocations" }, name),
    );

    const rows: cloudwatch.IWidget[][] = [
      [
        new cloudwatch.TextWidget({
          width: THIRD,
          height: HIGH,
          markdown: [
            `# Broadsheet, ${stage}`,
            "All green on the right: the newspaper works.",
            "A red one: its name is a heading in infra/RUNBOOK.md.",
            `Our metrics are in ${namespaceOf(stage)}. The CDN's lag a minute or two.`,
          ].join("\n\n"),
        }),
        new cloudwatch.AlarmStatusWidget({ title: "Alarms", width: 24 - THIRD, height: HIGH, alarms: [...alarms] }),
      ],
      [
        graph("Publishes", [live("stories that went up or were changed", "SampleCount")]),
        graph("Time to live, ms", [live("half are up within", "p50"), live("95 of 100 within", "p95")]),
        graph("Time until all is done, ms", [
          metric({ of: "events", metric: "article.done.ms" }, "half are done within", "p50"),
          metric({ of: "events", metric: "article.done.ms" }, "95 of 100 within", "p95"),
        ]),
      ],
      [
        graph(
          "Work overdue, and late releases",
          [metric({ of: "events", metric: "work.overdue.works" }, "older than ten minutes", "Maximum")],
          { right: [metric({ of: "events", metric: "release.late.ms" }, "scheduled stories, late by, ms", "Maximum")] },
        ),
        graph("Oldest in the queues, s", [age("render"), age("images"), age("images-later"), age("inbox")]),
        graph(
          "Put aside, and the stream's lag",
          [dead("render-dead"), dead("images-dead"), dead("schedule-dead"), dead("inbox-dead")],
          { right: [metric({ of: "function", name: "render", metric: "IteratorAge" }, "stream, ms", "Maximum")] },
        ),
      ],
      [
        graph("Renders that failed", [
          metric({ of: "events", metric: "render.failed" }, "told"),
          metric({ of: "function", name: "render", metric: "Errors" }, "ended by Lambda"),
        ]),
        graph("Purges that failed", [metric({ of: "events", metric: "purge.failed" }, "purges")]),
        graph(
          "Photos",
          [
            metric({ of: "events", metric: "image.failed" }, "failed"),
            metric({ of: "function", name: "images", metric: "Errors" }, "ended by Lambda"),
          ],
          { right: [metric({ of: "events", metric: "image.ready.ms" }, "ready, half within, ms", "p50")] },
        ),
      ],
      [
        graph("API requests", [
          api({ metricName: "Count", label: "all" }),
          api({ metricName: "4xx", label: "refused" }),
          api({ metricName: "5xx", label: "our faults" }),
        ]),
        graph(
          "API latency, ms",
          [
            api({ metricName: "Latency", label: "half within", statistic: "p50" }),
            api({ metricName: "Latency", label: "95 of 100 within", statistic: "p95" }),
          ],
          { right: [metric({ of: "events", metric: "api.fault" }, "faults told")] },
        ),
        graph("Held back by AWS", [
          metric({ of: "function", name: "render", metric: "Throttles" }, "render"),
          metric({ of: "function", name: "images", metric: "Throttles" }, "images"),
          metric({ of: "function", name: "webhooks", metric: "Throttles" }, "webhooks"),
          metric({ of: "function", name: "notify", metric: "Throttles" }, "notify"),
          metric({ of: "table", metric: "ReadThrottleEvents" }, "table reads"),
          metric({ of: "table", metric: "WriteThrottleEvents" }, "table writes"),
        ]),
      ],
      [
        graph("Webhooks", [
          metric({ of: "events", metric: "hook.dead" }, "events that could not be done"),
          metric({ of: "events", metric: "notify.disabled" }, "receivers that were switched off"),
          metric({ of: "function", name: "webhooks", metric: "Errors" }, "webhooks, ended by Lambda"),
          metric({ of: "function", name: "notify", metric: "Errors" }, "notify, ended by Lambda"),
        ]),
        graph("Readers: requests to the CDN", [cdn({ metricName: "Requests", label: "requests" })], {
          region: "us-east-1",
        }),
        graph(
          "Readers: errors of the CDN, %",
          [
            cdn({ metricName: "5xxErrorRate", label: "5xx: S3 or we", statistic: "Average" }),
            cdn({ metricName: "4xxErrorRate", label: "4xx: addresses that are none", statistic: "Average" }),
          ],
          { region: "us-east-1" },
        ),
      ],
      [
        graph("What costs: table, request units", [
          table({ metricName: "ConsumedReadCapacityUnits", label: "read" }),
          table({ metricName: "ConsumedWriteCapacityUnits", label: "written" }),
        ]),
        graph("What costs: invocations", invocations),
        graph("What costs: bytes to readers", [cdn({ metricName: "BytesDownloaded", label: "bytes" })], {
          region: "us-east-1",
        }),
      ],
    ];
    new cloudwatch.Dashboard(this, "Page", {
      dashboardName: stackName(stage),
      defaultInterval: Duration.hours(12),
      widgets: rows,
    });
  }
}
