import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { LAMBDA_KEEPS, RENDERERS, RESERVED } from "../../infra/deploy/preflight.ts";
import { functions } from "../../infra/topology.ts";
import { ACCOUNT } from "./aws/account.ts";
import { operatorShell } from "./aws/environment.ts";
import {
  API,
  API_CERTIFICATE,
  EMAIL,
  newOperator,
  type Operator,
  SITE,
  SITE_CERTIFICATE,
  STREAM,
} from "./aws/operator.ts";

let at: Operator;
beforeEach(async () => {
  at = await newOperator();
});
afterEach(() => at.close());

describe("before a deployment", () => {
  test("all that is well is said, and nothing is asked or done", async () => {
    at.certificate(SITE_CERTIFICATE, ["example.org", "*.example.org"]);
    at.certificate(API_CERTIFICATE, ["api.example.org"]);
    const { status, out, wrong, questions } = await at.run(
      ["--preflight", ...EMAIL, ...SITE, ...API, "--reserve"],
      "y",
    );
    expect(wrong).toBe("");
    expect(status).toBe(0);
    expect(out).toContain(`Account   ${ACCOUNT} (arn:aws:iam::${ACCOUNT}:user/it)`);
    expect(out).toContain("Region    ap-southeast-1 (the default: --region or AWS_REGION would choose another)");
    expect(out).toContain("Stack     Broadsheet-prod, new");
    expect(out).toContain("Secrets   makes the parameter /Broadsheet-prod/sealing-key: ");
    expect(out).toContain("Pages     the first deployment: epoch 1");
    expect(out).toContain("--email desk@example.org --site-domain news.example.org");
    expect(out).toContain("Nothing stands in the way of a deployment.");
    expect(out).not.toMatch(/FAULT|Warning|Note/);
    expect(questions).toEqual([]);
    expect(at.cdk.runs()).toEqual([]);
    expect(at.account.asked.sort()).toEqual([
      "acm:DescribeCertificate ap-southeast-1",
      "acm:DescribeCertificate us-east-1",
      "cloudformation:DescribeStacks ap-southeast-1",
      "lambda:GetAccountSettings ap-southeast-1",
      "ssm:GetParameter ap-southeast-1",
      "ssm:GetParameter ap-southeast-1",
      "sts:GetCallerIdentity ap-southeast-1",
    ]);
  });

  type Case = [name: string, prepare: () => void, argv: string[], sentence: string];
  const remove = "aws cloudformation delete-stack --stack-name Broadsheet-prod --region ap-southeast-1";
  const unprotect =
    "aws cloudformation update-termination-protection --no-enable-termination-protection --stack-name Broadsheet-prod --region ap-southeast-1";
  const state =
    (status: string, isProtected = false): (() => void) =>
    () =>
      void at.account.stacks.set("Broadsheet-prod", { status, protected: isProtected });
  const cases: Case[] = [
    [
      "no credentials",
      () => operatorShell(at.url, {}),
      EMAIL,
      "No AWS credentials were found: log in (aws sso login, or aws configure) and name the profile in AWS_PROFILE if it is not the default one.",
    ],
    [
      "expired credentials",
      () => void (at.account.credentials = "expired"),
      EMAIL,
      "The AWS credentials have expired: log in again (aws sso login, or new keys in the environment).",
    ],
    [
      "unknown credentials",
      () => void (at.account.credentials = "unknown"),
      EMAIL,
      "AWS does not know these credentials: they are mistyped, revoked, or of another partition; log in again or make new ones.",
    ],
    [
      "a region that is not enabled",
      () => at.account.disabled.add("ap-east-1"),
      [...EMAIL, "--region", "ap-east-1"],
      "The region ap-east-1 is not enabled for this account: enable it (AWS console, Account, AWS Regions; it takes minutes), or choose another with --region.",
    ],
    [
      "nobody answers",
      () => operatorShell("http://127.0.0.1:1"),
      EMAIL,
      "AWS cannot be reached (ECONNREFUSED): look at the network, its proxy and AWS_ENDPOINT_URL.",
    ],
    [
      "an account that is not bootstrapped",
      () => void (at.account.bootstrap = undefined),
      EMAIL,
      `The account ${ACCOUNT} is not bootstrapped for the CDK in ap-southeast-1: run  npx cdk bootstrap aws://${ACCOUNT}/ap-southeast-1  once.`,
    ],
    [
      "a bootstrap of old",
      () => void (at.account.bootstrap = "5"),
      EMAIL,
      `The CDK's bootstrap of ${ACCOUNT} in ap-southeast-1 is too old (version 5; 6 is needed): run  npx cdk bootstrap aws://${ACCOUNT}/ap-southeast-1  once.`,
    ],
    [
      "a first deployment that failed",
      state("ROLLBACK_COMPLETE", true),
      EMAIL,
      `The stack Broadsheet-prod is in state ROLLBACK_COMPLETE: its first deployment failed; read in its events why (CloudFormation console, Events), remove it (${unprotect} && ${remove}), wait until it is gone and deploy again.`,
    ],
    [
      "a first deployment that was broken off",
      state("REVIEW_IN_PROGRESS"),
      EMAIL,
      `The stack Broadsheet-prod is in state REVIEW_IN_PROGRESS: its first deployment is being prepared or was broken off; if nobody is at it, remove the empty stack (${remove}) and deploy again.`,
    ],
    [
      "somebody else's deployment",
      () => at.deployed({ email: "desk@example.org" }, {}, "UPDATE_IN_PROGRESS"),
      [],
      "The stack Broadsheet-prod is in state UPDATE_IN_PROGRESS: somebody's deployment (or its undoing) is at work; wait until it is through (aws cloudformation describe-stacks --query Stacks[0].StackStatus --stack-name Broadsheet-prod --region ap-southeast-1) and deploy again.",
    ],
    [
      "an undoing that failed",
      () => at.deployed({ email: "desk@example.org" }, {}, "UPDATE_ROLLBACK_FAILED"),
      [],
      "The stack Broadsheet-prod is in state UPDATE_ROLLBACK_FAILED: an update failed and so did its undoing; mend what its events name, then finish the undoing (aws cloudformation continue-update-rollback --stack-name Broadsheet-prod --region ap-southeast-1) and deploy again.",
    ],
    [
      "an update left half done",
      () => at.deployed({ email: "desk@example.org" }, {}, "UPDATE_FAILED"),
      [],
      "an update was left half done; undo it (aws cloudformation rollback-stack --stack-name Broadsheet-prod --region ap-southeast-1), wait until it is UPDATE_ROLLBACK_COMPLETE and deploy again.",
    ],
    [
      "a deletion that stopped",
      state("DELETE_FAILED"),
      EMAIL,
      `The stack Broadsheet-prod is in state DELETE_FAILED: its deletion stopped half way; mend what its events name, delete it again (${remove}) and then deploy.`,
    ],
    [
      "a stack that is not ours",
      () => void at.account.stacks.set("Broadsheet-prod", { status: "CREATE_COMPLETE", outputs: { Bucket: "b" } }),
      [],
      "The stack Broadsheet-prod does not say how it was deployed (its outputs Settings and DeployEpoch): it is not one of Broadsheet's, or was changed by hand; deploy it once with npx cdk deploy, all its settings as -c NAME=VALUE and a higher epoch.",
    ],
    [
      "a stack that may not be read",
      () => at.account.denied.add("cloudformation:DescribeStacks"),
      [],
      "The stack Broadsheet-prod could not be read, and without its settings they would be undone: These AWS credentials may not read it (cloudformation:DescribeStacks): ask for the right, or use the credentials of an administrator",
    ],
    [
      "more concurrency set aside than there is",
      () => void (at.account.quota = { limit: 130, unreserved: 130 }),
      [...EMAIL, "--reserve"],
      `--reserve sets ${RESERVED} of Lambda's concurrency aside, and Lambda keeps 100 for other functions, but only 130 are free in ap-southeast-1: deploy without --reserve (--no-reserve), or ask for more (aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000 --region ap-southeast-1).`,
    ],
    [
      "prod without its restored table",
      () => at.deployed({ email: "desk@example.org", table: "restored", tableStream: STREAM }),
      ["--no-table"],
      "The restored table restored is the newspaper now, and stays: without it the stack would make an empty table, and write its empty pages over those that stand. Deploy without --no-table; to change to another table, name that one with --table and --table-stream.",
    ],
    [
      "prod without its restored table's stream",
      () => at.deployed({ email: "desk@example.org", table: "restored", tableStream: STREAM }),
      ["--no-table-stream"],
      "The restored table restored is the newspaper now",
    ],
    [
      "a number below the deployed one",
      () => at.deployed({ email: "desk@example.org" }),
      ["--epoch", "3"],
      "--epoch 3 is too low: without it this deployment is epoch 4,",
    ],
    [
      "a number that a deployment may have had that was undone",
      () => at.deployed({ email: "desk@example.org" }, {}, "UPDATE_ROLLBACK_COMPLETE"),
      ["--epoch", "4"],
      "--epoch 4 is too low: without it this deployment is epoch 5, and pages may stand that a lower one leaves alone; give 5 or more, or leave it out.",
    ],
    ["prod without an e-mail address", () => {}, [], "Stage prod needs --email ADDRESS: nobody would hear an alarm."],
    [
      "a certificate that is not there",
      () => {},
      [...EMAIL, ...SITE],
      "--site-certificate: ACM has no such certificate in us-east-1; copy its ARN from the ACM console.",
    ],
    [
      "a certificate that is not issued",
      () => at.certificate(API_CERTIFICATE, ["api.example.org"], "PENDING_VALIDATION"),
      [...EMAIL, ...API],
      "--api-certificate: the certificate is not issued yet (PENDING_VALIDATION); make the DNS record that the ACM console shows for it, and wait until it says Issued.",
    ],
    [
      "a certificate that has ended",
      () => at.certificate(SITE_CERTIFICATE, ["news.example.org"], "EXPIRED"),
      [...EMAIL, ...SITE],
      "--site-certificate: the certificate is EXPIRED; ask ACM for a new one and give its ARN.",
    ],
    [
      "a certificate for another domain",
      () => at.certificate(SITE_CERTIFICATE, ["example.org", "*.news.example.org"]),
      [...EMAIL, ...SITE],
      "--site-certificate: the certificate is for example.org, *.news.example.org and not for news.example.org; ask ACM for one that names it.",
    ],
    [
      "a certificate in the wrong region",
      () => at.certificate(API_CERTIFICATE, ["news.example.org"]),
      [...EMAIL, "--site-domain", "news.example.org", "--site-certificate", API_CERTIFICATE],
      "--site-certificate must be of us-east-1: CloudFront reads certificates there.",
    ],
    [
      "a certificate of another account",
      () => {},
      [
        ...EMAIL,
        "--site-domain",
        "news.example.org",
        "--site-certificate",
        SITE_CERTIFICATE.replace(ACCOUNT, "999999999999"),
      ],
      `--site-certificate: the certificate is of account 999999999999, not of ${ACCOUNT}; ask ACM for one here.`,
    ],
    [
      "a domain without a certificate",
      () => {},
      [...EMAIL, "--site-domain", "news.example.org"],
      "--site-domain and --site-certificate come together or not at all.",
    ],
    [
      "the stream of another table",
      () => {},
      [...EMAIL, "--table", "other", "--table-stream", STREAM],
      "--table-stream must be the stream of other in ap-southeast-1.",
    ],
  ];
  test.each(cases)("%s: one sentence, status 1, nothing done", async (_, prepare, argv, sentence) => {
    prepare();
    const { status, wrong } = await at.run([...argv, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain(sentence);
    expect(wrong.match(/^FAULT/gm)?.length ?? 1).toBe(1);
    expect(at.cdk.runs()).toEqual([]);
  });

  test("all faults are told at once", async () => {
    at.account.bootstrap = undefined;
    at.account.stacks.set("Broadsheet-prod", { status: "ROLLBACK_COMPLETE" });
    at.account.quota = { limit: 10, unreserved: 10 };
    const { status, wrong } = await at.run(["--reserve", ...SITE, ...API, "--preflight"]);
    expect(status).toBe(1);
    for (const part of [
      "ROLLBACK_COMPLETE",
      "npx cdk bootstrap",
      "--reserve sets",
      "--email",
      "--site-certificate",
      "--api-certificate",
    ])
      expect(wrong).toContain(part);
    expect(wrong).toContain("Nothing was deployed: 6 faults to mend first.");
  });

  test("a right that is missing for a look is a warning, and a new account's ten functions are a note", async () => {
    at.account.denied = new Set(["ssm:GetParameter", "lambda:GetAccountSettings", "acm:DescribeCertificate"]);
    const warned = await at.run([...EMAIL, ...SITE, "--preflight"]);
    expect(warned.status).toBe(0);
    expect(warned.wrong).toBe("");
    for (const part of [
      "These credentials may not ssm:GetParameter: it is not known whether the CDK is bootstrapped here",
      "These credentials may not lambda:GetAccountSettings: it is not known how many functions",
      "--site-certificate could not be looked at (acm:DescribeCertificate: denied)",
    ])
      expect(warned.out).toContain(`Warning  ${part}`);

    at.account.denied = new Set();
    at.account.quota = { limit: 10, unreserved: 10 };
    const noted = await at.run([...EMAIL, "--preflight"]);
    expect(noted.status).toBe(0);
    expect(noted.out).toContain(
      "Note     This account may run 10 functions at once in ap-southeast-1 (new accounts have 10).",
    );
    expect(noted.out).toContain("--quota-code L-B99A9384");
    expect(noted.out).toContain(
      `while many photos or a bulk import come in at once (the renderer alone may take ${RENDERERS})`,
    );
  });

  test("the figures are those of the documents, and each trigger of the renderer has its share", () => {
    const document = readFileSync("infra/docs/deploying.md", "utf8");
    expect(document).toContain(`a quota of ${RESERVED + LAMBDA_KEEPS} or more`);
    expect(document).toContain(`the renderer alone may take ${RENDERERS}`);
    expect(RENDERERS).toBe(15);
    expect(functions.render.reserve).toBeGreaterThanOrEqual(RENDERERS);
  });

  test("dev needs no address, and what is set aside already is not counted again", async () => {
    expect((await at.run(["--stage", "dev", "--preflight"])).status).toBe(0);
    at.account.quota = { limit: 140, unreserved: 140 - RESERVED };
    at.deployed({ email: "desk@example.org", reserve: "true" });
    expect((await at.run(["--preflight"])).wrong).toBe("");
    at.deployed({ email: "desk@example.org" });
    expect((await at.run(["--preflight", "--reserve"])).wrong).toContain("--reserve sets");
  });
});
