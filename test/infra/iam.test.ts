import { afterAll, beforeAll, expect, test } from "vitest";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { type LocalClients, localClients } from "../../infra/local/clients.ts";
import { allows } from "../../infra/local/iam/allows.ts";
import type { Access } from "../../infra/local/iam/guard.ts";
import type { PolicyStatementJson } from "../../infra/policies.ts";
import type { FunctionName } from "../../infra/topology.ts";
import { headKey, HOOKS_PK, KEY_PK, WEBHOOKS_PK } from "../../shared/store/layout.ts";
import type { Services } from "../../shared/store/services.ts";
import { testHouse, type TestHouse } from "../house.ts";

let house: TestHouse;
let clients: LocalClients;
const seen: Access[] = [];
beforeAll(async () => {
  house = await testHouse({ mayBeDenied: true, seen: (access) => seen.push(access) });
  const { dynamo, ssm } = house.surroundings;
  const endpoints = { dynamo, s3: house.s3.url, sqs: house.sqs.url, ssm, cloudfront: house.siteUrl };
  clients = localClients(endpoints, { calls: {}, filed: () => undefined, guard: house.guard });
});
afterAll(async () => {
  for (const client of Object.values(clients)) client.destroy();
  await house.close();
});

const media = { Bucket: "media" };
const key = { pk: "x", sk: "x" };
const page = { key: "x", body: "x", contentType: "text/html", cacheControl: "", metadata: {} };
const FORBIDDEN = { name: "AccessDenied", $fault: "client", $metadata: { httpStatusCode: 403 } };
const DENIED = { name: "AccessDeniedException", $fault: "client", $metadata: { httpStatusCode: 400 } };

type Attempt = [by: FunctionName, what: string, error: object, call: (services: Services) => Promise<unknown>];
const attempts: Attempt[] = [
  ["render", "removes an upload", FORBIDDEN, ({ media: pictures }) => pictures.dropUpload("x")],
  [
    "images",
    "removes a rendition",
    FORBIDDEN,
    () => clients.s3.send(new DeleteObjectCommand({ ...media, Key: "rendition/x" })),
  ],
  ["api", "reads an upload", FORBIDDEN, () => clients.s3.send(new GetObjectCommand({ ...media, Key: "upload/x" }))],
  ["api", "writes a page", FORBIDDEN, ({ site }) => site.put(page, undefined)],
  ["render", "makes a form", FORBIDDEN, ({ uploads }) => uploads.form("x", { contentType: "image/jpeg", bytes: 1 })],
  ["render", "lists all of a bucket", FORBIDDEN, () => clients.s3.send(new ListObjectsV2Command(media))],
  [
    "render",
    "lists uploads",
    FORBIDDEN,
    () => clients.s3.send(new ListObjectsV2Command({ ...media, Prefix: "upload/" })),
  ],
  ["schedule", "reads the table", DENIED, ({ table }) => table.get(key)],
  ["images", "removes an item", DENIED, ({ table }) => table.transact([{ put: key }, { delete: key }])],
  ["images", "makes an API key", DENIED, ({ table }) => table.write({ put: { pk: KEY_PK, sk: "x" }, if: "absent" })],
  ["images", "reads a story", DENIED, ({ table }) => table.getMany([headKey("x")])],
  ["render", "reads the API keys", DENIED, ({ table }) => table.query({ pk: KEY_PK })],
  ["render", "sends work", DENIED, ({ renderQueue }) => renderQueue.send([key])],
  ["render", "reads the sealing keys", DENIED, ({ sealingKeys }) => sealingKeys()],
  [
    "api",
    "reads another parameter",
    DENIED,
    () => clients.ssm.send(new GetParameterCommand({ Name: "/Broadsheet-local/other", WithDecryption: true })),
  ],
  ["webhooks", "writes a page", FORBIDDEN, ({ site }) => site.put(page, undefined)],
  ["webhooks", "reads the API keys", DENIED, ({ table }) => table.query({ pk: KEY_PK })],
  ["webhooks", "reads whom we tell", DENIED, ({ table }) => table.query({ pk: WEBHOOKS_PK })],
  [
    "webhooks",
    "reads an original",
    FORBIDDEN,
    () => clients.s3.send(new GetObjectCommand({ ...media, Key: "original/x" })),
  ],
  [
    "render",
    "reads what senders sent",
    FORBIDDEN,
    () => clients.s3.send(new GetObjectCommand({ Bucket: "content", Key: "inbox/x/x" })),
  ],
  [
    "notify",
    "reads what senders sent",
    FORBIDDEN,
    () => clients.s3.send(new GetObjectCommand({ Bucket: "content", Key: "inbox/x/x" })),
  ],
  ["notify", "reads the secrets of sources", DENIED, ({ table }) => table.query({ pk: HOOKS_PK })],
  ["notify", "changes a story", DENIED, ({ table }) => table.write({ put: headKey("x") })],
  [
    "notify",
    "wakes the worker of webhooks",
    DENIED,
    ({ inboxQueue }) => inboxQueue.send([{ source: "x", event: "x" }]),
  ],
  ["api", "purges", FORBIDDEN, ({ purge }) => purge(["a-x"], "x")],
];

test.each(attempts)("%s %s: refused, told, and not done", async (name, _what, error, call) => {
  const before = { ...house.s3.requests };
  await expect(house.guard.as(name, () => call(house.functions.services))).rejects.toMatchObject(error);
  expect(seen.at(-1)).toMatchObject({ by: name, allowed: false });
  expect(house.log()).toContain(`"local.denied","by":"${name}"`);
  expect(house.s3.requests).toEqual(before);
});

test("whoever is no function may do what is refused to functions", async () => {
  await clients.s3.send(new DeleteObjectCommand({ ...media, Key: "rendition/x" }));
  expect(await house.functions.services.table.get(key)).toBeUndefined();
});

test("a call whose rights nobody has written down is a fault that says so", async () => {
  const scan = () => clients.dynamo.send(new ScanCommand({ TableName: "broadsheet" }));
  await expect(house.guard.as("api", scan)).rejects.toThrow("nobody has said what rights Scan needs");
});

test("without the right to list, what is missing may not be read, and the store knows it", async () => {
  const look = () => clients.s3.send(new HeadObjectCommand({ Bucket: "site", Key: "nowhere" }));
  await expect(look()).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  await expect(house.guard.as("render", look)).rejects.toMatchObject(FORBIDDEN);
  const { media: pictures, pictures: published } = house.functions.services;
  await house.guard.as("images", async () => {
    expect(await pictures.original("nowhere")).toBeUndefined();
    expect(await pictures.keepOriginal("nowhere", '"x"')).toBe(false);
    await expect(pictures.shareOriginal("nowhere", "elsewhere")).rejects.toThrow("could not be shared");
  });
  expect(await house.guard.as("render", () => published.names("nowhere"))).toEqual([]);
});

test.each([
  ["arn:aws:s3:::media/upload/*", "arn:aws:s3:::media/upload/a/b", true],
  ["arn:aws:s3:::media/upload/*", "arn:aws:s3:::media/original/a", false],
  ["arn:aws:s3:::media", "arn:aws:s3:::media/upload/a", false],
  ["arn:aws:s3:::media/a?c", "arn:aws:s3:::media/abc", true],
  ["arn:aws:s3:::media/a.c", "arn:aws:s3:::media/abc", false],
])("a right on %s is one on %s: %s", (pattern, resource, allowed) => {
  const policy: PolicyStatementJson[] = [{ Sid: "x", Effect: "Allow", Action: ["s3:GetObject"], Resource: [pattern] }];
  expect(allows(policy, { action: "s3:GetObject", resource })).toBe(allowed);
  expect(allows(policy, { action: "s3:PutObject", resource })).toBe(false);
});

test("a condition on prefixes holds for what begins so, and not for a request without one", () => {
  const action = "s3:ListBucket";
  const resource = "arn:aws:s3:::media";
  const Condition = { StringLike: { "s3:prefix": ["rendition/*"] } };
  const policy: PolicyStatementJson[] = [
    { Sid: "x", Effect: "Allow", Action: [action], Resource: [resource], Condition },
  ];
  const may = (keys: Record<string, string>): boolean => allows(policy, { action, resource, keys });
  expect(may({ "s3:prefix": "rendition/a/" })).toBe(true);
  expect(may({ "s3:prefix": "upload/" })).toBe(false);
  expect(may({})).toBe(false);
});
