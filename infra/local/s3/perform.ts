import type { LocalClock } from "../clock.ts";
import { type Answer, answer, type Refused, refused } from "./answer.ts";
import type { Entry } from "./object-index.ts";
import { list } from "./list.ts";
import type { Operation, OperationName } from "./operation.ts";
import { postAnswer } from "./post.ts";
import { read } from "./read.ts";
import type { Store } from "./store.ts";
import { copy, guardOf, put, uploadOf, wholeSeconds, type Written } from "./write.ts";

/** Awaited before an operation takes effect: stalls it, or answers with a status and a code in its place. */
export type Gate = (op: {
  name: string;
  bucket: string;
  key: string;
}) => Promise<void | { status: number; code: string }>;

/** What an operation works on. `gate`, `honoured` and `closed` are asked anew each time, for tests turn them. */
export type House = {
  store: Store;
  buckets: readonly string[];
  clock: LocalClock;
  gate: () => Gate | undefined;
  honoured: () => boolean;
  closed: () => boolean;
  created: (at: Operation, entry: Entry) => void;
};

type Effect = (house: House, operation: Operation, raw: Buffer) => Answer | Refused | Promise<Answer | Refused>;

const answerWritten = (house: House, operation: Operation, written: Written | Refused): Answer | Refused => {
  if (written.kind === "refused") return written;
  house.created(operation, written.entry);
  return written.answer;
};

const effects: Record<OperationName, Effect> = {
  PutObject: async (house, operation, raw) => {
    const { bucket, key, headers } = operation;
    const upload = uploadOf({ bucket, key, modified: wholeSeconds(house.clock.now()) }, headers, raw);
    if (upload.kind === "refused") return upload;
    return answerWritten(house, operation, await put(house.store, upload, guardOf(headers, key, house.honoured())));
  },
  // The operation is as receivePost leaves it. There are no conditional posts.
  PostObject: async (house, operation, raw) => {
    const { bucket, key, headers } = operation;
    const upload = uploadOf({ bucket, key, modified: wholeSeconds(house.clock.now()) }, headers, raw);
    if (upload.kind === "refused") return upload;
    const written = await put(house.store, upload, () => undefined);
    if (written.kind === "refused") return written;
    return answerWritten(house, operation, { ...written, answer: postAnswer(operation, written.entry.etag) });
  },
  CopyObject: (house, operation) => {
    const { store, clock, buckets } = house;
    const guard = guardOf(operation.headers, operation.key, house.honoured());
    return answerWritten(house, operation, copy(store, operation, wholeSeconds(clock.now()), buckets, guard));
  },
  GetObject: ({ store }, operation) => read(store, operation),
  HeadObject: ({ store }, operation) => read(store, operation),
  DeleteObject: ({ store }, { bucket, key }) => {
    store.remove(bucket, key);
    return answer(204);
  },
  ListObjectsV2: ({ store }, operation) => list(store, operation),
};

/** Lets an operation through the gate and carries it out; `raw` is the body as it came. */
export const perform = async (house: House, operation: Operation, raw: Buffer): Promise<Answer | Refused> => {
  const { name, bucket, key } = operation;
  const no = await house.gate()?.({ name, bucket, key });
  if (house.closed()) return refused(503, "ServiceUnavailable", "Closed while the request was held.");
  if (no) return refused(no.status, no.code, "The gate of this stand-in said so.");
  return effects[name](house, operation, raw);
};
