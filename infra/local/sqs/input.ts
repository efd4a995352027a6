import { type Fault, faults, isFault } from "./fault.ts";

/** A JSON object of a request. */
export type Input = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object. */
export const isInput = (value: unknown): value is Input =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Members that are not known are refused, so that nothing sent is ever passed over in silence. */
export const strangers = (input: Input, known: readonly string[]): Fault | undefined => {
  const strange = Object.keys(input).filter((name) => !known.includes(name));
  return strange.length > 0
    ? faults.unsupported(`This stand-in for SQS does not know ${strange.join(", ")}.`)
    : undefined;
};

/** A text that has to be there and not be empty. */
export const textOf = (input: Input, name: string): string | Fault => {
  const value = input[name];
  if (value === undefined || value === "") return faults.missing(`The request must contain the parameter ${name}.`);
  return typeof value === "string" ? value : faults.malformed(`${name} must be a string.`);
};

/** A whole number between two bounds, or `otherwise` when it is not there. */
export const numberOf = (
  input: Input,
  name: string,
  [least, most]: [number, number],
  otherwise: number,
): number | Fault => {
  const value = input[name] ?? otherwise;
  if (typeof value !== "number" || !Number.isInteger(value)) return faults.malformed(`${name} must be a whole number.`);
  if (value >= least && value <= most) return value;
  return faults.invalidValue(
    `Value ${value} for parameter ${name} is invalid. Reason: ${name} must be >= ${least} and <= ${most}.`,
  );
};

/** A list of texts; empty when it is not there. */
export const textsOf = (input: Input, name: string): string[] | Fault => {
  const value = input[name] ?? [];
  const whole = Array.isArray(value) && value.every((one) => typeof one === "string");
  return whole ? value : faults.malformed(`${name} must be a list of strings.`);
};

/** The largest message, and the largest batch: 1 MiB, in bytes of UTF-8. */
const LARGEST = 1_048_576;

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html: the characters of XML 1.0. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export type Sending = { body: string; delayMs: number };

/** A message to be sent: its body and its delay, at most 900 s. */
export const sendingOf = (input: Input): Sending | Fault => {
  const body = textOf(input, "MessageBody");
  if (isFault(body)) return body;
  if (FORBIDDEN.test(body)) return faults.invalidContents("The message contains characters outside the allowed set.");
  if (Buffer.byteLength(body) > LARGEST) {
    return faults.invalidValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${LARGEST} bytes.`,
    );
  }
  const delay = numberOf(input, "DelaySeconds", [0, 900], 0);
  return isFault(delay) ? delay : { body, delayMs: delay * 1000 };
};

export type Entry = { id: string; input: Input };

/** The entries of a batch: 1 to 10, each with an Id of its own, together no longer than 1 MiB. */
export const entriesOf = (input: Input): Entry[] | Fault => {
  const entries = input["Entries"] ?? [];
  if (!Array.isArray(entries) || !entries.every(isInput)) return faults.malformed("Entries must be a list of objects.");
  if (entries.length === 0)
    return faults.emptyBatch("There should be at least one SendMessageBatchRequestEntry in the request.");
  if (entries.length > 10) {
    return faults.tooManyEntries(`Maximum number of entries per request are 10. You have sent ${entries.length}.`);
  }
  const ids = entries.map((entry) => entry["Id"]);
  const named: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    const id = ids[index];
    if (typeof id !== "string" || !/^[\w-]{1,80}$/.test(id)) {
      return faults.invalidEntryId(
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (ids.indexOf(id) !== index) return faults.idsNotDistinct(`Id ${id} repeated.`);
    named.push({ id, input: entry });
  }
  const size = entries.reduce(
    (sum, { MessageBody }) => sum + (typeof MessageBody === "string" ? Buffer.byteLength(MessageBody) : 0),
    0,
  );
  if (size <= LARGEST) return named;
  return faults.batchTooLong(`Batch requests cannot be longer than ${LARGEST} bytes. You have sent ${size} bytes.`);
};
