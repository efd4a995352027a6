import { type ApiKey, keyInput } from "../../shared/domain/access.ts";
import { iso } from "../../shared/domain/time.ts";
import { faultsOf } from "../../shared/intake/faults.ts";
import { readMoment } from "../../shared/intake/moment.ts";
import type { Typed } from "./arguments.ts";

type Wanted = Pick<ApiKey, "name" | "role" | "sections" | "expiresAt">;

const optionOf = (pointer: string): string => {
  const [, field = "", member] = pointer.split("/");
  return `--${field === "expiresAt" ? "expires" : field}${member === undefined ? "" : ` (number ${Number(member) + 1})`}`;
};

/**
 * A new key by the rules of POST /keys: its schema, and an end that lies after `now` (ms since the epoch), read in the
 * site's zone; or every fault, one plain sentence each.
 */
export const readWanted = (typed: Typed, zone: string, now: number): { key: Wanted } | { faults: string[] } => {
  const read = keyInput.safeParse(typed);
  const at = typed.expiresAt === undefined ? undefined : readMoment(typed.expiresAt, zone);
  const late = typed.expiresAt !== undefined && (at === undefined || at <= now);
  const faults = [
    ...(read.success ? [] : faultsOf(read.error).map(({ pointer, detail }) => `${optionOf(pointer)} ${detail}.`)),
    ...(late ? ["--expires must be a time in the future, such as 2027-06-30 or 2027-06-30T18:00+07:00."] : []),
  ];
  if (!read.success || faults.length) return { faults };
  const { name, role, sections } = read.data;
  return { key: { name, role, sections, expiresAt: at === undefined ? undefined : iso(at) } };
};
