import type { Settings } from "../settings.ts";
import { functions } from "../topology.ts";
import { type CertificateFact, certificateFindings } from "./certificate.ts";
import type { Facts, Quota } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { sealingKeyFindings } from "./sealing-key.ts";
import { stackFault } from "./stack.ts";
import { type Looked, sayTrouble } from "./trouble.ts";

/** What the stack's assembly asks of CDK's bootstrap stack: aws-cdk-lib's default synthesizer writes it there, and a test compares. */
export const BOOTSTRAP_NEEDED = 6;

/** What Lambda keeps for functions that set nothing aside (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). */
export const LAMBDA_KEEPS = 100;

/** What `--reserve` sets aside, over all functions. */
export const RESERVED = Object.values(functions).reduce((sum, { reserve }) => sum + reserve, 0);

/** Shards of a new table's stream, one for each of its partitions; and so the renderers that may run at once. */
const NEW_TABLE_SHARDS = 4;
export const RENDERERS = functions.render.triggers.reduce(
  (sum, { type, parallel }) => sum + parallel * (type === "stream" ? NEW_TABLE_SHARDS : 1),
  0,
);

/** Where everything goes; `sealingKey` is the name of a parameter. */
export type Place = { account: string; region: string; stack: string; sealingKey: string };

/** Something that was not looked up, because a right is missing or AWS stumbled: told, and no reason to stop. */
const unseen = <Value>(looked: Looked<Value>, consequence: string): Finding[] =>
  looked.known
    ? []
    : [
        {
          kind: "warning",
          text:
            looked.trouble.kind === "denied"
              ? `These credentials may not ${looked.action}: ${consequence}`
              : `${sayTrouble(looked.trouble, `answer ${looked.action}`)} So ${consequence}`,
        },
      ];

export const bootstrapFindings = ({ bootstrap }: Pick<Facts, "bootstrap">, { account, region }: Place): Finding[] => {
  if (!bootstrap.known)
    return unseen(bootstrap, "it is not known whether the CDK is bootstrapped here; without it the deployment fails.");
  const version = bootstrap.value;
  if (version !== undefined && version >= BOOTSTRAP_NEEDED) return [];
  const what =
    version === undefined
      ? `The account ${account} is not bootstrapped for the CDK in ${region}`
      : `The CDK's bootstrap of ${account} in ${region} is too old (version ${version}; ${BOOTSTRAP_NEEDED} is needed)`;
  return [{ kind: "fault", text: `${what}: run  npx cdk bootstrap aws://${account}/${region}  once.` }];
};

/** Without the stack's outputs a deployment would forget its domains and begin again at epoch 1: then it must not be. */
export const stackFindings = ({ stack }: Pick<Facts, "stack">, { stack: name, region }: Place): Finding[] => {
  if (!stack.known)
    return [
      {
        kind: "fault",
        text: `The stack ${name} could not be read, and without its settings they would be undone: ${sayTrouble(stack.trouble, "read it (cloudformation:DescribeStacks)")}`,
      },
    ];
  const fault = stack.value && stackFault(name, region, stack.value);
  return fault ? [{ kind: "fault", text: fault }] : [];
};

const MORE_CONCURRENCY = (region: string): string =>
  `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ${region}`;

/** `reservedNow`: whether the deployed stack has set its share aside already. */
export const quotaFindings = (
  { quota }: { quota: Looked<Quota> },
  { reserve, reservedNow }: { reserve: boolean; reservedNow: boolean },
  { region }: Place,
): Finding[] => {
  if (!quota.known)
    return unseen(
      quota,
      "it is not known how many functions may run at once; a new account's 10 are few, and too few for --reserve.",
    );
  const { limit, unreserved } = quota.value;
  const needed = reserve && !reservedNow ? RESERVED : 0;
  if (needed > 0 && unreserved - needed < LAMBDA_KEEPS)
    return [
      {
        kind: "fault",
        text: `--reserve sets ${needed} of Lambda's concurrency aside, and Lambda keeps ${LAMBDA_KEEPS} for other functions, but only ${unreserved} are free in ${region}: deploy without --reserve (--no-reserve), or ask for more (${MORE_CONCURRENCY(region)}).`,
      },
    ];
  return limit < LAMBDA_KEEPS
    ? [
        {
          kind: "note",
          text: `This account may run ${limit} functions at once in ${region} (new accounts have 10). Readers never notice; while many photos or a bulk import come in at once (the renderer alone may take ${RENDERERS}), the API may answer that it is busy. More is free, for the asking: ${MORE_CONCURRENCY(region)}`,
        },
      ]
    : [];
};

export const emailFindings = ({ stage, email }: Pick<Settings, "stage" | "email">): Finding[] =>
  stage === "prod" && email === undefined
    ? [{ kind: "fault", text: "Stage prod needs --email ADDRESS: nobody would hear an alarm." }]
    : [];

/**
 * A restored table is the newspaper. The stack's own left the template when that one came, and stays in the account; without
 * either the stack would make a third, the site would be founded anew, and its empty pages would be written over the live ones.
 */
export const tableFindings = ({ stage, table, tableNow }: Pick<Wish, "stage" | "table" | "tableNow">): Finding[] =>
  stage === "prod" && tableNow !== undefined && table === undefined
    ? [
        {
          kind: "fault",
          text: `The restored table ${tableNow} is the newspaper now, and stays: without it the stack would make an empty table, and write its empty pages over those that stand. Deploy without --no-table; to change to another table, name that one with --table and --table-stream.`,
        },
      ]
    : [];

/** What is to be deployed; `...Now`: what is. `remembered`: whether all that the deployed stack keeps is known; else an address may be there. */
export type Wish = Pick<Settings, "stage" | "email" | "reserve" | "table"> & {
  reservedNow: boolean;
  tableNow: string | undefined;
  remembered: boolean;
};

/** All that speaks for or against deploying with these settings. Pure: the same facts give the same findings. */
export const preflight = (
  facts: Facts & { certificates: readonly CertificateFact[] },
  wish: Wish,
  place: Place,
): Finding[] => [
  ...stackFindings(facts, place),
  ...bootstrapFindings(facts, place),
  ...quotaFindings(facts, wish, place),
  ...(wish.remembered ? emailFindings(wish) : []),
  ...tableFindings(wish),
  ...sealingKeyFindings({ name: place.sealingKey, type: facts.sealingKey }, place.region),
  ...facts.certificates.flatMap((fact) => certificateFindings(fact, place.account)),
];
