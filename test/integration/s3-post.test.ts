import { createHmac, hash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, type GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { createPresignedPost, type PresignedPost } from "@aws-sdk/s3-presigned-post";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type LocalClients, localClients } from "../../infra/local/clients.ts";
import { localClock, type LocalClock } from "../../infra/local/clock.ts";
import { type LocalS3, type ObjectCreated, startS3 } from "../../infra/local/s3/s3.ts";

const Bucket = "content";
const Key = "uploads/01JD/original";
let dir: string;
let clock: LocalClock;
let s3: LocalS3;
let clients: LocalClients;
let events: ObjectCreated[];

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "s3-post-"));
  clock = localClock();
  s3 = await startS3({ dir, buckets: [Bucket, "site"], clock });
  const endpoints = { dynamo: s3.url, s3: s3.url, sqs: s3.url, ssm: s3.url, cloudfront: s3.url };
  clients = localClients(endpoints, { calls: {}, filed: () => undefined });
  events = [];
  s3.onObjectCreated((event) => events.push(event));
});
afterEach(async () => {
  Object.values(clients).forEach((client) => client.destroy());
  await s3.close();
  clock.close();
  rmSync(dir, { recursive: true });
});

type Conditions = NonNullable<Parameters<typeof createPresignedPost>[1]["Conditions"]>;

/** What the API gives to a browser: this key, a picture, 10 bytes to 100,000. */
const presigned = (
  fields: Record<string, string> = { "Content-Type": "image/jpeg" },
  key = Key,
  conditions: Conditions = [["content-length-range", 10, 100_000]],
): Promise<PresignedPost> =>
  createPresignedPost(clients.s3, { Bucket, Key: key, Expires: 600, Fields: fields, Conditions: conditions });

type Bytes = Uint8Array<ArrayBuffer>;

const formOf = (fields: Record<string, string>, bytes: Bytes, filename = "a.jpg"): FormData => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new File([bytes], filename, { type: "application/x-own-idea" }));
  return form;
};

type Reply = { status: number; code: string | undefined; text: string; headers: Headers };

const post = async (url: string, body: FormData): Promise<Reply> => {
  const response = await fetch(url, { method: "POST", body });
  const text = await response.text();
  return { status: response.status, code: /<Code>(\w+)</.exec(text)?.[1], text, headers: response.headers };
};

/** A body as it is written here, without a browser; the answer's status and code. `end: false`: more is yet to come. */
const raw = (
  body: string | Buffer,
  headers: Record<string, string> = {},
  { end } = { end: true },
): Promise<[number, string | undefined]> =>
  new Promise((resolve, reject) => {
    const length = String(Buffer.byteLength(body));
    const all = { "content-type": "multipart/form-data; boundary=b", "content-length": length, ...headers };
    const sent = request(s3.url, { method: "POST", path: `/${Bucket}`, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        resolve([response.statusCode ?? 0, /<Code>(\w+)</.exec(Buffer.concat(chunks).toString())?.[1]]);
        sent.destroy();
      });
    });
    sent.on("error", reject);
    sent.write(body);
    if (end) sent.end();
  });

const part = (name: string, value: string): string =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
const partsOf = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => part(name, value))
    .join("");
const file = (content: string, filename = "a.jpg"): string =>
  `--b\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: image/jpeg\r\n\r\n${content}\r\n`;

const found = (key = Key): Promise<GetObjectCommandOutput> =>
  clients.s3.send(new GetObjectCommand({ Bucket, Key: key }));
const bytesOf = async (key = Key): Promise<Buffer> =>
  Buffer.from((await (await found(key)).Body?.transformToByteArray()) ?? []);
const picture: Bytes = new Uint8Array(randomBytes(3000));

/** A reply's status and code, and whatever is stored or told of by then: nothing more, when a form was refused. */
const outcome = ({ status, code }: Reply): unknown[] => [status, code, ...s3.keys(Bucket), ...events];

describe("a form with a signed policy", () => {
  test("stores the file's very bytes with what the fields say of it, and tells of it once", async () => {
    const every: Bytes = new Uint8Array(
      Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, n) => n)), picture]),
    );
    const fields = { "Content-Type": "image/jpeg", "Cache-Control": "no-store", "x-amz-meta-image": "01JD" };
    const { url, fields: signed } = await presigned(fields);
    expect(url).toBe(`${s3.url}/${Bucket}`);
    const reply = await post(url, formOf(signed, every));
    expect([reply.status, reply.text]).toEqual([204, ""]);
    expect(await bytesOf()).toEqual(Buffer.from(every));
    const etag = hash("md5", every);
    expect(await found()).toMatchObject({
      ContentType: "image/jpeg",
      CacheControl: "no-store",
      Metadata: { image: "01JD" },
      ETag: `"${etag}"`,
    });
    expect(reply.headers.get("etag")).toBe(`"${etag}"`);
    expect(reply.headers.get("location")).toBe(`${s3.url}/${Bucket}/${encodeURIComponent(Key)}`);
    expect(events).toEqual([{ bucket: Bucket, key: Key, etag, size: every.length }]);
    expect(s3.requests["PostObject"]).toBe(1);
  });

  test.each([
    ["200", 200],
    ["201", 201],
    ["204", 204],
    ["404", 204],
  ])("success_action_status %s is answered %d", async (wanted, status) => {
    const { url, fields } = await presigned({ success_action_status: wanted });
    const reply = await post(url, formOf(fields, picture));
    expect(reply.status).toBe(status);
    const etag = `"${hash("md5", picture)}"`;
    const location = `${s3.url}/${Bucket}/uploads%2F01JD%2Foriginal`;
    const document =
      `<PostResponse><Location>${location}</Location><Bucket>${Bucket}</Bucket><Key>${Key}</Key>` +
      `<ETag>${etag.replaceAll('"', "&quot;")}</ETag></PostResponse>`;
    expect(reply.text.replace(/^<\?xml[^>]*>\n/, "")).toBe(status === 201 ? document : "");
    expect(Buffer.from(await (await fetch(location)).arrayBuffer())).toEqual(Buffer.from(picture));
    // Without a Content-Type field there is none: that of the file's own part does not count.
    expect((await found()).ContentType).toBe("binary/octet-stream");
  });

  test("may be posted twice, and in any number at once", async () => {
    const sent = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const bytes: Bytes = new Uint8Array(randomBytes(90_000 + n));
        const { url, fields } = await presigned({}, `uploads/${n}`);
        return { bytes, reply: await post(url, formOf(fields, bytes)) };
      }),
    );
    for (const [n, { bytes, reply }] of sent.entries()) {
      expect(reply.status).toBe(204);
      expect((await bytesOf(`uploads/${n}`)).equals(bytes)).toBe(true);
    }
    const { url, fields } = await presigned();
    const other: Bytes = new Uint8Array(randomBytes(50));
    const twice = await Promise.all([post(url, formOf(fields, picture)), post(url, formOf(fields, other))]);
    expect(twice.map(({ status }) => status)).toEqual([204, 204]);
    expect([Buffer.from(picture), Buffer.from(other)]).toContainEqual(await bytesOf());
    expect(events).toHaveLength(8);
  });

  test("goes through the gate with its key", async () => {
    const gated: unknown[] = [];
    s3.gate = async (op) => void gated.push(op);
    const { url, fields } = await presigned();
    await post(url, formOf(fields, picture));
    expect(gated).toEqual([{ name: "PostObject", bucket: Bucket, key: Key }]);
    s3.remove(Bucket, Key);
    events.length = 0;
    s3.gate = async () => ({ status: 503, code: "SlowDown" });
    expect(outcome(await post(url, formOf(fields, picture)))).toEqual([503, "SlowDown"]);
    expect(s3.requests["PostObject"]).toBe(2);
  });
});

describe("the policy", () => {
  test.each([
    [9, "EntityTooSmall"],
    [100_001, "EntityTooLarge"],
    [400_000, "EntityTooLarge"],
    [0, "EntityTooSmall"],
  ])("a file of %d bytes: %s", async (size, code) => {
    const { url, fields } = await presigned();
    const reply = await post(url, formOf(fields, new Uint8Array(size)));
    expect(outcome(reply)).toEqual([400, code]);
  });
  test.each([10, 100_000])("a file of %d bytes is taken", async (size) => {
    const { url, fields } = await presigned();
    expect((await post(url, formOf(fields, new Uint8Array(size)))).status).toBe(204);
    expect(await bytesOf()).toHaveLength(size);
  });

  test("is asked before the file has come, and the file no further than it may be long", async () => {
    const { fields } = await presigned();
    const forged = { ...fields, "X-Amz-Signature": "0".repeat(64) };
    const [head, open] = [partsOf(forged) + file("x".repeat(30_000)), partsOf(fields) + file("x".repeat(300_000))];
    expect(await raw(head, { "content-length": "60000000" }, { end: false })).toEqual([403, "SignatureDoesNotMatch"]);
    expect(await raw(open, { "content-length": "60000000" }, { end: false })).toEqual([400, "EntityTooLarge"]);
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test("several ranges hold at once", async () => {
    const conditions: Conditions = [
      ["content-length-range", 0, 50],
      ["content-length-range", 20, 100],
      ["content-length-range", 10, 90],
    ];
    const { url, fields } = await presigned({}, Key, conditions);
    expect(outcome(await post(url, formOf(fields, new Uint8Array(60))))).toEqual([400, "EntityTooLarge"]);
    expect(outcome(await post(url, formOf(fields, new Uint8Array(10))))).toEqual([400, "EntityTooSmall"]);
    expect((await post(url, formOf(fields, new Uint8Array(50)))).status).toBe(204);
  });

  test.each<[string, Record<string, string | undefined>, string]>([
    ["another type", { "Content-Type": "text/html" }, '["eq","$content-type","image/jpeg"]'],
    ["the type in other letters", { "Content-Type": "image/JPEG" }, '["eq","$content-type","image/jpeg"]'],
    ["no type", { "Content-Type": undefined }, '["eq","$content-type","image/jpeg"]'],
    ["another key", { key: "uploads/01JE/original" }, `["eq","$key","${Key}"]`],
    ["another key by the file's name", { key: "uploads/${filename}" }, `["eq","$key","${Key}"]`],
    ["a field more", { "x-amz-meta-admin": "1" }, "Extra input fields: x-amz-meta-admin"],
    ["an ACL", { acl: "public-read" }, "Extra input fields: acl"],
    ["a header's field", { "Cache-Control": "max-age=1" }, "Extra input fields: cache-control"],
    ["a redirect", { success_action_redirect: "https://evil.example" }, "Extra input fields: success_action_redirect"],
  ])("%s: 403", async (_what, changes, why) => {
    const { url, fields } = await presigned();
    const entries = Object.entries({ ...fields, ...changes });
    const sent = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
    const reply = await post(url, formOf(Object.fromEntries(sent), picture));
    expect(outcome(reply)).toEqual([403, "AccessDenied"]);
    expect(reply.text.replaceAll("&quot;", '"')).toContain(`Invalid according to Policy: `);
    expect(reply.text.replaceAll("&quot;", '"')).toContain(why);
  });

  test("another bucket than it was made for: 403, whatever the form says", async () => {
    const { fields } = await presigned();
    const elsewhere = await post(`${s3.url}/site`, formOf(fields, picture));
    expect(outcome(elsewhere)).toEqual([403, "AccessDenied"]);
    expect(s3.keys("site")).toEqual([]);
    expect(outcome(await post(`${s3.url}/nowhere`, formOf(fields, picture)))).toEqual([404, "NoSuchBucket"]);
  });

  test("after its time: 403, by the clock that tests move", async () => {
    const { url, fields } = await presigned();
    await clock.move(590_000);
    expect((await post(url, formOf(fields, picture))).status).toBe(204);
    s3.remove(Bucket, Key);
    events.length = 0;
    await clock.move(11_000);
    const reply = await post(url, formOf(fields, picture));
    expect(outcome(reply)).toEqual([403, "AccessDenied"]);
    expect(reply.text).toContain("<Message>Invalid according to Policy: Policy expired.</Message>");
  });

  test("starts-with takes what begins so, a list of types only if all do", async () => {
    const conditions: Conditions = [
      ["starts-with", "$Content-Type", "image/"],
      ["starts-with", "$x-amz-meta-note", ""],
    ];
    const { url, fields } = await presigned({}, "uploads/${filename}", conditions);
    const sent = (type: string, name = "a.jpg") =>
      post(url, formOf({ ...fields, "Content-Type": type, "x-amz-meta-note": "anything" }, picture, name));
    expect(outcome(await sent("text/html"))).toEqual([403, "AccessDenied"]);
    expect(outcome(await sent("image/png, text/html"))).toEqual([403, "AccessDenied"]);
    expect(outcome(await sent(" image/png"))).toEqual([403, "AccessDenied"]);
    expect(outcome(await post(url, formOf({ ...fields, "Content-Type": "image/png" }, picture)))).toEqual([
      403,
      "AccessDenied",
    ]);
    expect((await sent("image/png")).status).toBe(204);
    expect((await found("uploads/a.jpg")).ContentType).toBe("image/png");
    expect((await sent("image/webp,image/png", "b")).status).toBe(204);
  });

  test("sees the key with the file's name in it", async () => {
    const { url, fields } = await presigned({}, "uploads/a.jpg");
    const named = { ...fields, key: "uploads/${filename}" };
    expect(outcome(await post(url, formOf(named, picture, "b.jpg")))).toEqual([403, "AccessDenied"]);
    expect((await post(url, formOf(named, picture, "a.jpg"))).status).toBe(204);
    expect(s3.keys(Bucket)).toEqual(["uploads/a.jpg"]);
  });

  test("names of fields are of no case, and x-ignore-* needs no condition", async () => {
    const { url, fields } = await presigned();
    const { "Content-Type": type = "", ...rest } = fields;
    const form = formOf({ ...rest, "cONTENT-tYPE": type, "x-ignore-why": "so" }, picture);
    expect((await post(url, form)).status).toBe(204);
    expect((await found()).ContentType).toBe("image/jpeg");
  });
});

describe("the signature", () => {
  test.each<[string, Record<string, string>, number, string]>([
    ["of another policy", { Policy: Buffer.from('{"expiration":"2099-01-01T00:00:00Z","conditions":[]}').toString("base64") }, 403, "SignatureDoesNotMatch"], // prettier-ignore
    ["tampered with", { "X-Amz-Signature": "0".repeat(64) }, 403, "SignatureDoesNotMatch"],
    ["of another region", { "X-Amz-Credential": "local/20260101/eu-west-1/s3/aws4_request", "X-Amz-Date": "20260101T000000Z" }, 403, "SignatureDoesNotMatch"], // prettier-ignore
    ["by an unknown access key", { "X-Amz-Credential": "AKIAOTHER/20260101/local/s3/aws4_request", "X-Amz-Date": "20260101T000000Z" }, 403, "InvalidAccessKeyId"], // prettier-ignore
    [
      "for another service",
      { "X-Amz-Credential": "local/20260101/local/sqs/aws4_request", "X-Amz-Date": "20260101T000000Z" },
      400,
      "InvalidArgument",
    ],
    ["of another day than it says", { "X-Amz-Date": "20010101T000000Z" }, 400, "InvalidArgument"],
    ["of another algorithm", { "X-Amz-Algorithm": "AWS4-HMAC-SHA1" }, 400, "InvalidArgument"],
  ])("%s is refused", async (_what, changes, status, code) => {
    const { url, fields } = await presigned();
    expect(outcome(await post(url, formOf({ ...fields, ...changes }, picture)))).toEqual([status, code]);
  });

  test.each([
    ["X-Amz-Signature", 400, "InvalidArgument"],
    ["X-Amz-Credential", 400, "InvalidArgument"],
    ["X-Amz-Algorithm", 400, "InvalidArgument"],
    ["X-Amz-Date", 400, "InvalidArgument"],
    ["Policy", 403, "AccessDenied"],
    ["key", 400, "InvalidArgument"],
  ])("without %s: %d %s", async (name, status, code) => {
    const { url, fields } = await presigned();
    const { [name]: _left, ...rest } = fields;
    expect(outcome(await post(url, formOf(rest, picture)))).toEqual([status, code]);
  });

  test("holds for the credentials that the stand-in was started with", async () => {
    await s3.close();
    const credentials = { accessKeyId: "local", secretAccessKey: "another" };
    s3 = await startS3({ dir, buckets: [Bucket], clock, credentials });
    const { fields } = await presigned();
    const reply = await post(`${s3.url}/${Bucket}`, formOf(fields, picture));
    expect([reply.status, reply.code]).toEqual([403, "SignatureDoesNotMatch"]);
  });
});

/** The fields of a form whose policy is this text, signed here by the steps that AWS documents. */
const signedBy = (policy: string | Buffer): Record<string, string> => {
  const date = "20260101T000000Z";
  const scope = [date.slice(0, 8), "local", "s3", "aws4_request"];
  const Policy = Buffer.from(policy).toString("base64");
  let key: string | Buffer = "AWS4local";
  for (const text of [...scope, Policy]) key = createHmac("sha256", key).update(text).digest();
  return {
    key: Key,
    bucket: Bucket,
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `local/${scope.join("/")}`,
    "X-Amz-Date": date,
    Policy,
    "X-Amz-Signature": Buffer.from(key).toString("hex"),
  };
};

describe("a policy document", () => {
  const named = ["bucket", "key", "x-amz-algorithm", "x-amz-credential", "x-amz-date"];
  const document = (conditions: unknown[], rest: object = { expiration: "2099-01-01T00:00:00.000Z" }): string =>
    JSON.stringify({ ...rest, conditions: [...named.map((name) => ["starts-with", `$${name}`, ""]), ...conditions] });
  const send = (policy: string | Buffer) => post(`${s3.url}/${Bucket}`, formOf(signedBy(policy), picture));

  test("by hand is good, too", async () => {
    expect((await send(document([]))).status).toBe(204);
    expect(await bytesOf()).toEqual(Buffer.from(picture));
  });

  test.each([
    ["no JSON", "{"],
    ["no object", "[]"],
    ["no expiration", document([], {})],
    ["an expiration that is no time", document([], { expiration: "tomorrow" })],
    ["an expiration without its zone", document([], { expiration: "2099-01-01T00:00:00" })],
    ["no conditions", JSON.stringify({ expiration: "2099-01-01T00:00:00Z" })],
    ["Conditions in other letters", JSON.stringify({ expiration: "2099-01-01T00:00:00Z", Conditions: [] })],
    ["something more", document([], { expiration: "2099-01-01T00:00:00Z", extra: 1 })],
    ["an empty condition", document([{}])],
    ["two conditions in one", document([{ a: "1", b: "2" }])],
    ["a condition that is no text", document([{ a: 1 }])],
    ["an unknown operator", document([["ends-with", "$key", ""]])],
    ["a variable without its dollar", document([["eq", "key", Key]])],
    ["a range without an end", document([["content-length-range", 0]])],
    ["a range that begins below nothing", document([["content-length-range", -1, 5]])],
    ["a range of text", document([["content-length-range", "0", "9"]])],
  ])("with %s: 400 InvalidPolicyDocument", async (_what, policy) => {
    expect(outcome(await send(policy))).toEqual([400, "InvalidPolicyDocument"]);
  });

  test("without a condition for the bucket, or that wants what is not there, lets nothing through", async () => {
    expect(outcome(await send(document([]).replace('["starts-with","$bucket",""],', "")))).toEqual([
      403,
      "AccessDenied",
    ]);
    expect(outcome(await send(document([{ acl: "private" }])))).toEqual([403, "AccessDenied"]);
  });

  test("that names a field unknown here: 501", async () => {
    const fields = { ...signedBy(document([{ acl: "private" }])), acl: "private" };
    expect(outcome(await post(`${s3.url}/${Bucket}`, formOf(fields, picture)))).toEqual([501, "NotImplemented"]);
  });
});

describe("the form", () => {
  const open = async (): Promise<Record<string, string>> =>
    (await presigned({ "Content-Type": "image/jpeg" }, "uploads/${filename}", [["content-length-range", 0, 9000]]))
      .fields;

  test("may name its file as it likes: quotes, other letters, a whole path", async () => {
    const fields = await open();
    const names = [
      ['ảnh "đẹp" 1.jpg', "ảnh %22đẹp%22 1.jpg"],
      ["a; filename=b.jpg", "a; filename=b.jpg"],
      ["C:\\Pictures\\a.jpg", "a.jpg"],
      ["$& $1 ${filename}", "$& $1 ${filename}"],
    ] as const;
    for (const [name, key] of names) {
      expect((await post(`${s3.url}/${Bucket}`, formOf(fields, picture, name))).status).toBe(204);
      expect(await bytesOf(`uploads/${key}`)).toEqual(Buffer.from(picture));
    }
    const escaped = partsOf(fields) + file("x", 'say \\"a; b\\".jpg') + "--b--\r\n";
    expect(await raw(escaped)).toEqual([204, undefined]);
    expect(s3.keys(Bucket)).toContain('uploads/say "a; b".jpg');
  });

  test("keeps line breaks and near boundaries in the file", async () => {
    const fields = await open();
    const contents = [
      "\r\n",
      "\r\n\r\na\r\n\n\r",
      "--b",
      "\r\n-b\r\n--",
      "--b\r\n\r\n--c--\r\n",
      "",
      "\r\n--B--",
      "\r",
    ];
    for (const [n, content] of contents.entries()) {
      const sent = await raw(`${partsOf(fields)}${file(content, `${n}`)}--b--\r\n`);
      expect([n, ...sent]).toEqual([n, 204, undefined]);
      expect((await bytesOf(`uploads/${n}`)).toString()).toBe(content);
    }
    const form = formOf(fields, new Uint8Array(Buffer.from("\r\n--\r\n")), "8");
    expect((await post(`${s3.url}/${Bucket}`, form)).status).toBe(204);
    expect((await bytesOf("uploads/8")).toString()).toBe("\r\n--\r\n");
  });

  test("ends with the file: what follows it is ignored", async () => {
    const { url, fields } = await presigned();
    const form = formOf(fields, picture);
    form.append("key", "uploads/other");
    form.append("x-amz-meta-admin", "1");
    form.append("file", new File(["second"], "b.jpg"));
    expect((await post(url, form)).status).toBe(204);
    expect(s3.keys(Bucket)).toEqual([Key]);
    expect(await bytesOf()).toEqual(Buffer.from(picture));
    s3.remove(Bucket, Key);
    events.length = 0;
    const late = new FormData();
    late.append("file", new File([picture], "a.jpg"));
    for (const [name, value] of Object.entries(fields)) late.append(name, value);
    expect(outcome(await post(url, late))).toEqual([400, "InvalidArgument"]);
  });

  test("without a file: 400", async () => {
    const { url, fields } = await presigned();
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    expect(outcome(await post(url, form))).toEqual([400, "InvalidArgument"]);
  });

  test("may have padding, a preamble and an epilogue (RFC 2046)", async () => {
    const fields = await open();
    const body = `preamble\r\n${partsOf(fields)}${file("x", "1").replace("--b\r\n", "--b \t\r\n")}--b-- \r\nepilogue`;
    expect(await raw(body, { "content-type": 'Multipart/Form-Data; charset=utf-8; boundary="b"' })).toEqual([204, undefined]); // prettier-ignore
    expect((await bytesOf("uploads/1")).toString()).toBe("x");
  });

  test.each<[string, (fields: string) => string]>([
    ["nothing", () => ""],
    ["no delimiter", () => "x".repeat(30_000)],
    ["another boundary", (fields) => (fields + file("x") + "--b--").replaceAll("--b", "--c")],
    ["no end", (fields) => fields + file("x")],
    ["an end in the file", (fields) => `${fields}${file("x").trimEnd()}`],
    ["no end after further fields", (fields) => fields + file("x") + part("a", "b")],
    ["an end in a field", (fields) => fields.trimEnd()],
    ["a delimiter that goes on", (fields) => fields + file("x").replace("--b", "--bc") + "--b--\r\n"],
    ["line feeds alone", (fields) => (fields + file("x") + "--b--\r\n").replaceAll("\r\n", "\n")],
    ["a part without a head", (fields) => `${fields}--b\r\n\r\nx\r\n${file("x")}--b--\r\n`],
    ["a part without a name", (fields) => fields + part("x", "y").replace(/; name="x"/, "") + file("x") + "--b--\r\n"],
    ["a quote that does not end", (fields) => fields + file("x").replace('"a.jpg"', '"a.jpg') + "--b--\r\n"],
    ["a head line without a colon", (fields) => fields + file("x").replace("Type: ", "Type ") + "--b--\r\n"],
  ])("with %s: 400 MalformedPOSTRequest", async (_what, body) => {
    expect(await raw(body(partsOf(await open())))).toEqual([400, "MalformedPOSTRequest"]);
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test("in letters that are not UTF-8: 400", async () => {
    const body = `${partsOf(await open())}${part("x-ignore-a", "\u00ff")}${file("x")}--b--\r\n`;
    expect(await raw(Buffer.from(body, "latin1"))).toEqual([400, "MalformedPOSTRequest"]);
    const named = `${partsOf(await open())}${file("x", "\u00ff")}--b--\r\n`;
    expect(await raw(Buffer.from(named, "latin1"))).toEqual([400, "MalformedPOSTRequest"]);
    expect(await raw(Buffer.from(body))).toEqual([204, undefined]);
  });

  test("of another type, or of no length: 412, 411; without a boundary: 400", async () => {
    expect(await raw("a=b", { "content-type": "application/x-www-form-urlencoded" })).toEqual([412, "PreconditionFailed"]); // prettier-ignore
    expect(await raw("", { "content-type": "multipart/form-data" })).toEqual([400, "MalformedPOSTRequest"]);
    const { fields } = await presigned();
    const stream = new Blob([partsOf(fields), file("0123456789"), "--b--\r\n"]).stream();
    const headers = { "content-type": "multipart/form-data; boundary=b" };
    const sent = await fetch(`${s3.url}/${Bucket}`, { method: "POST", body: stream, headers, duplex: "half" });
    expect([sent.status, await sent.text()]).toEqual([411, expect.stringContaining("MissingContentLength")]);
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test("with more than 20 KB before the file: 400; with that much after it, it is as good as any", async () => {
    const fields = partsOf(await open());
    const long = part("x-ignore-a", "x".repeat(20_000));
    expect(await raw(`${fields}${long}${file("x")}--b--\r\n`)).toEqual([400, "MaxPostPreDataLengthExceededError"]);
    expect(s3.keys(Bucket)).toEqual([]);
    expect(await raw(`${fields}${file("x", "1")}${long}--b--\r\n`)).toEqual([204, undefined]);
    expect((await bytesOf("uploads/1")).toString()).toBe("x");
  });

  test("that S3 would read in a way nobody has written down: 501", async () => {
    const fields = partsOf(await open());
    const twice = `${fields}${part("key", "uploads/other")}${file("x")}--b--\r\n`;
    const encoded = file("eA==").replace("Content-Type", "Content-Transfer-Encoding: base64\r\nContent-Type");
    expect(await raw(twice)).toEqual([501, "NotImplemented"]);
    expect(await raw(`${fields}${encoded}--b--\r\n`)).toEqual([501, "NotImplemented"]);
    expect(s3.keys(Bucket)).toEqual([]);
  });

  test("whose fields cannot be metadata, or whose key is too long or empty: 400", async () => {
    const url = `${s3.url}/${Bucket}`;
    const note = await presigned({ "x-amz-meta-note": "ảnh" });
    expect(outcome(await post(note.url, formOf(note.fields, picture)))).toEqual([400, "InvalidArgument"]);
    const fields = await open();
    expect(outcome(await post(url, formOf(fields, picture, "k".repeat(1017))))).toEqual([400, "KeyTooLongError"]);
    expect(outcome(await post(url, formOf({ ...fields, key: "" }, picture)))).toEqual([400, "InvalidArgument"]);
    expect((await post(url, formOf(fields, picture, "k".repeat(1016)))).status).toBe(204);
  });

  test("Content-MD5 is verified", async () => {
    const right = await presigned({ "Content-MD5": hash("md5", picture, "base64") });
    const wrong = await presigned({ "Content-MD5": hash("md5", "x", "base64") });
    expect(outcome(await post(wrong.url, formOf(wrong.fields, picture)))).toEqual([400, "BadDigest"]);
    expect((await post(right.url, formOf(right.fields, picture))).status).toBe(204);
  });
});

test("other posts stay unknown", async () => {
  for (const path of ["/", "/content/key", "/content?delete", "/content?uploads"]) {
    const reply = await fetch(s3.url + path, { method: "POST", body: new FormData() });
    expect([path, reply.status]).toEqual([path, 501]);
    await reply.text();
  }
});
