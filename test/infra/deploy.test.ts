import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { pagesDigest } from "../../infra/build/pages-digest.ts";
import { nextEpoch } from "../../infra/deploy/epoch.ts";
import { ensureTable, type LocalDynamo, startDynamo } from "../../infra/local/dynamo.ts";
import { systemClock } from "../../shared/runtime/clock.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import { loadSite } from "../../shared/store/site.ts";
import { ACCOUNT } from "./aws/account.ts";
import { API, API_CERTIFICATE, EMAIL, newOperator, type Operator, SITE_CERTIFICATE, STREAM } from "./aws/operator.ts";

let dir = "";
let dynamo: LocalDynamo;
/** What the deployed pages are made of, and those of this version: the same, unless a test says otherwise. */
let PagesDigest = "";
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  dynamo = await startDynamo(join(dir, "dynamo.db"));
  PagesDigest = await pagesDigest();
});
afterAll(async () => {
  await dynamo.close();
  rmSync(dir, { recursive: true, force: true });
});

let at: Operator;
beforeEach(async () => {
  at = await newOperator({ AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint });
});
afterEach(() => at.close());

let tables = 0;
/** What a deployment leaves: a new table, empty as CloudFormation makes it, and addresses. */
const outputs = async (more: Record<string, string> = {}): Promise<Record<string, string>> => {
  const TableName = `deployed-${++tables}`;
  const client = new DynamoDBClient({ region: "ap-southeast-1", endpoint: dynamo.endpoint });
  await ensureTable(client, TableName);
  client.destroy();
  return { TableName, SiteUrl: "https://d1.cloudfront.net", ApiUrl: "https://a1.execute-api.example", ...more };
};

const siteIn = async (table: string) => {
  const client = new DynamoDBClient({ region: "ap-southeast-1", endpoint: dynamo.endpoint });
  const site = await loadSite(dynamoTable(client, table, systemClock), "https://d1.cloudfront.net");
  client.destroy();
  return site;
};

describe("a deployment", () => {
  test("is asked for, then runs the CDK, founds the house and says what comes next", async () => {
    at.certificate(SITE_CERTIFICATE, ["example.org"]);
    at.certificate(API_CERTIFICATE, ["*.example.org"]);
    const domains = {
      DistributionDomain: "d1.cloudfront.net",
      ApiTarget: "d-1.execute-api.ap-southeast-1.amazonaws.com",
    };
    const left = await outputs(domains);
    at.cdk.next({ stack: "Broadsheet-prod", outputs: left });
    const argv = [
      ...EMAIL,
      "--site-domain",
      "example.org",
      "--site-certificate",
      SITE_CERTIFICATE,
      ...API,
      "--budget",
      "50",
    ];

    const refused = await at.run(argv, "");
    expect(refused.status).toBe(1);
    expect(refused.questions).toEqual([
      `\nDeploy to account ${ACCOUNT}, ap-southeast-1 (a quarter of an hour)? [y/N] `,
    ]);
    expect(refused.out).toContain("Nothing was deployed.");
    const alone = await at.run(argv);
    expect(alone.status).toBe(1);
    expect(alone.wrong).toContain("nobody is there to be asked, and --yes was not given");
    expect(at.cdk.runs()).toEqual([]);

    const { status, out, wrong } = await at.run(argv, "y");
    expect(wrong).toBe("");
    expect(status).toBe(0);
    const told = `deploy Broadsheet-prod --require-approval never --outputs-file ${join("dist", "deploy", "Broadsheet-prod.json")}
      -c stage=prod -c region=ap-southeast-1 -c email=desk@example.org -c budget=50
      -c siteDomain=example.org -c siteCertificate=${SITE_CERTIFICATE}
      -c apiDomain=api.example.org -c apiCertificate=${API_CERTIFICATE} -c epoch=1`;
    expect(at.cdk.runs()).toEqual([{ region: "ap-southeast-1", args: told.split(/\s+/) }]);
    expect(out).toContain("Site  https://d1.cloudfront.net\nAPI   https://a1.execute-api.example");
    expect(out).toContain(
      "  example.org  CNAME  d1.cloudfront.net  (an ALIAS record, if this is the top of your domain)",
    );
    expect(out).toContain(`  api.example.org  CNAME  ${domains.ApiTarget}\n`);
    expect(out).toContain("AWS has written to desk@example.org: confirm that mail");
    expect(out).toContain(
      `npm run keys -- create --role admin --name "Your name" --stage prod --region ap-southeast-1`,
    );
    const site = await siteIn(left["TableName"] ?? "");
    expect(site.version).toBe(1);
    expect(site.sections.length).toBeGreaterThan(0);
  });

  test("keeps what the stack remembers, overrides what is given now, and drops what is to go, a domain with its certificate", async () => {
    at.certificate(SITE_CERTIFICATE, ["*.example.org"]);
    const remembered = {
      email: "desk@example.org",
      budget: 35,
      siteDomain: "news.example.org",
      siteCertificate: SITE_CERTIFICATE,
      reserve: "true",
      table: "restored",
      tableStream: STREAM,
      oddity: "of a newer version",
    };
    at.cdk.next({ stack: "Broadsheet-prod", outputs: await outputs() });
    const contextAfter = async (...argv: string[]): Promise<Record<string, string>> => {
      at.deployed(remembered, { PagesDigest });
      const { status, wrong } = await at.run([...argv, "--yes"]);
      expect(wrong).toBe("");
      expect(status).toBe(0);
      return at.cdk.context();
    };
    const all = {
      stage: "prod",
      region: "ap-southeast-1",
      email: "desk@example.org",
      budget: "35",
      siteDomain: "news.example.org",
      siteCertificate: SITE_CERTIFICATE,
      reserve: "true",
      epoch: "3",
      table: "restored",
      tableStream: STREAM,
    };
    expect(await contextAfter()).toEqual(all);
    expect(await contextAfter("--email", "night@example.org", "--budget", "60")).toEqual({
      ...all,
      email: "night@example.org",
      budget: "60",
    });
    const {
      siteDomain: _domain,
      siteCertificate: _certificate,
      reserve: _reserve,
      table: _table,
      tableStream: _stream,
      ...bare
    } = all;
    const kept = { table: "restored", tableStream: STREAM };
    expect(await contextAfter("--no-site-domain", "--no-reserve")).toEqual({ ...bare, ...kept });
    const other = { table: "other", tableStream: STREAM.replace("restored", "other") };
    expect(
      await contextAfter(
        "--no-site-domain",
        "--no-reserve",
        "--table",
        other.table,
        "--table-stream",
        other.tableStream,
      ),
    ).toEqual({ ...bare, ...other });
  });

  test("keeps its epoch while pages are made of the same, and is a new one when they are not, a rollback too", async () => {
    at.cdk.next({ stack: "Broadsheet-prod", outputs: await outputs() });
    const kept = { email: "desk@example.org" };
    at.deployed(kept, { PagesDigest });
    const same = await at.run(["--yes"]);
    expect(same.out).toContain("Pages     look as deployed: epoch 3 stays");
    expect(at.cdk.context()["epoch"]).toBe("3");
    expect(same.out).toContain("Stack     Broadsheet-prod, an update (now UPDATE_COMPLETE)");
    expect(same.out).not.toContain("AWS has written");
    expect(same.out).toContain("For another key:");

    at.deployed(kept, { PagesDigest: "0123456789abcdef", DeployEpoch: "7" });
    const changed = await at.run(["--yes"]);
    expect(changed.out).toContain("epoch 7 becomes 8; each page follows when it is rendered next");
    expect(at.cdk.context()["epoch"]).toBe("8");

    at.deployed(kept, { PagesDigest }, "UPDATE_ROLLBACK_COMPLETE");
    const undone = await at.run(["--yes"]);
    expect(undone.out).toContain("the last deployment was undone, and may have written some: epoch 3 becomes 5");
    expect(at.cdk.context()["epoch"]).toBe("5");

    at.deployed(kept, { PagesDigest });
    const moved = await at.run(["--yes", "--email", "night@example.org"]);
    expect(moved.out).toContain("AWS has written to night@example.org: confirm that mail");

    const history = ["a", "b", "a"].reduce<{ epoch?: number; digest?: string }[]>(
      (past, next) => [...past, { ...nextEpoch(past.at(-1) ?? {}, next), digest: next }],
      [],
    );
    expect(history.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  test("has the number that --epoch says, and no lower one than it would have anyhow", async () => {
    at.cdk.next({ stack: "Broadsheet-prod", outputs: await outputs() });
    const first = await at.run([...EMAIL, "--yes", "--epoch", "41"]);
    expect(first.wrong).toBe("");
    expect(first.out).toContain("Pages     the first deployment: epoch 41, as --epoch says");
    expect(at.cdk.context()["epoch"]).toBe("41");

    at.deployed({ email: "desk@example.org" }, { PagesDigest });
    const raised = await at.run(["--yes", "--epoch", "042"]);
    expect(raised.out).toContain("Pages     epoch 3 becomes 42, as --epoch says");
    expect(at.cdk.context()["epoch"]).toBe("42");
    const same = await at.run(["--yes", "--epoch", "3"]);
    expect(same.out).toContain("Pages     look as deployed: epoch 3 stays");
    expect(at.cdk.context()["epoch"]).toBe("3");
  });

  test("in dev may forget its restored table", async () => {
    at.cdk.next({ stack: "Broadsheet-dev", outputs: await outputs() });
    at.deployed({ stage: "dev", table: "restored", tableStream: STREAM }, { PagesDigest });
    expect((await at.run(["--stage", "dev", "--no-table", "--yes"])).wrong).toBe("");
    expect(at.cdk.context()).toEqual({ stage: "dev", region: "ap-southeast-1", epoch: "3" });
  });

  test("that fails after others says that what came back leaves some pages alone; a first one has none", async () => {
    const again = "run npm run deploy again soon, the cause mended or with the old version.";
    at.cdk.next({ status: 1 });
    expect((await at.run([...EMAIL, "--yes"])).wrong).not.toContain(again);
    at.deployed({ email: "desk@example.org" }, { PagesDigest: "0123456789abcdef" });
    const { status, wrong } = await at.run(["--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain(
      "what was deployed before goes on running. But the new version may have written pages already",
    );
    expect(wrong).toContain(again);
  });

  test.each([
    [3, "The deployment failed (cdk ended with status 3), and the reason stands above."],
    [130, "Broken off here; what CloudFormation has begun, it goes on with."],
  ])("that ends with status %i says so, and leaves the table alone", async (ending, sentence) => {
    at.cdk.next({ status: ending });
    const { status, wrong, out } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toContain(sentence);
    expect(out).not.toContain("npm run keys");
  });

  test("needs the CDK, and says where it comes from", async () => {
    at.cdk.close();
    const { status, wrong } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(wrong).toBe("The CDK could not be started: run npm ci, which brings it, and then this again.");
  });

  test("without a right to the table is through, and says what is left to do", async () => {
    at.cdk.next({ stack: "Broadsheet-prod", outputs: { ...(await outputs()), TableName: "no-such-table" } });
    const { status, wrong, out } = await at.run([...EMAIL, "--yes"]);
    expect(status).toBe(1);
    expect(out).toContain("Site  https://d1.cloudfront.net");
    expect(wrong).toContain("All is deployed, but the site has no title and no sections yet.");
    expect(wrong).toContain("write to the table no-such-table");
  });

  test("a second time does not found the house again", async () => {
    const left = await outputs();
    at.cdk.next({ stack: "Broadsheet-dev", outputs: left });
    expect((await at.run(["--stage", "dev", "--yes"])).status).toBe(0);
    expect((await at.run(["--stage", "dev", "--yes"])).status).toBe(0);
    expect((await siteIn(left["TableName"] ?? "")).version).toBe(1);
  });
});
