import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LocalClients, localClients } from "../../infra/local/clients.ts";
import type { Wrap } from "../../infra/local/functions.ts";
import { localArnOf } from "../../infra/local/iam/arns.ts";
import type { Access } from "../../infra/local/iam/guard.ts";
import { policyOf, statementsOf } from "../../infra/policies.ts";
import { functions, type FunctionName } from "../../infra/topology.ts";
import { KEY_PK } from "../../shared/store/layout.ts";
import { ssmParameters } from "../../shared/store/parameters.ts";
import { sealingKey } from "../../shared/store/sealing-key.ts";
import { testHouse, type TestHouse } from "../house.ts";
import { foreignWeb } from "../fixtures/foreign-web.ts";
import { everything } from "./flows.ts";
import { faultOf, knowsCondition } from "./iam-data.ts";
import type { Web } from "./webhook-flows.ts";

const FUNCTIONS = Object.keys(functions) as FunctionName[];
const names = {
  table: "broadsheet",
  contentBucket: "content",
  mediaBucket: "media",
  siteBucket: "site",
  sealingKeyParameter: "/Broadsheet-local/sealing-key",
  distributionId: "LOCAL",
};
/** Every action of every function on each of its resources; a `*` stands at the end of a resource or nowhere. */
const rights = FUNCTIONS.flatMap((name) =>
  statementsOf(name).flatMap(({ actions, targets, by, listPrefixes }) =>
    actions.flatMap((action) =>
      targets.map((target) => ({ name, action, resource: localArnOf(name, names)(target), by, listPrefixes })),
    ),
  ),
);
const covers = (pattern: string, resource: string): boolean =>
  pattern.endsWith("*") ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern;

/** Rights that AWS's reference does not know as such, and why they are asked for all the same. */
const UNKNOWN: Record<string, string> = {
  "dynamodb:ListStreams":
    "The reference has it on no resource; AWS's example for functions that read a stream has it on the stream, which is less than *.",
};
/** Rights that no flow of this test uses, and why they are granted all the same. */
const UNUSED: Record<string, string> = {};

describe("what the policies say", () => {
  test("are actions that exist, on things that they are about", async () => {
    const faults = new Map<string, string>();
    for (const { action, resource } of rights) {
      const fault = await faultOf(action, resource);
      if (fault !== undefined) faults.set(action, fault);
    }
    expect([...faults.keys()], [...faults.values()].join("\n")).toEqual(Object.keys(UNKNOWN));
    expect(rights.length).toBeGreaterThan(40);
  });

  test.each([
    ["s3:GetObjekt", "arn:aws:s3:::site/*", "there is no"],
    ["s4:GetObject", "arn:aws:s3:::site/*", "there is no"],
    ["s3:getObject", "arn:aws:s3:::site/*", "is written"],
    ["s3:GetObject", "arn:aws:s3:::site", "is not about"],
    ["s3:ListBucket", "arn:aws:s3:::site/*", "is not about"],
    ["dynamodb:GetItem", "arn:aws:dynamodb:local:000000000000:table/broadsheet/index/due", "is not about"],
    ["dynamodb:Query", "arn:aws:dynamodb:local:000000000000:table/broadsheet/stream/*", "is not about"],
    ["sqs:SendMessage", "arn:aws:s3:::site", "is not about"],
    ["dynamodb:ListStreams", "arn:aws:dynamodb:local:000000000000:table/broadsheet/stream/*", "is not about"],
  ])("this test would see %s on %s", async (action, resource, fault) => {
    expect(await faultOf(action, resource)).toContain(fault);
  });

  test("asks for partitions only of actions that IAM tells them of, and keeps API keys to the API", async () => {
    const covering: string[] = [];
    for (const name of FUNCTIONS)
      for (const { leadingKeys, actions, targets } of statementsOf(name)) {
        for (const action of leadingKeys ? actions : [])
          expect(await knowsCondition(action, "dynamodb:LeadingKeys"), action).toBe(true);
        const mayAll = targets.some(({ kind }) => kind === "table") && (leadingKeys ?? ["*"]);
        if (mayAll && mayAll.some((pattern) => covers(pattern, KEY_PK))) covering.push(name);
      }
    // Whoever holds strangers' bytes, or what readers see, makes no keys.
    expect(covering).toEqual(["api"]);
    expect(await knowsCondition("dynamodb:GetItem", "s3:prefix")).toBe(false);
  });

  test("is the same text each time, with Sids that IAM takes", () => {
    for (const name of FUNCTIONS) {
      const policy = policyOf(name, localArnOf(name, names));
      expect(JSON.stringify(policyOf(name, localArnOf(name, names)))).toBe(JSON.stringify(policy));
      const sids = policy.map(({ Sid }) => Sid);
      expect(sids).toEqual([...new Set(sids)].sort());
      expect(sids.filter((sid) => !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
    }
  });

  test("is nothing on everything, and no action by a pattern", () => {
    expect(rights.filter(({ action }) => /[*?]/.test(action))).toEqual([]);
    expect(rights.filter(({ resource }) => !/^arn:aws:[a-z0-9]+:[^*?]+[*]?$/.test(resource))).toEqual([]);
  });

  test("leaves what is public to the renderer, which removes nothing, and the table and buckets to nobody", () => {
    const may = (name: FunctionName, action: RegExp, resource: RegExp) =>
      rights.filter((right) => right.name === name && action.test(right.action) && resource.test(right.resource));
    expect(may("render", /^s3:Delete/, /./)).toEqual([]);
    expect(FUNCTIONS.filter((name) => may(name, /./, /:::site\b/).length)).toEqual(["render"]);
    // Of what is private the API hands out renditions, to whoever has a link to a preview; originals to nobody.
    expect(may("api", /./, /:::media\/(?!upload\/)/).map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      "s3:GetObject arn:aws:s3:::media/rendition/*",
    ]);
    const onWhole =
      /^(?:dynamodb|s3|sqs|cloudfront|logs):(?:Create(?!Invalidation|LogStream)|Delete(?!Item|Object$|Message)|Put(?!Item|Object$|LogEvents)|Update(?!Item))/;
    expect(rights.filter(({ action }) => onWhole.test(action))).toEqual([]);
  });
});

describe("what the functions do", () => {
  const seen: Access[] = [];
  let house: TestHouse;
  let web: Web;
  let clients: LocalClients;
  beforeAll(async () => {
    web = await foreignWeb();
    // A process keeps the keys that it has read, and here all functions are in one: each reads them for itself, as on AWS.
    const sealingKeys = () => sealingKey(async () => ssmParameters(clients.ssm), names.sealingKeyParameter)();
    const wrap: Wrap = (services) => ({ ...(web.options.wrap?.(services) ?? services), sealingKeys });
    house = await testHouse({ wrap, seen: (access) => seen.push(access) });
    const { dynamo, ssm } = house.surroundings;
    const endpoints = { dynamo, s3: house.s3.url, sqs: house.sqs.url, ssm, cloudfront: house.siteUrl };
    clients = localClients(endpoints, { calls: {}, filed: () => undefined, guard: house.guard });
    await everything(house, web);
  }, 180_000);
  afterAll(async () => {
    for (const client of Object.values(clients)) client.destroy();
    await house.close();
    await web.close();
  });

  test("is allowed: nothing was refused, and each thing is one that its policy names", async () => {
    expect(seen.filter(({ allowed }) => !allowed)).toEqual([]);
    const kinds = new Map(seen.map(({ by, need }) => [`${by} ${need.action} ${need.resource}`, { by, need }]));
    expect(kinds.size).toBeGreaterThan(100);
    for (const [text, { by, need }] of kinds) {
      expect(await faultOf(need.action, need.resource), text).toBeUndefined();
      const allowing = rights.filter(
        ({ name, action, resource }) => name === by && action === need.action && covers(resource, need.resource),
      );
      expect(allowing, text).not.toEqual([]);
    }
  });

  test("is all that is allowed: no right goes unused", () => {
    const unused = rights
      .filter(({ by }) => by === "function")
      .filter(
        (right) =>
          !seen.some(
            ({ by, need }) =>
              by === right.name && need.action === right.action && covers(right.resource, need.resource),
          ),
      )
      .map(({ name, action, resource }) => `${name} ${action} ${resource}`);
    expect(unused.sort()).toEqual(Object.keys(UNUSED).sort());
  });

  test("is in all partitions that it may be in", () => {
    const granted = FUNCTIONS.flatMap((name) =>
      statementsOf(name).flatMap(({ leadingKeys = [] }) => leadingKeys.map((pattern) => ({ name, pattern }))),
    );
    const unused = granted.filter(
      ({ name, pattern }) =>
        !seen.some(({ by, need }) => by === name && (need.leading ?? []).some((key) => covers(pattern, key))),
    );
    expect(granted.length).toBeGreaterThan(5);
    expect(unused).toEqual([]);
  });
});
