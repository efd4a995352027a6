import * as z from "zod";
import { type Fault, ok, refuse, type Result, type Warning } from "../../domain/error.ts";
import { iso } from "../../domain/time.ts";
import type { FigureAddress } from "../../intake/addresses.ts";
import { bounded, faultsOf } from "../../intake/faults.ts";
import { parseJson } from "../../intake/json.ts";
import { readMoment } from "../../intake/moment.ts";
import type { Delivery, EventCommand, PictureAddress, ReadEvent } from "../kind.ts";

/**
 * How a source's events are read: its `mapping`, as `mappingSchema` takes it, and the site's language (BCP 47), which counts where an
 * entry comes in several and the mapping names none.
 */
export type ReadSettings = { mapping?: unknown; locale?: string };

/** What a kind makes of an event; `warnings` name, by pointers into the payload, what was there and could not be taken over. */
export type Reading = ReadEvent & { warnings?: Warning[] };

/** An event of which nothing is to be done, and why. */
export const ignored = (why: string): Result<Reading> => ok({ commands: [], ignored: why });

const malformed = (detail: string) => refuse({ kind: "malformed", faults: [{ pointer: "", detail }] });

/**
 * The payload as text, fatal UTF-8 (RFC 8259, section 8.1); out of a form's field `payload`, where a sender wraps it so. That is seen
 * in the body, which is signed, and not by a header, which is not.
 */
export const payloadText = ({ body }: Delivery): Result<string> => {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    return malformed("is not UTF-8");
  }
  return ok(text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? "") : text);
};

/** The payload as JSON, its texts clean as those of any submission. Refusals: malformed (no UTF-8, no JSON), invalid (too deep). */
export const payloadOf = (delivery: Delivery): Result<unknown> => {
  const text = payloadText(delivery);
  const json = text.ok ? parseJson(text.value) : text;
  return json.ok ? ok(json.value.value) : json;
};

/** What `schema` makes of a value that stands at `base` in the payload, or every fault of it. */
export const checked = <T>(schema: z.ZodType<T>, value: unknown, base: readonly PropertyKey[] = []): Result<T> => {
  const parsed = schema.safeParse(value);
  return parsed.success ? ok(parsed.data) : faulty(faultsOf(parsed.error, base));
};

export const faulty = (faults: Fault[]) => refuse({ kind: "invalid", faults: bounded(faults) });

/** Absent and null are the same to most senders. */
export const maybe = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? undefined);

/** An id as senders have them: text, or a whole number. */
export const idText = z
  .union([z.string(), z.int()], "must be text or a whole number")
  .transform((id) => String(id).trim())
  .refine((id) => id !== "", "must not be empty");

/** Seconds since the epoch stay below, and milliseconds since 1973 above. */
const FIRST_MS = 100_000_000_000;
const LAST_MS = 253_402_300_799_999;

/** The same moment in UTC, as ISO 8601 with milliseconds; a time without an offset is taken for UTC. Undefined: it is none. */
export const utcOf = (time: string | number | undefined): string | undefined => {
  const at =
    typeof time === "number"
      ? time < FIRST_MS
        ? time * 1000
        : time
      : time === undefined
        ? time
        : readMoment(time, "UTC");
  return at === undefined || !(at >= 0 && at <= LAST_MS) ? undefined : iso(at);
};

/** A time as a version: in UTC with nine digits of a second, so that the order of the strings is that of the times. */
export const stampOf = (time: string | number | undefined): string | undefined => {
  const at = utcOf(time);
  if (at === undefined) return undefined;
  const digits = typeof time === "string" ? /\.(\d{1,9})/.exec(time)?.[1] : undefined;
  return `${at.slice(0, 19)}.${(digits ?? at.slice(20, 23)).padEnd(9, "0")}Z`;
};

/**
 * The version of a deletion that carries the stamp of the last edit: just after that edit, and before any later one. (`~` is greater
 * than every character of a stamp.)
 */
export const afterwards = (stamp: string | undefined): string | undefined =>
  stamp === undefined ? stamp : `${stamp}~`;

/** The fields that say something. */
export const given = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
    ),
  );

/** A body to be converted by the intake; none if it is blank. */
export const bodyIn = (format: "html" | "markdown" | "text", content: string | undefined) =>
  content === undefined || content.trim() === "" ? undefined : { format, content };

const at = (version: string | undefined) => (version === undefined ? {} : { version });

export const withdraw = (externalId: string, version: string | undefined): EventCommand => ({
  type: "withdraw",
  externalId,
  ...at(version),
});

export type Story = {
  externalId: string;
  version: string | undefined;
  article: Record<string, unknown>;
  picture?: PictureAddress | undefined;
  addresses?: FigureAddress[] | undefined;
  isPublic: boolean;
  /** Whether readers may know it, as far as its sender is asked; then a story that is not public is also withdrawn. */
  wasPublic?: boolean;
};

/**
 * The commands for a story as its sender has it now. One that is no longer public there is taken off first, whether or not its
 * content can be read, and what it says now is kept beside, private: the work goes on, and senders that try once lose events.
 */
export const storyCommands = ({
  externalId,
  version,
  article,
  picture,
  addresses,
  isPublic,
  wasPublic,
}: Story): EventCommand[] => {
  const upsert: EventCommand = {
    type: "upsert",
    externalId,
    ...at(version),
    article: given(article),
    ...(picture && { picture }),
    ...(addresses?.length && { addresses }),
    isPublic,
  };
  return isPublic || !wasPublic ? [upsert] : [withdraw(externalId, version), upsert];
};
