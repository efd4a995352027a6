import { hash } from "node:crypto";
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  type SendMessageCommandInput,
  SQSClient,
  SQSServiceException,
} from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localClock, type LocalClock } from "../../infra/local/clock.ts";
import { type LocalSqs, startSqs } from "../../infra/local/sqs/sqs.ts";

let clock: LocalClock;
let sqs: LocalSqs;
let client: SQSClient;
let errors: unknown[];

beforeEach(async () => {
  clock = localClock();
  errors = [];
  sqs = await startSqs({
    queues: [
      { name: "render", visibilityTimeoutSeconds: 90, maxReceiveCount: 3, deadLetter: "render-dead" },
      { name: "render-dead", visibilityTimeoutSeconds: 30 },
    ],
    clock,
    onError: (queue, error) => errors.push([queue, error]),
  });
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  client = new SQSClient({ endpoint: sqs.url, region: "us-east-1", credentials, maxAttempts: 1 });
});
afterEach(async () => {
  client.destroy();
  await sqs.close();
  clock.close();
});

const send = (MessageBody: string, rest: Partial<SendMessageCommandInput> = {}) =>
  client.send(new SendMessageCommand({ QueueUrl: sqs.urlOf("render"), MessageBody, ...rest }));
const sendAll = (bodies: string[], rest: object = {}) =>
  client.send(
    new SendMessageBatchCommand({
      QueueUrl: sqs.urlOf("render"),
      Entries: bodies.map((MessageBody, index) => ({ Id: `m-${index}`, MessageBody, ...rest })),
    }),
  );
const receive = async (rest: object = {}, queue = "render"): Promise<Message[]> =>
  (await client.send(new ReceiveMessageCommand({ QueueUrl: sqs.urlOf(queue), ...rest }))).Messages ?? [];
const remove = (ReceiptHandle: string | undefined) =>
  client.send(new DeleteMessageCommand({ QueueUrl: sqs.urlOf("render"), ReceiptHandle }));

/** The status and the query code of a call that has to fail. */
const failure = async (call: Promise<unknown>): Promise<[number | undefined, unknown]> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof SQSServiceException)) throw new Error("It should have been refused by SQS.", { cause: error });
  return [error.$metadata.httpStatusCode, "Code" in error ? error.Code : error.name];
};
const bodies = (event: SQSEvent): string[] => event.Records.map(({ body }) => body);

describe("messages", () => {
  test("are sent, received, hidden, and deleted", async () => {
    const sent = await send("Xin chào");
    expect(sent.MD5OfMessageBody).toBe(hash("md5", "Xin chào"));
    const [message] = await receive({ MessageSystemAttributeNames: ["All"] });
    expect(message).toMatchObject({ MessageId: sent.MessageId, Body: "Xin chào", MD5OfBody: sent.MD5OfMessageBody });
    expect(message?.Attributes?.ApproximateReceiveCount).toBe("1");
    expect(await receive()).toEqual([]);
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await remove(message?.ReceiptHandle);
    await remove(message?.ReceiptHandle);
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("go out in batches, in order, ten at most at a time", async () => {
    const sent = await sendAll(["a", "b", "c"]);
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(["m-0", "m-1", "m-2"]);
    expect((await receive()).map(({ Body }) => Body)).toEqual(["a"]);
    expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(["b", "c"]);
  });

  test("with a delay wait for the clock", async () => {
    await send("later", { DelaySeconds: 900 });
    await send("soon", { DelaySeconds: 5 });
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 0, delayed: 2 });
    await clock.move(5_000);
    expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toEqual(["soon"]);
    await clock.move(894_000);
    expect(sqs.depth("render")).toMatchObject({ delayed: 1 });
    await clock.move(1_000);
    expect((await receive({ MaxNumberOfMessages: 10 })).map(({ Body }) => Body)).toContain("later");
  });

  test("that are not deleted are seen again, under a new receipt; the old one deletes nothing", async () => {
    await send("again");
    const [first] = await receive();
    await clock.move(89_000);
    expect(await receive()).toEqual([]);
    await clock.move(1_000);
    const [second] = await receive({ MessageSystemAttributeNames: ["ApproximateReceiveCount"] });
    expect(second).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: "2" } });
    await remove(first?.ReceiptHandle);
    expect(sqs.depth("render").inFlight).toBe(1);
    await remove(second?.ReceiptHandle);
    expect(sqs.depth("render").inFlight).toBe(0);
  });

  test("are hidden for longer or shorter when asked", async () => {
    const QueueUrl = sqs.urlOf("render");
    await send("held", {});
    const [{ ReceiptHandle } = {}] = await receive({ VisibilityTimeout: 10 });
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 100 }));
    await clock.move(99_000);
    expect(await receive()).toEqual([]);
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    expect(await receive()).toHaveLength(1);
    const stale = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
    expect(await failure(client.send(stale))).toEqual([400, "AWS.SimpleQueueService.MessageNotInflight"]);
  });

  test("are waited for, as long as the clock says", async () => {
    const waiting = receive({ WaitTimeSeconds: 20 });
    await send("here");
    expect(await waiting).toHaveLength(1);
    const empty = receive({ WaitTimeSeconds: 20 });
    const answered = { yet: false };
    void empty.finally(() => (answered.yet = true));
    // The clock may be moved before the request is there, so it is moved again.
    while (!answered.yet) {
      await client.send(new GetQueueUrlCommand({ QueueName: "render" }));
      await clock.move(20_000);
    }
    expect(await empty).toEqual([]);
  });

  test("go to the dead letters after three receipts, as they were", async () => {
    const { MessageId } = await send("poison");
    for (let receipt = 1; receipt <= 3; receipt++) {
      expect(await receive()).toHaveLength(1);
      await clock.move(90_000);
    }
    expect(await receive()).toEqual([]);
    const [dead] = await receive({}, "render-dead");
    expect(dead).toMatchObject({ MessageId, Body: "poison" });
  });
});

describe("what SQS refuses", () => {
  test("queues and attributes there are not", async () => {
    const QueueUrl = `${sqs.url}/000000000000/nowhere`;
    const none = [400, "AWS.SimpleQueueService.NonExistentQueue"];
    expect(await failure(send("x", { QueueUrl }))).toEqual(none);
    expect(await failure(client.send(new GetQueueUrlCommand({ QueueName: "nowhere" })))).toEqual(none);
    const found = await client.send(new GetQueueUrlCommand({ QueueName: "render" }));
    expect(found.QueueUrl).toBe(sqs.urlOf("render"));
    await sendAll(["1", "2"]);
    await send("3", { DelaySeconds: 3 });
    await receive();
    const url = sqs.urlOf("render");
    const all = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["All"] });
    expect((await client.send(all)).Attributes).toEqual({
      ApproximateNumberOfMessages: "1",
      ApproximateNumberOfMessagesNotVisible: "1",
      ApproximateNumberOfMessagesDelayed: "1",
      VisibilityTimeout: "90",
      QueueArn: "arn:aws:sqs:us-east-1:000000000000:render",
    });
    const one = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["ApproximateNumberOfMessages"] });
    expect((await client.send(one)).Attributes).toEqual({ ApproximateNumberOfMessages: "1" });
    const strange = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["KmsMasterKeyId"] });
    expect(await failure(client.send(strange))).toEqual([400, "InvalidAttributeName"]);
  });

  test("values out of bounds", async () => {
    expect(await failure(send("x", { DelaySeconds: 901 }))).toEqual([400, "InvalidParameterValue"]);
    expect(await failure(send("x", { DelaySeconds: -1 }))).toEqual([400, "InvalidParameterValue"]);
    expect(await failure(send(""))).toEqual([400, "MissingParameter"]);
    expect(await failure(send("bell \u0007"))).toEqual([400, "InvalidMessageContents"]);
    expect(await failure(send("ă".repeat(524_289)))).toEqual([400, "InvalidParameterValue"]);
    expect(await failure(receive({ MaxNumberOfMessages: 11 }))).toEqual([400, "InvalidParameterValue"]);
    expect(await failure(remove("nonsense"))).toEqual([404, "ReceiptHandleIsInvalid"]);
    expect(sqs.depth("render").visible).toBe(0);
    await send("ă".repeat(524_288));
    expect(sqs.depth("render").visible).toBe(1);
  });

  test("batches that break a rule, whole; entries that break one, alone", async () => {
    const QueueUrl = sqs.urlOf("render");
    const batch = (Entries: { Id: string; MessageBody: string; DelaySeconds?: number }[]) =>
      client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    const simple = (code: string) => [400, `AWS.SimpleQueueService.${code}`];
    expect(await failure(batch([]))).toEqual(simple("EmptyBatchRequest"));
    expect(await failure(sendAll(Array.from({ length: 11 }, () => "x")))).toEqual(
      simple("TooManyEntriesInBatchRequest"),
    );
    const twice = [{ Id: "a", MessageBody: "1" }, { Id: "a", MessageBody: "2" }]; // prettier-ignore
    expect(await failure(batch(twice))).toEqual(simple("BatchEntryIdsNotDistinct"));
    expect(await failure(batch([{ Id: "a b", MessageBody: "1" }]))).toEqual(simple("InvalidBatchEntryId"));
    expect(await failure(sendAll(["x".repeat(600_000), "x".repeat(600_000)]))).toEqual(simple("BatchRequestTooLong"));
    expect(sqs.depth("render").visible).toBe(0);

    const mixed = await batch([
      { Id: "good", MessageBody: "1" },
      { Id: "late", MessageBody: "2", DelaySeconds: 901 },
    ]);
    expect(mixed.Successful).toMatchObject([{ Id: "good" }]);
    expect(mixed.Failed).toMatchObject([{ Id: "late", SenderFault: true, Code: "InvalidParameterValue" }]);
    expect(sqs.depth("render").visible).toBe(1);
  });

  test("whatever it does not know", async () => {
    const attributes = { MessageAttributes: { kind: { DataType: "String", StringValue: "x" } } };
    expect(await failure(send("x", attributes))).toEqual([400, "AWS.SimpleQueueService.UnsupportedOperation"]);
    expect(await failure(client.send(new CreateQueueCommand({ QueueName: "new" })))).toEqual([400, "InvalidAction"]);
    const headers = { "x-amz-target": "AmazonSQS.SendMessage" };
    const answer = await fetch(sqs.url, { method: "POST", headers, body: "{" });
    expect([answer.status, await answer.json()]).toMatchObject([400, { __type: "com.amazon.coral.service#SerializationException" }]); // prettier-ignore
    expect(sqs.depth("render").visible).toBe(0);
  });

  test("queues that cannot be, all faults at once", async () => {
    const queues = [
      { name: "a b", visibilityTimeoutSeconds: 1 },
      { name: "c", visibilityTimeoutSeconds: -1, maxReceiveCount: 0, deadLetter: "d" },
    ];
    await expect(startSqs({ queues, clock })).rejects.toThrow(/"a b" is no name.*c has a visibility.*dead letters in d.*maxReceiveCount of 0/); // prettier-ignore
  });
});

describe("deliveries", () => {
  test("are real events; what succeeds is deleted", async () => {
    const events: SQSEvent[] = [];
    sqs.subscribe("render", { batchSize: 10, concurrency: 1 }, async (event) => {
      events.push(event);
    });
    await sendAll(["a", "b"]);
    await sqs.idle();
    expect(events.map(bodies)).toEqual([["a", "b"]]);
    expect(events[0]?.Records[0]).toMatchObject({
      messageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      receiptHandle: expect.any(String),
      md5OfBody: hash("md5", "a"),
      attributes: { ApproximateReceiveCount: "1", SentTimestamp: expect.stringMatching(/^\d{13}$/) },
      messageAttributes: {},
      eventSource: "aws:sqs",
      eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:render",
      awsRegion: "us-east-1",
    });
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  test("keep to the batch size and the concurrency", async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const sizes: number[] = [];
    let [running, most] = [0, 0];
    sqs.paused = true;
    sqs.subscribe("render", { batchSize: 3, concurrency: 2 }, async ({ Records }) => {
      sizes.push(Records.length);
      most = Math.max(most, ++running);
      await held;
      running--;
    });
    await sendAll(Array.from({ length: 10 }, (_, n) => String(n)));
    await sqs.quiet();
    expect(sizes).toEqual([]);
    sqs.paused = false;
    await Promise.resolve();
    expect(sqs.depth("render")).toEqual({ visible: 4, inFlight: 6, delayed: 0 });
    letGo();
    await sqs.idle();
    expect([sizes, most]).toEqual([[3, 3, 3, 1], 2]);
  });

  test("wait while the queue that goes first has anything, or is at work", async () => {
    const order: string[] = [];
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    sqs.paused = true;
    sqs.subscribe("render-dead", { batchSize: 1, concurrency: 1, after: "render" }, async (event) => {
      order.push(...bodies(event));
    });
    sqs.subscribe("render", { batchSize: 1, concurrency: 1 }, async (event) => {
      order.push(...bodies(event));
      await held;
    });
    sqs.accept("render-dead", "can wait");
    await sendAll(["first", "second"]);
    sqs.paused = false;
    await Promise.resolve();
    const begun = [...order];
    letGo();
    await sqs.idle();
    expect([begun, order]).toEqual([["first"], ["first", "second", "can wait"]]);
  });

  test("that fail come again after the visibility timeout, those named alone, and end in the dead letters", async () => {
    const events: string[][] = [];
    sqs.subscribe("render", { batchSize: 10, concurrency: 5 }, async (event) => {
      events.push(bodies(event));
      const failed = event.Records.filter(({ body }) => body === "poison");
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
    });
    await sendAll(["good", "poison"]);
    const idle = sqs.idle().then(() => "idle");
    expect(await Promise.race([idle, sqs.quiet().then(() => "quiet")])).toBe("quiet");
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await clock.move(89_000);
    await sqs.quiet();
    expect(events).toEqual([["good", "poison"]]);
    await clock.move(1_000);
    await sqs.quiet();
    await clock.move(90_000);
    await sqs.quiet();
    expect(events).toEqual([["good", "poison"], ["poison"], ["poison"]]);
    await clock.move(90_000);
    await idle;
    expect(sqs.depth("render-dead")).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(events).toHaveLength(3);
  });

  test.each([
    ["a rejection", () => Promise.reject(new Error("down"))],
    ["a name that is none of the batch's", async () => ({ batchItemFailures: [{ itemIdentifier: "x" }] })],
    ["an empty name", async () => ({ batchItemFailures: [{ itemIdentifier: "" }] })],
  ])("fail whole by %s", async (_, handler) => {
    sqs.subscribe("render", { batchSize: 10, concurrency: 1 }, handler);
    await sendAll(["a", "b"]);
    await sqs.quiet();
    expect(sqs.depth("render")).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
  });

  test("tell of handlers that reject", async () => {
    sqs.subscribe("render", { batchSize: 1, concurrency: 1 }, () => Promise.reject(new Error("down")));
    await send("a");
    await sqs.quiet();
    expect(errors).toEqual([["render", new Error("down")]]);
  });

  test("succeed whole by an empty list", async () => {
    sqs.subscribe("render", { batchSize: 10, concurrency: 1 }, async () => ({ batchItemFailures: [] }));
    await sendAll(["a", "b"]);
    await sqs.idle();
    expect(sqs.depth("render").inFlight).toBe(0);
  });

  test("are made twice when asked: the same message under another receipt", async () => {
    const seen: [string, string][] = [];
    sqs.duplicate = true;
    sqs.subscribe("render", { batchSize: 10, concurrency: 1 }, async ({ Records }) => {
      for (const { messageId, receiptHandle } of Records) seen.push([messageId, receiptHandle]);
    });
    await sendAll(["a", "b"]);
    await sqs.idle();
    const ids = seen.map(([id]) => id);
    expect(ids).toHaveLength(4);
    expect(ids.slice(0, 2)).toEqual(ids.slice(2));
    expect(new Set(seen.map(([, receipt]) => receipt)).size).toBe(4);
  });

  test("a handler slower than the timeout sees its message delivered again, and cannot delete it", async () => {
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
    const counts: string[] = [];
    sqs.subscribe("render", { batchSize: 1, concurrency: 2 }, async ({ Records: [record] }) => {
      counts.push(record?.attributes.ApproximateReceiveCount ?? "");
      if (counts.length === 1) await held;
      else throw new Error("the second fails");
    });
    await send("slow");
    await clock.move(90_000);
    expect(counts).toEqual(["1", "2"]);
    letGo();
    await sqs.quiet();
    expect(sqs.depth("render").inFlight).toBe(1);
  });

  test("end with the subscription, and with closing; who waits then is told", async () => {
    const seen: string[] = [];
    const off = sqs.subscribe("render", { batchSize: 1, concurrency: 1 }, async (event) => {
      seen.push(...bodies(event));
    });
    await send("one");
    await sqs.idle();
    off();
    await send("two");
    await sqs.quiet();
    expect(seen).toEqual(["one"]);
    const waiting = sqs.idle().catch((error: unknown) => error);
    await sqs.close();
    expect(await waiting).toEqual(new Error("The queues were closed."));
    await expect(send("three")).rejects.toThrow(/ECONNREFUSED|ECONNRESET|hang up/);
    sqs = await startSqs({ queues: [], clock });
  });

  test("hundreds of delayed messages cost one timer", async () => {
    const seen = new Set<string>();
    sqs.subscribe("render", { batchSize: 10, concurrency: 10 }, async (event) => {
      for (const body of bodies(event)) seen.add(body);
    });
    const all = Array.from({ length: 60 }, (_, n) => n);
    for (const n of all) {
      await sendAll(Array.from({ length: 10 }, (_, m) => `${n}/${m}`), { DelaySeconds: 100 + ((n * 37) % 800) }); // prettier-ignore
    }
    expect(sqs.depth("render").delayed).toBe(600);
    await clock.move(900_000);
    await sqs.idle();
    expect(seen.size).toBe(600);
  });
});
