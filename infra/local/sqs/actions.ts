import type { LocalClock } from "../clock.ts";
import { type Fault, faults, isFault } from "./fault.ts";
import { entriesOf, type Input, numberOf, sendingOf, strangers, textOf, textsOf } from "./input.ts";
import { ACCOUNT, arnOf, systemAttributes, systemAttributesOf } from "./record.ts";
import type { Queue, Received } from "./queue.ts";

/** What the actions work on. */
export type Desk = {
  clock: LocalClock;
  /** The queue of that name. */
  find: (name: string) => Queue | undefined;
  urlOf: (name: string) => string;
  /** Resolves at the next change of any queue, or at `until` on the local clock; with false when they are closed. */
  changeUntil: (until: number) => Promise<boolean>;
};

type Output = Record<string, unknown>;
type Action = {
  /** The members it understands. */
  members: readonly string[];
  run: (desk: Desk, input: Input) => Output | Fault | Promise<Output | Fault>;
};

const missingQueue = faults.queueDoesNotExist("The specified queue does not exist.");

/** The queue of a QueueUrl: its last two segments are the account and the name. */
const queueOf = (desk: Desk, input: Input): Queue | Fault => {
  const url = input["QueueUrl"];
  const [account, name] = typeof url === "string" ? url.split("/").slice(-2) : [];
  return (account === ACCOUNT && name !== undefined && desk.find(name)) || missingQueue;
};

/** An action on the queue that QueueUrl names. */
const onQueue = (
  members: readonly string[],
  run: (queue: Queue, input: Input, desk: Desk) => Output | Fault | Promise<Output | Fault>,
): Action => ({
  members: ["QueueUrl", ...members],
  run: (desk, input) => {
    const queue = queueOf(desk, input);
    return isFault(queue) ? queue : run(queue, input, desk);
  },
});

const attributesOf = (queue: Queue): Record<string, string> => {
  const { visible, inFlight, delayed } = queue.depth();
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    VisibilityTimeout: String(queue.visibilityMs / 1000),
    QueueArn: arnOf(queue.name),
  };
};

/** What was asked for must be one of `known`, or "All". */
const strangeName = (names: readonly string[], known: readonly string[]): Fault | undefined => {
  const strange = names.find((name) => name !== "All" && !known.includes(name));
  return strange === undefined ? undefined : faults.invalidAttribute(`Unknown Attribute ${strange}.`);
};
const pick = (attributes: Record<string, string>, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => names.includes("All") || names.includes(name)));

const messageOf = (received: Received, names: readonly string[]): Output => {
  const { id: MessageId, receipt: ReceiptHandle, body: Body, md5: MD5OfBody } = received;
  const Attributes = pick(systemAttributesOf(received), names);
  return { MessageId, ReceiptHandle, MD5OfBody, Body, ...(names.length > 0 && { Attributes }) };
};

const sendBatch = (queue: Queue, input: Input): Output | Fault => {
  const entries = entriesOf(input);
  if (isFault(entries)) return entries;
  const Successful: Output[] = [];
  const Failed: Output[] = [];
  for (const { id: Id, input } of entries) {
    const sending = strangers(input, ["Id", "MessageBody", "DelaySeconds"]) ?? sendingOf(input);
    if (isFault(sending)) {
      Failed.push({ Id, SenderFault: true, Code: sending.code, Message: sending.message });
      continue;
    }
    const { id: MessageId, md5: MD5OfMessageBody } = queue.send(sending.body, sending.delayMs);
    Successful.push({ Id, MessageId, MD5OfMessageBody });
  }
  return { Successful, Failed };
};

const receive = async (queue: Queue, input: Input, { clock, changeUntil }: Desk): Promise<Output | Fault> => {
  const limit = numberOf(input, "MaxNumberOfMessages", [1, 10], 1);
  if (isFault(limit)) return limit;
  const hidden = numberOf(input, "VisibilityTimeout", [0, 43_200], queue.visibilityMs / 1000);
  if (isFault(hidden)) return hidden;
  const wait = numberOf(input, "WaitTimeSeconds", [0, 20], 0);
  if (isFault(wait)) return wait;
  const names = textsOf(input, "MessageSystemAttributeNames");
  if (isFault(names)) return names;
  const strange = strangeName(names, systemAttributes);
  if (strange) return strange;

  const until = clock.now() + wait * 1000;
  let received = queue.receive(limit, hidden * 1000);
  while (received.length === 0 && clock.now() < until && (await changeUntil(until))) {
    received = queue.receive(limit, hidden * 1000);
  }
  return received.length > 0 ? { Messages: received.map((one) => messageOf(one, names)) } : {};
};

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Operations.html, as far as this project uses it. */
export const actions: Readonly<Record<string, Action>> = {
  SendMessage: onQueue(["MessageBody", "DelaySeconds"], (queue, input) => {
    const sending = sendingOf(input);
    if (isFault(sending)) return sending;
    const { id: MessageId, md5: MD5OfMessageBody } = queue.send(sending.body, sending.delayMs);
    return { MessageId, MD5OfMessageBody };
  }),
  SendMessageBatch: onQueue(["Entries"], sendBatch),
  ReceiveMessage: onQueue(
    ["MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds", "MessageSystemAttributeNames"],
    receive,
  ),
  DeleteMessage: onQueue(["ReceiptHandle"], (queue, input) => {
    const receipt = textOf(input, "ReceiptHandle");
    if (isFault(receipt)) return receipt;
    return queue.delete(receipt) ? {} : faults.invalidReceipt("The input receipt handle is invalid.");
  }),
  ChangeMessageVisibility: onQueue(["ReceiptHandle", "VisibilityTimeout"], (queue, input) => {
    const receipt = textOf(input, "ReceiptHandle");
    if (isFault(receipt)) return receipt;
    if (input["VisibilityTimeout"] === undefined)
      return faults.missing("The request must contain the parameter VisibilityTimeout.");
    const seconds = numberOf(input, "VisibilityTimeout", [0, 43_200], 0);
    if (isFault(seconds)) return seconds;
    const outcome = queue.changeVisibility(receipt, seconds * 1000);
    if (outcome === "unknown") return faults.invalidReceipt("The input receipt handle is invalid.");
    return outcome === "changed" ? {} : faults.notInFlight("The message is not in flight.");
  }),
  GetQueueUrl: {
    members: ["QueueName"],
    run: (desk, input) => {
      const name = textOf(input, "QueueName");
      if (isFault(name)) return name;
      return desk.find(name) ? { QueueUrl: desk.urlOf(name) } : missingQueue;
    },
  },
  GetQueueAttributes: onQueue(["AttributeNames"], (queue, input) => {
    const names = textsOf(input, "AttributeNames");
    if (isFault(names)) return names;
    const attributes = attributesOf(queue);
    return strangeName(names, Object.keys(attributes)) ?? { Attributes: pick(attributes, names) };
  }),
};
