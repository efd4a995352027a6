import * as z from "zod";
import { isObject } from "../../intake/article.ts";

/** RFC 6901, section 3: `~` stands only in `~0` and `~1`. */
const POINTER = /^(?:\/(?:[^~/]|~[01])*)*$/;

export const jsonPointer = z
  .string()
  .max(300)
  .regex(POINTER, "must be a JSON pointer (RFC 6901) into the payload, such as /entry/title");

/** One pointer, or several, of which the first that leads to something counts. */
export const pointers = z.union(
  [jsonPointer, z.array(jsonPointer).min(1).max(5)],
  "must be a JSON pointer (RFC 6901) into the payload, such as /entry/title, or a list of them",
);
export type Pointers = z.output<typeof pointers>;

const INDEX = /^(?:0|[1-9]\d*)$/;

const step = (value: unknown, name: string): unknown => {
  if (Array.isArray(value)) return INDEX.test(name) ? value[Number(name)] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
};

/** The value that a pointer leads to (RFC 6901, section 4); undefined when there is none. Only own members count. */
export const resolve = (value: unknown, pointer: string): unknown =>
  pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce(step, value);

export type Found = { pointer: string; value: unknown };

/** The first value that is there and not null, and where it stands; without one, the first pointer and undefined. */
export const find = (payload: unknown, where: Pointers): Found => {
  const all = typeof where === "string" ? [where] : where;
  const found = all.map((pointer) => ({ pointer, value: resolve(payload, pointer) ?? undefined }));
  return found.find(({ value }) => value !== undefined) ?? { pointer: all[0] ?? "", value: undefined };
};
