import * as z from "zod";
import type { ParameterName } from "./topology.ts";

/** `prod` keeps its data whatever happens to the stack; `dev` may be thrown away with all that is in it. */
export const STAGES = ["prod", "dev"] as const;
export type Stage = (typeof STAGES)[number];

/** The stack of a stage: all of the system, in one region. */
export const stackName = (stage: Stage): string => `Broadsheet-${stage}`;

/** The name of a stage's SSM parameter. `aws` and `ssm` may not be its beginning (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html). */
export const parameterName = (stage: Stage, name: ParameterName): string => `/${stackName(stage)}/${name}`;

const domain = z
  .string()
  .regex(/^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/, "is no host name");
const certificate = z
  .string()
  .regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/, "is no ARN of a certificate");
const whole = (least: number) =>
  z
    .union([z.number(), z.string().regex(/^\d{1,9}$/, "is no whole number (such as 20)")])
    .transform(Number)
    .pipe(z.int().min(least, `is less than ${least}`));
const flag = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

/** CloudFront reads certificates in this region alone (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html). */
const CDN_REGION = "us-east-1";

const regionOf = (arn: string): string => arn.split(":")[3] ?? "";

/** A stream's ARN names its table: `...:table/NAME/stream/LABEL`. */
const isStreamOf = (arn: string, region: string, table: string): boolean =>
  regionOf(arn) === region && arn.includes(`:table/${table}/stream/`);

/**
 * What an operator decides, as CDK context gives it (`-c NAME=VALUE`: texts) or a program (numbers and truths as well).
 * Unknown names are CDK's own and others' and are left alone by {@link readSettings}.
 */
export const settings = z
  .object({
    stage: z.enum(STAGES, "is neither prod nor dev").default("prod"),
    region: z
      .string()
      .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "is no AWS region (such as ap-southeast-1)")
      .default("ap-southeast-1"),
    /** Who is told of alarms and of the budget. */
    email: z.email("is no e-mail address").optional(),
    /** US dollars a month, past which the budget tells. */
    budget: whole(1).default(20),
    siteDomain: domain.optional(),
    siteCertificate: certificate.optional(),
    apiDomain: domain.optional(),
    apiCertificate: certificate.optional(),
    /** Sets concurrency aside for each function. Off: a new account has none to spare. */
    reserve: flag.default(false),
    /** The deployment's number (DEPLOY_EPOCH): `npm run deploy` raises it when pages look different. */
    epoch: whole(1).default(1),
    /** A table that was restored from a backup, to be used instead of the stack's own. */
    table: z
      .string()
      .regex(/^[A-Za-z0-9_.-]{3,255}$/, "is no name of a table")
      .optional(),
    /** The restored table's stream. */
    tableStream: z
      .string()
      .regex(/^arn:aws:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9_.-]+\/stream\/[0-9T:.-]+$/, "is no ARN of a stream")
      .optional(),
  })
  .superRefine((given, context) => {
    const fault = (name: string, message: string): void => context.addIssue({ code: "custom", path: [name], message });
    for (const host of ["site", "api"] as const)
      if ((given[`${host}Domain`] === undefined) !== (given[`${host}Certificate`] === undefined))
        fault(`${host}Domain`, `and ${host}Certificate come together or not at all`);
    if (given.siteCertificate && regionOf(given.siteCertificate) !== CDN_REGION)
      fault("siteCertificate", `must be of ${CDN_REGION}: CloudFront reads certificates there`);
    if (given.apiCertificate && regionOf(given.apiCertificate) !== given.region)
      fault("apiCertificate", `must be of ${given.region}, where the API is`);
    if ((given.table === undefined) !== (given.tableStream === undefined))
      fault("table", "and tableStream come together or not at all");
    if (given.table && given.tableStream && !isStreamOf(given.tableStream, given.region, given.table))
      fault("tableStream", `must be the stream of ${given.table} in ${given.region}`);
    if (given.siteDomain !== undefined && given.siteDomain === given.apiDomain)
      fault("apiDomain", "must be another host than siteDomain");
  });
export type Settings = z.output<typeof settings>;
export type SettingName = keyof Settings;

/** The names of {@link Settings}, in their order. */
export const SETTING_NAMES = Object.keys(settings.shape) as SettingName[];

/** What is wrong with settings: one plain sentence a fault. */
export class SettingsFault extends Error {
  readonly faults: string[];
  constructor(faults: string[]) {
    super(faults.join("\n"));
    this.name = "SettingsFault";
    this.faults = faults;
  }
}

/** The settings that have a value (an empty text is none), as they were given. */
export const givenSettings = (valueOf: (name: string) => unknown): Record<string, unknown> =>
  Object.fromEntries(
    SETTING_NAMES.flatMap((name) => {
      const value = valueOf(name);
      return value === undefined || value === "" ? [] : [[name, value] as const];
    }),
  );

/** Settings out of named values (undefined: not given); throws {@link SettingsFault} that names every fault at once. */
export const readSettings = (valueOf: (name: string) => unknown): Settings => {
  const parsed = settings.safeParse(givenSettings(valueOf));
  if (parsed.success) return parsed.data;
  throw new SettingsFault(parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}.`));
};
