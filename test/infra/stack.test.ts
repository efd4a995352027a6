import { App, CfnResource, CloudFormationValidatePlugin, Stack, Validations } from "aws-cdk-lib";
import * as s3 from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import { beforeAll, describe, expect, test } from "vitest";
import { functions, LOG_DAYS, table } from "../../infra/topology.ts";
import type { Json } from "../house.ts";
import { inOrder, ofType, synthesize, type Template } from "./template.ts";

let prod: Awaited<ReturnType<typeof synthesize>>;
let dev: typeof prod;
let domains: typeof prod;
beforeAll(async () => {
  prod = await synthesize({ email: "desk@example.com" });
  dev = await synthesize({ stage: "dev", email: "desk@example.com" });
  domains = await synthesize({
    siteDomain: "bao.example.com",
    siteCertificate: "arn:aws:acm:us-east-1:111122223333:certificate/a1",
    apiDomain: "api.example.com",
    apiCertificate: "arn:aws:acm:ap-southeast-1:111122223333:certificate/b2",
    reserve: true,
  });
});

describe("validators", () => {
  test.each(["prod", "dev", "domains"])("have nothing to say of %s that is not reasoned", (name) => {
    const { report } = { prod, dev, domains }[name] ?? prod;
    expect(report.pluginReports.map(({ pluginName, violations }) => [pluginName, violations])).toEqual(
      report.pluginReports.map(({ pluginName }) => [pluginName, []]),
    );
    // Those that are reasoned show that the rules were looked at.
    const rules = report.pluginReports.find(({ pluginName }) => pluginName === "AwsSolutions")?.suppressedViolations;
    expect(rules?.length).toBeGreaterThan(5);
  });

  test("would find a bucket without TLS and a property that does not exist", () => {
    const app = new App({ context: { "@aws-cdk/core:validateAgainstDefaultRules": true } });
    const stack = new Stack(app, "Bad");
    new s3.Bucket(stack, "Open");
    new CfnResource(stack, "Odd", { type: "AWS::SQS::Queue", properties: { Nonsense: 1 } });
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new CloudFormationValidatePlugin());
    expect(() => app.synth()).toThrow(/does not require requests to use SSL[\s\S]*Nonsense/);
  });
});

/** Every name that a template refers to. */
const references = (value: unknown): string[] => {
  if (value === null || typeof value !== "object") return [];
  if ("Ref" in value && typeof value.Ref === "string") return [value.Ref];
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return [String(value["Fn::GetAtt"][0])];
  return Object.values(value).flatMap(references);
};

describe("what the validators miss", () => {
  test("a behaviour's origin is one of the distribution's", () => {
    for (const { Properties } of ofType(prod.template, "AWS::CloudFront::Distribution")) {
      const { Origins, DefaultCacheBehavior, CacheBehaviors = [] } = Properties.DistributionConfig;
      const ids = Origins.map((origin: { Id: string }) => origin.Id);
      for (const { TargetOriginId } of [DefaultCacheBehavior, ...CacheBehaviors]) expect(ids).toContain(TargetOriginId);
    }
  });

  test("each attribute of a key is defined, and no other", () => {
    const [{ Properties }] = ofType(prod.template, "AWS::DynamoDB::Table") as [ReturnType<typeof ofType>[number]];
    const names = (keys: { AttributeName: string }[]): string[] => keys.map((key) => key.AttributeName);
    const used = [
      ...names(Properties.KeySchema),
      ...Properties.GlobalSecondaryIndexes.flatMap((index: { KeySchema: [] }) => names(index.KeySchema)),
    ];
    expect(inOrder(names(Properties.AttributeDefinitions))).toEqual(inOrder(used));
    expect(used).toHaveLength(2 + 2 * table.indexes.length);
  });

  test.each(["prod", "dev", "domains"])("all that %s refers to exists", (name) => {
    const { template } = { prod, dev, domains }[name] ?? prod;
    const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
    const missing = references([template.Resources, template.Outputs]).filter(
      (id) => !known.has(id) && !id.startsWith("AWS::"),
    );
    expect(missing).toEqual([]);
  });
});

/** The logical id of a function of ours. */
const idOf = (name: string, { template } = prod): string =>
  ofType(template, "AWS::Lambda::Function").find(
    ({ Properties }) => Properties.Description === `Broadsheet: functions/${name}`,
  )?.id ?? "";
/** The mappings that bring it records of the stream. */
const streamsOf = (name: string) =>
  ofType(prod.template, "AWS::Lambda::EventSourceMapping").filter(
    ({ Properties }) => Properties.FilterCriteria && Properties.FunctionName.Ref === idOf(name),
  );

describe("the functions", () => {
  test("are the topology's: arm64, Node 24, memory, time, a role and a log group of their own", () => {
    const made = ofType(prod.template, "AWS::Lambda::Function").map(({ Properties }) => Properties);
    expect(made).toHaveLength(Object.keys(functions).length);
    for (const [name, shape] of Object.entries(functions)) {
      const own = made.find(({ Description }) => Description === `Broadsheet: functions/${name}`);
      expect(own).toMatchObject({
        Architectures: ["arm64"],
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        MemorySize: shape.memoryMb,
        Timeout: shape.timeoutSeconds,
      });
      expect(Object.keys(own.Environment.Variables).sort()).toEqual([...shape.environment].sort());
      expect(own).not.toHaveProperty("ReservedConcurrentExecutions");
    }
    const [api] = made.filter(({ Description }) => Description === "Broadsheet: functions/api");
    expect(api.Environment.Variables.SEALING_KEY_PARAMETER).toBe("/Broadsheet-prod/sealing-key");
    expect(new Set(made.map(({ Role }) => JSON.stringify(Role))).size).toBe(made.length);
    expect(new Set(made.map(({ LoggingConfig }) => JSON.stringify(LoggingConfig))).size).toBe(made.length);
  });

  test("get concurrency of their own only where it is asked for", () => {
    const reserved = ofType(domains.template, "AWS::Lambda::Function").map(
      ({ Properties }) => Properties.ReservedConcurrentExecutions,
    );
    expect(inOrder(reserved)).toEqual(inOrder(Object.values(functions).map(({ reserve }) => reserve)));
  });

  test("log for 30 days, and nothing is logged elsewhere", () => {
    expect(LOG_DAYS).toBe(30);
    for (const { Properties } of ofType(prod.template, "AWS::Logs::LogGroup"))
      expect(Properties.RetentionInDays).toBe(LOG_DAYS);
  });

  test.each([
    ["render", "WORK#", 100],
    ["notify", "NEWS#", 10],
  ])("%s is woken by inserts of %s alone, and a batch that fails for good is kept whole", (name, prefix, BatchSize) => {
    const { Properties: stream } = streamsOf(name)[0] ?? { Properties: {} };
    expect(stream.FilterCriteria.Filters).toHaveLength(1);
    expect(JSON.parse(stream.FilterCriteria.Filters[0].Pattern)).toEqual({
      eventName: ["INSERT"],
      dynamodb: { Keys: { sk: { S: [{ prefix }] } } },
    });
    expect(stream).toMatchObject({
      BatchSize,
      MaximumBatchingWindowInSeconds: 0,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      StartingPosition: "TRIM_HORIZON",
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 3600,
    });
    expect(stream.DestinationConfig.OnFailure.Destination).toBeDefined();
  });

  test("no more than two of them read the stream: a third would have the others throttled", () => {
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html (LimitExceededException)
    const reading = Object.keys(functions).filter((name) => streamsOf(name).length > 0);
    expect(reading).toEqual(["render", "notify"]);
    expect(reading.flatMap(streamsOf)).toHaveLength(2);
  });

  test("schedule and notify are woken each minute, once, and no failure of theirs is repeated by AWS", () => {
    const rules = ofType(prod.template, "AWS::Events::Rule").filter(({ Properties }) => Properties.ScheduleExpression);
    const woken = rules.map(({ Properties: { ScheduleExpression, Targets } }) => [
      ScheduleExpression,
      Targets.map((target: { Arn: unknown }) => JSON.stringify(target.Arn)),
      Targets.map(({ RetryPolicy }: Json) => RetryPolicy),
    ]);
    const expected = ["schedule", "notify"].map((name) => [
      "rate(1 minute)",
      [JSON.stringify({ "Fn::GetAtt": [idOf(name), "Arn"] })],
      [{ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 }],
    ]);
    expect(inOrder(woken.map((one) => JSON.stringify(one)))).toEqual(
      inOrder(expected.map((one) => JSON.stringify(one))),
    );
    expect(ofType(prod.template, "AWS::Lambda::EventInvokeConfig")).toHaveLength(2);
  });
});

describe("the API's host", () => {
  /** Which function a route leads to. */
  const routes = ({ template }: typeof prod): Record<string, unknown> => {
    const integrations = new Map(
      ofType(template, "AWS::ApiGatewayV2::Integration").map(({ id, Properties }) => [
        id,
        { to: Properties.IntegrationUri["Fn::GetAtt"]?.[0], version: Properties.PayloadFormatVersion },
      ]),
    );
    return Object.fromEntries(
      ofType(template, "AWS::ApiGatewayV2::Route").map(({ Properties }) => [
        Properties.RouteKey,
        integrations.get(Properties.Target["Fn::Join"][1].at(-1).Ref),
      ]),
    );
  };

  test.each(["prod", "dev", "domains"])(
    "of %s gives what senders send to webhooks, and all else to the API",
    (name) => {
      const stack = { prod, dev, domains }[name] ?? prod;
      const to = (one: string) => ({ to: idOf(one, stack), version: "2.0" });
      expect(routes(stack)).toEqual({ $default: to("api"), "POST /hooks/{name}": to("webhooks") });
    },
  );

  test("may invoke these two, each by its route, and no other function", () => {
    const permissions = ofType(prod.template, "AWS::Lambda::Permission").filter(
      ({ Properties }) => Properties.Principal === "apigateway.amazonaws.com",
    );
    const allowed = permissions.map(({ Properties }): [string, string] => [
      Properties.FunctionName["Fn::GetAtt"][0],
      Properties.SourceArn["Fn::Join"][1].at(-1),
    ]);
    expect(inOrder(allowed.map(([to]) => to))).toEqual(inOrder([idOf("api"), idOf("webhooks")]));
    expect(new Map(allowed).get(idOf("webhooks"))).toBe("/*/*/hooks/{name}");
  });
});

describe("data", () => {
  const STORES = new Set(["AWS::S3::Bucket", "AWS::DynamoDB::Table"]);
  const stores = ({ Resources }: Template) => Object.values(Resources).filter(({ Type }) => STORES.has(Type));

  test("in prod outlives the stack and every slip; in dev it goes with it", () => {
    expect(stores(prod.template)).toHaveLength(5);
    for (const { DeletionPolicy, UpdateReplacePolicy } of stores(prod.template))
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(["Retain", "Retain"]);
    for (const { DeletionPolicy } of stores(dev.template)) expect(DeletionPolicy).toBe("Delete");
    const [kept] = ofType(prod.template, "AWS::DynamoDB::Table");
    const [thrown] = ofType(dev.template, "AWS::DynamoDB::Table");
    expect(kept?.Properties.DeletionProtectionEnabled).toBe(true);
    expect(thrown?.Properties.DeletionProtectionEnabled).not.toBe(true);
    for (const one of [kept, thrown])
      expect(one?.Properties).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        TimeToLiveSpecification: { AttributeName: "ttl", Enabled: true },
        StreamSpecification: { StreamViewType: "NEW_IMAGE" },
      });
  });

  test("keeps its place: another logical id, or another key, would make an empty one and leave the old one behind", () => {
    const ids = Object.entries(prod.template.Resources).filter(([, { Type }]) => STORES.has(Type));
    expect(inOrder(ids.map(([id]) => id))).toEqual([
      "StorageContent05955A69",
      "StorageFailures3FF38EE5",
      "StorageMedia9333CB25",
      "StorageSiteDBA682E2",
      "StorageTableB43FDCE7",
    ]);
    expect(prod.template.Resources["StorageTableB43FDCE7"]?.Properties.KeySchema).toEqual([
      { AttributeName: "pk", KeyType: "HASH" },
      { AttributeName: "sk", KeyType: "RANGE" },
    ]);
  });

  test("that cannot be made again is versioned, and nobody deletes a version without changing the policy", () => {
    const versioned = ofType(prod.template, "AWS::S3::Bucket").filter(
      ({ Properties }) => Properties.VersioningConfiguration?.Status === "Enabled",
    );
    expect(versioned.map(({ id }) => id.replace(/[0-9A-F]{8}$/, "")).sort()).toEqual([
      "StorageContent",
      "StorageMedia",
    ]);
    const denied = ofType(prod.template, "AWS::S3::BucketPolicy").filter(({ Properties }) =>
      JSON.stringify(Properties).includes("NobodyDeletesByAccident"),
    );
    expect(inOrder(denied.map(({ Properties }) => Properties.Bucket.Ref))).toEqual(
      inOrder(versioned.map(({ id }) => id)),
    );
    expect(denied.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(["Retain", "Retain"]);
  });

  test("is private: no public access, TLS only, names that nobody chose", () => {
    for (const { Properties } of ofType(prod.template, "AWS::S3::Bucket")) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties).not.toHaveProperty("BucketName");
    }
    for (const { Properties } of ofType(prod.template, "AWS::DynamoDB::Table"))
      expect(Properties).not.toHaveProperty("TableName");
    for (const { Properties } of ofType(prod.template, "AWS::S3::BucketPolicy"))
      expect(JSON.stringify(Properties)).toContain('"aws:SecureTransport":"false"');
  });

  test("that is uploaded goes after a week, what senders sent after a month, and bodies never", () => {
    const rules = ofType(prod.template, "AWS::S3::Bucket").flatMap(
      ({ Properties }) => Properties.LifecycleConfiguration?.Rules ?? [],
    );
    expect(rules).toContainEqual(
      expect.objectContaining({ Prefix: "upload/", ExpirationInDays: 7, Status: "Enabled" }),
    );
    const [content] = ofType(prod.template, "AWS::S3::Bucket").filter(({ id }) => id.startsWith("StorageContent"));
    const ends = content?.Properties.LifecycleConfiguration.Rules.filter(
      (rule: Json) => rule.ExpirationInDays ?? rule.NoncurrentVersionExpiration,
    );
    expect(ends).toEqual([
      expect.objectContaining({
        Prefix: "inbox/",
        ExpirationInDays: 30,
        NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      }),
    ]);
  });
});

describe("stages", () => {
  /** The resources with the stage's name and the digests of logical ids taken out, so that what is left differs in kind. */
  const neutral = ({ Resources }: Template): Map<string, unknown> =>
    new Map(
      Object.entries(
        JSON.parse(
          JSON.stringify(Resources)
            .replaceAll(/(Broadsheet[-/, ]{0,2})(?:prod|dev)/g, "$1")
            .replaceAll(/(?<=Origin\d)[0-9A-F]{8}/g, "")
            .replaceAll(/(?<=[A-Za-z])(?:[0-9A-F]{8}){1,2}(?=\W|[A-Z])/g, ""),
        ),
      ),
    );

  test("differ as documented and in nothing else", () => {
    const [a, b] = [neutral(prod.template), neutral(dev.template)];
    const onlyDev = [...b].filter(([id]) => !a.has(id)).map(([, one]) => (one as { Type: string }).Type);
    // What empties the buckets of a stage that is thrown away.
    expect([...new Set(onlyDev)].sort()).toEqual([
      "AWS::IAM::Role",
      "AWS::Lambda::Function",
      "Custom::S3AutoDeleteObjects",
    ]);
    expect([...a.keys()].filter((id) => !b.has(id))).toEqual([]);
    const differing = [...a]
      .filter(([id, one]) => b.has(id) && JSON.stringify(one) !== JSON.stringify(b.get(id)))
      .map(([, one]) => (one as { Type: string }).Type);
    expect([...new Set(differing)].sort()).toEqual([
      "AWS::DynamoDB::Table",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
    ]);
  });
});

test("a restored table takes the place of the stack's own, which stays where it is", async () => {
  const { template } = await synthesize({
    table: "restored",
    tableStream: "arn:aws:dynamodb:ap-southeast-1:111122223333:table/restored/stream/2026-11-25T00:00:00.000",
  });
  expect(ofType(template, "AWS::DynamoDB::Table")).toEqual([]);
  expect(template.Outputs["TableName"]?.Value).toBe("restored");
  for (const { Properties } of ofType(template, "AWS::Lambda::Function"))
    expect(Properties.Environment.Variables.TABLE).toBe("restored");
});

test("with domains the API's generated host goes on answering, and TLS 1.2 is the least for readers", () => {
  const [api] = ofType(domains.template, "AWS::ApiGatewayV2::Api");
  expect(api?.Properties.DisableExecuteApiEndpoint).not.toBe(true);
  const [site] = ofType(domains.template, "AWS::CloudFront::Distribution");
  expect(site?.Properties.DistributionConfig).toMatchObject({
    Aliases: ["bao.example.com"],
    ViewerCertificate: { MinimumProtocolVersion: "TLSv1.2_2021", SslSupportMethod: "sni-only" },
  });
  expect(domains.template.Outputs).toMatchObject({
    SiteUrl: { Value: "https://bao.example.com" },
    ApiUrl: { Value: "https://api.example.com" },
    ApiTarget: {},
  });
});
