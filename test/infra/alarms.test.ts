import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import * as dynamodb from "aws-cdk-lib/aws-dynamodb";
import * as lambda from "aws-cdk-lib/aws-lambda";
import * as sqs from "aws-cdk-lib/aws-sqs";
import { AwsSolutionsChecks } from "cdk-nag";
import * as z from "zod";
import { afterAll, describe, expect, test } from "vitest";
import { ALARM_IDS, alarms as all, type AlarmShape, budget, type Watched } from "../../infra/alarms.ts";
import { Alarms } from "../../infra/constructs/alarms.ts";
import { Dashboard } from "../../infra/constructs/dashboard.ts";
import type { WatchedStack } from "../../infra/constructs/metrics.ts";
import { readSettings } from "../../infra/settings.ts";
import { type FunctionName, functions, type QueueName, queues } from "../../infra/topology.ts";
import { METRIC_NAMES } from "../../shared/runtime/events.ts";

const alarms: readonly AlarmShape[] = all;
const DOCS = "https://docs.aws.amazon.com";

/** What AWS documents, by namespace: the names that we use, and the dimensions that they come with. */
const DOCUMENTED: Record<string, { source: string; names: string[]; dimensions: string[] }> = {
  "AWS/Lambda": {
    source: `${DOCS}/lambda/latest/dg/monitoring-metrics-types.html`,
    names: ["Invocations", "Errors", "Throttles", "Duration", "IteratorAge", "ConcurrentExecutions"],
    dimensions: ["FunctionName"],
  },
  "AWS/SQS": {
    source: `${DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html`,
    names: [
      "ApproximateAgeOfOldestMessage",
      "ApproximateNumberOfMessagesDelayed",
      "ApproximateNumberOfMessagesNotVisible",
      "ApproximateNumberOfMessagesVisible",
      "NumberOfEmptyReceives",
    ],
    dimensions: ["QueueName"],
  },
  "AWS/DynamoDB": {
    source: `${DOCS}/amazondynamodb/latest/developerguide/metrics-dimensions.html`,
    names: ["ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits", "ReadThrottleEvents", "WriteThrottleEvents"],
    dimensions: ["TableName"],
  },
  "AWS/ApiGateway": {
    source: `${DOCS}/apigateway/latest/developerguide/http-api-metrics.html`,
    names: ["4xx", "5xx", "Count", "IntegrationLatency", "Latency", "DataProcessed"],
    dimensions: ["ApiId"],
  },
  "AWS/CloudFront": {
    source: `${DOCS}/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html`,
    names: ["4xxErrorRate", "5xxErrorRate", "BytesDownloaded", "BytesUploaded", "Requests", "TotalErrorRate"],
    dimensions: ["DistributionId", "Region"],
  },
  "Broadsheet/prod": { source: "shared/runtime/events.ts", names: [...METRIC_NAMES], dimensions: [] },
};

const dir = mkdtempSync(join(tmpdir(), "broadsheet-alarms-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
let apps = 0;

/** A small stack of real resources, under the topology's names. */
const small = (given: Record<string, unknown> = {}) => {
  const app = new App({ outdir: join(dir, String(apps++)) });
  const stack = new Stack(app, "Broadsheet-prod", { env: { region: "ap-southeast-1" } });
  const makeFunction = (name: FunctionName) =>
    new lambda.Function(stack, name, {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: lambda.Code.fromInline("exports.handler = async () => {};"),
    });
  const makeQueue = (name: QueueName) => new sqs.Queue(stack, `queue-${name}`);
  const newsroom: WatchedStack = {
    stage: "prod",
    settings: readSettings((name) => given[name]),
    functions: {
      api: makeFunction("api"),
      render: makeFunction("render"),
      images: makeFunction("images"),
      schedule: makeFunction("schedule"),
      webhooks: makeFunction("webhooks"),
      notify: makeFunction("notify"),
    },
    table: new dynamodb.Table(stack, "Table", { partitionKey: { name: "pk", type: dynamodb.AttributeType.STRING } }),
    queues: {
      render: makeQueue("render"),
      "render-dead": makeQueue("render-dead"),
      images: makeQueue("images"),
      "images-later": makeQueue("images-later"),
      "images-dead": makeQueue("images-dead"),
      schedule: makeQueue("schedule"),
      "schedule-dead": makeQueue("schedule-dead"),
      inbox: makeQueue("inbox"),
      "inbox-dead": makeQueue("inbox-dead"),
    },
    api: new apigateway.HttpApi(stack, "Api"),
    distributionId: "E2EXAMPLE",
  };
  const watching = new Alarms(stack, "Alarms", newsroom);
  new Dashboard(stack, "Dashboard", newsroom, watching.alarms);
  return { app, stack, newsroom };
};

const synthesized = (given: Record<string, unknown> = {}) => {
  const { stack, newsroom } = small(given);
  const template = Template.fromStack(stack);
  const resourcesOf = (type: string) => Object.entries(template.findResources(type));
  /** Throws naming the nearest that there is. */
  const has = (type: string, properties: object) => () => template.hasResourceProperties(type, properties);
  return { stack, has, resourcesOf, newsroom };
};

/** A resource of the template, as a dimension names it. */
const reference = z.union([
  z.object({ Ref: z.string() }),
  z.object({ "Fn::GetAtt": z.tuple([z.string(), z.string()]) }),
]);
const idOf = (value: z.output<typeof reference>): string => ("Ref" in value ? value.Ref : value["Fn::GetAtt"][0]);

const dimension = z.object({ Name: z.string(), Value: reference });
const plain = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(dimension).default([]),
});
const alarm = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.array(z.object({ Ref: z.string() })),
  OKActions: z.array(z.object({ Ref: z.string() })),
  TreatMissingData: z.enum(["breaching", "notBreaching"]),
  ComparisonOperator: z.string(),
  Threshold: z.number(),
  EvaluationPeriods: z.number(),
  DatapointsToAlarm: z.number(),
  Period: z.number().optional(),
  Metrics: z
    .array(
      z.object({
        Expression: z.string().optional(),
        Id: z.string(),
        MetricStat: z.object({ Metric: plain, Period: z.number(), Stat: z.string() }).optional(),
      }),
    )
    .optional(),
});
type Alarm = z.output<typeof alarm>;

/** The metrics that an alarm looks at, however it names them. */
const metricsOf = (properties: unknown): z.output<typeof plain>[] => {
  const { Metrics } = alarm.parse(properties);
  return Metrics ? Metrics.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) : [plain.parse(properties)];
};

/** Which type of resource a dimension's value has to be. */
const TYPES: Record<string, string> = {
  FunctionName: "AWS::Lambda::Function",
  QueueName: "AWS::SQS::Queue",
  TableName: "AWS::DynamoDB::Table",
  ApiId: "AWS::ApiGatewayV2::Api",
};

describe("the alarms in the template", () => {
  const { resourcesOf, has, stack, newsroom } = synthesized({ email: "desk@example.com" });
  const made = resourcesOf("AWS::CloudWatch::Alarm").map(([, { Properties }]): [Alarm, unknown] => [
    alarm.parse(Properties),
    Properties,
  ]);
  const byId = new Map(made.map(([one, raw]) => [one.AlarmName.replace("Broadsheet-prod-", ""), { one, raw }]));

  test("are those of infra/alarms.ts, by their names, and each says what to do", () => {
    expect([...byId.keys()].sort()).toEqual(alarms.map(({ id }) => id).sort());
    for (const { id, description } of alarms) {
      const { AlarmDescription } = byId.get(id)?.one ?? {};
      expect(AlarmDescription).toContain(description);
      expect(AlarmDescription).toContain(`infra/RUNBOOK.md, ${id}`);
    }
  });

  test("each tell the one topic when they are on and when they are over", () => {
    const [[topic] = []] = resourcesOf("AWS::SNS::Topic");
    for (const [{ AlarmActions, OKActions }] of made) {
      expect(AlarmActions).toEqual([{ Ref: topic }]);
      expect(OKActions).toEqual([{ Ref: topic }]);
    }
    expect(
      has("AWS::SNS::Subscription", {
        Protocol: "email",
        Endpoint: "desk@example.com",
        TopicArn: { Ref: topic },
      }),
    ).not.toThrow();
  });

  test("look at metrics that AWS documents, of resources that there are", () => {
    const resources = new Map(Object.entries(TYPES).map(([name, type]) => [name, resourcesOf(type).map(([id]) => id)]));
    for (const [, raw] of made)
      for (const { Namespace, MetricName, Dimensions } of metricsOf(raw)) {
        expect(DOCUMENTED[Namespace]?.names, `${Namespace} ${MetricName}`).toContain(MetricName);
        expect(Dimensions.map(({ Name }) => Name)).toEqual(DOCUMENTED[Namespace]?.dimensions);
        for (const { Name, Value } of Dimensions)
          expect(resources.get(Name), `${MetricName} of ${Name}`).toContain(idOf(Value));
      }
  });

  test("are about the very resources that the plain data names", () => {
    const refOf = (watched: Watched): unknown => {
      switch (watched.of) {
        case "events":
          return undefined;
        case "function":
          return newsroom.functions[watched.name].functionName;
        case "queue":
          return newsroom.queues[watched.name].queueName;
        case "table":
          return newsroom.table.tableName;
        case "api":
          return newsroom.api.apiId;
      }
    };
    for (const shape of alarms) {
      const asked = shape.metrics.map((one: Watched) => [one.metric, stack.resolve(refOf(one))]);
      const found = metricsOf(byId.get(shape.id)?.raw).map((one) => [one.MetricName, one.Dimensions[0]?.Value]);
      expect(found, shape.id).toEqual(asked);
    }
  });

  test("keep threshold, periods and what silence means", () => {
    for (const shape of alarms) {
      const { one } = byId.get(shape.id) ?? {};
      const limit = "least" in shape.threshold ? shape.threshold.least : shape.threshold.less;
      const periods = one?.Metrics
        ? one.Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])
        : [one?.Period ?? 0];
      expect(one).toMatchObject({
        Threshold: limit,
        ComparisonOperator: "least" in shape.threshold ? "GreaterThanOrEqualToThreshold" : "LessThanThreshold",
        EvaluationPeriods: shape.evaluations,
        DatapointsToAlarm: shape.breaching,
        TreatMissingData: shape.missing,
      });
      expect(new Set(periods), shape.id).toEqual(new Set([shape.periodSeconds]));
    }
  });

  test("reckon so that one metric's silence does not hide the other", () => {
    const expressionOf = (id: string) => byId.get(id)?.one.Metrics?.flatMap(({ Expression }) => Expression ?? []);
    expect(expressionOf("render-faults")).toEqual(["SUM([FILL(m0, 0), FILL(m1, 0)])"]);
    expect(expressionOf("images-queue-old")).toEqual(["MAX([FILL(m0, 0), FILL(m1, 0)])"]);
    // No invocations at all: nothing is reckoned, and what is missing is bad.
    expect(expressionOf("sweep-silent")).toEqual(["m0 - FILL(m1, 0)"]);
    expect(byId.get("sweep-silent")?.one.TreatMissingData).toBe("breaching");
  });

  test("let CloudWatch publish to the topic, in this account and for this stage, and nobody without TLS", () => {
    expect(
      has("AWS::SNS::TopicPolicy", {
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Effect: "Deny",
              Action: "sns:Publish",
              Condition: { Bool: { "aws:SecureTransport": "false" } },
            }),
            Match.objectLike({
              Effect: "Allow",
              Action: "sns:Publish",
              Principal: { Service: "cloudwatch.amazonaws.com" },
              Condition: {
                StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } },
                ArnLike: {
                  "aws:SourceArn": {
                    "Fn::Join": [
                      "",
                      [
                        "arn:",
                        { Ref: "AWS::Partition" },
                        ":cloudwatch:ap-southeast-1:",
                        { Ref: "AWS::AccountId" },
                        ":alarm:Broadsheet-prod-*",
                      ],
                    ],
                  },
                },
              },
            }),
          ]),
        },
      }),
    ).not.toThrow();
  });

  test("cost what is said: twenty-nine billed metrics", () => {
    expect(made.flatMap(([, raw]) => metricsOf(raw))).toHaveLength(BILLED);
    expect(alarms.flatMap(({ metrics }) => metrics)).toHaveLength(BILLED);
  });

  test("and the budget warns by e-mail, at 80 % spent and when the month is forecast to go over", () => {
    const subscribers = [{ SubscriptionType: "EMAIL", Address: "desk@example.com" }];
    const warn = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ComparisonOperator: "GREATER_THAN", ThresholdType: "PERCENTAGE" },
      Subscribers: subscribers,
    });
    expect(
      has("AWS::Budgets::Budget", {
        Budget: {
          BudgetType: "COST",
          TimeUnit: "MONTHLY",
          BudgetLimit: { Amount: 20, Unit: "USD" },
        },
        NotificationsWithSubscribers: [warn("ACTUAL", budget.actual), warn("FORECASTED", budget.forecast)],
      }),
    ).not.toThrow();
  });
});

/** Of alarm metrics ten are free; docs/costs.md reckons with this number. */
const BILLED = 29;

test("without an address there is no subscription and no budget, and the alarms stand", () => {
  const { resourcesOf } = synthesized();
  const count = (type: string): number => resourcesOf(type).length;
  expect(["AWS::SNS::Subscription", "AWS::Budgets::Budget"].map(count)).toEqual([0, 0]);
  expect(["AWS::SNS::Topic", "AWS::CloudWatch::Alarm"].map(count)).toEqual([1, alarms.length]);
});

const entry = z.array(z.unknown());
const widget = z.object({
  type: z.string(),
  properties: z.object({
    title: z.string().optional(),
    region: z.string().optional(),
    metrics: z.array(entry).optional(),
    alarms: z.array(z.string()).optional(),
  }),
});

describe("the dashboard", () => {
  const { resourcesOf } = synthesized();
  const [, { Properties = {} } = {}] = resourcesOf("AWS::CloudWatch::Dashboard")[0] ?? [];
  const body = z.object({ "Fn::Join": z.tuple([z.literal(""), z.array(z.unknown())]) }).parse(Properties.DashboardBody);
  const text = body["Fn::Join"][1]
    .map((part) => (typeof part === "string" ? part : JSON.stringify(part).replaceAll('"', "'")))
    .join("");
  const { widgets } = z.object({ widgets: z.array(widget) }).parse(JSON.parse(text));

  /** Rows abbreviate what is as in the row before with dots (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html). */
  const metrics = widgets.flatMap(({ properties }) => {
    let before: unknown[] = [];
    return (properties.metrics ?? []).map((row) => {
      const fields = row.filter((field) => typeof field === "string");
      const full = fields.flatMap((field, n) =>
        field === "." ? [before[n]] : field === "..." ? before.slice(n, -1) : [field],
      );
      before = full;
      const options = row.find((field) => typeof field === "object") ?? {};
      return { fields: full, options, region: properties.region };
    });
  });

  test("has the stage's name and every alarm on it", () => {
    expect(Properties.DashboardName).toBe("Broadsheet-prod");
    expect(widgets.flatMap(({ properties }) => properties.alarms ?? [])).toHaveLength(alarms.length);
  });

  test("shows metrics that there are, the CDN's from the region where they are kept", () => {
    expect(metrics.length).toBeGreaterThan(25);
    for (const { fields, options } of metrics) {
      const [namespace, name, ...dimensions] = fields.map(String);
      expect(DOCUMENTED[namespace ?? ""]?.names, String(fields)).toContain(name);
      expect(dimensions.filter((_, n) => n % 2 === 0).sort()).toEqual(
        [...(DOCUMENTED[namespace ?? ""]?.dimensions ?? [])].sort(),
      );
      expect("region" in options ? options.region : undefined).toBe(
        namespace === "AWS/CloudFront" ? "us-east-1" : undefined,
      );
    }
  });

  test("stays within the metrics of a free one, fifty", () => {
    expect(metrics.length).toBeLessThan(50);
  });
});

test("cdk-nag has nothing against it, and looked", () => {
  const { app } = small({ email: "desk@example.com" });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let said = "";
  try {
    app.synth();
  } catch (error) {
    said = String(error);
  }
  // The bare resources of this test do displease it.
  expect(said).toContain("Broadsheet-prod/queue-render/");
  expect(said).not.toMatch(/Broadsheet-prod\/(?:Alarms|Dashboard)/);
});

test("every queue of dead letters is looked at, and the errors of every function that has no other alarm", () => {
  const of = (id: string): string[] =>
    alarms.flatMap(({ id: one, metrics }) =>
      one === id ? metrics.flatMap((it) => ("name" in it ? [it.name] : [])) : [],
    );
  const dead = Object.values(queues).flatMap((one) => ("deadLetter" in one ? one.deadLetter : []));
  expect(of("dead-letters")).toEqual([...new Set(dead)]);
  const watched = alarms.flatMap(({ metrics }) =>
    metrics.flatMap((one) => (one.of === "function" && one.metric === "Errors" ? [one.name] : [])),
  );
  // The API's are its 5xx.
  expect(watched.sort()).toEqual(
    Object.keys(functions)
      .filter((name) => name !== "api")
      .sort(),
  );
});

test("no id is there twice, and each is a name that a heading can have", () => {
  expect(new Set(ALARM_IDS).size).toBe(ALARM_IDS.length);
  for (const id of ALARM_IDS) expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
