import type { Head } from "../../shared/domain/article.ts";
import type { Command } from "../../shared/domain/decide/command.ts";
import { invalid, ok, type Result, type Warning } from "../../shared/domain/error.ts";
import { correctInput, plainInput, publishInput, rejectInput } from "../../shared/domain/move-input.ts";
import type { Move } from "../../shared/domain/moves.ts";
import { iso } from "../../shared/domain/time.ts";
import { isObject } from "../../shared/intake/article.ts";
import { bounded } from "../../shared/intake/faults.ts";
import type { ParsedJson } from "../../shared/intake/json.ts";
import { NO_TIME, readMoment } from "../../shared/intake/moment.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { type Ask, conditional, type Found, placed } from "./conditional.ts";
import type { Call } from "./context.ts";
import { idempotencyFor } from "./create.ts";
import { parsed, readOr } from "./input.ts";
import { patched } from "./patched.ts";
import { problem } from "./problem.ts";
import { isDryRun } from "./query.ts";
import { idempotencyKeyOf, readJsonBody } from "./request.ts";
import { withdrawalOf } from "./withdrawal.ts";

type Reader = (sent: ParsedJson, at: { c: Call; head: Head; site: LoadedSite }) => Promise<Result<Ask>>;

/** POST .../{move}: what was sent is read against the article as it stands, and read again when that moves. */
export const moving =
  (move: Move, read: Reader) =>
  async (c: Call): Promise<Response> => {
    const body = await readJsonBody(c);
    if (!body.ok) return problem(c, body.refusal);
    const key = idempotencyKeyOf(c);
    if (!key.ok) return problem(c, key.refusal);
    const { value, warnings } = body.value;
    const use = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 200, value);
    const ask = async ({ head }: Found, site: LoadedSite): Promise<Result<Ask>> => {
      const asked = await read(body.value, { c, head, site });
      return asked.ok ? ok({ warnings, ...asked.value }) : asked;
    };
    return conditional(c, move, ask, use);
  };

/** Moves that say nothing but their name. */
const plain = (command: Extract<Command, { type: Move & ("submit" | "approve" | "unschedule") }>) =>
  moving(command.type, async (sent) => {
    const { data, faults } = parsed(plainInput, sent);
    return readOr(data, faults, () => ({ command }));
  });

export const submit = plain({ type: "submit" });
export const approve = plain({ type: "approve" });
export const unschedule = plain({ type: "unschedule" });

export const reject = moving("reject", async (sent) => {
  const { data, faults } = parsed(rejectInput, sent);
  return readOr(data, faults, ({ note }) => ({ command: { type: "reject", note } }));
});

/** `at` ahead of now schedules; the decision is the one that looks at the clock. */
export const publish = moving("publish", async (sent, { site }) => {
  const { data, faults } = parsed(publishInput, sent);
  const text = isObject(sent.value) && typeof sent.value["at"] === "string" ? sent.value["at"] : undefined;
  const moment = text === undefined ? undefined : readMoment(text, site.timeZone);
  if (text !== undefined && moment === undefined && !faults.some(({ pointer }) => pointer === "/at"))
    faults.push({ pointer: "/at", detail: NO_TIME });
  const at = moment === undefined ? undefined : iso(moment);
  return readOr(data, faults, ({ breakEmbargo }) => ({ command: { type: "publish", at, breakEmbargo } }));
});

const PATCH = "/patch";
const inPatch = (pointer: string): string => `${PATCH}${pointer}`;

/** The patch is read as a PATCH's is, whatever else is wrong; what is said of its fields is said under `/patch`. */
export const correct = moving("correct", async (sent, { c, head, site }) => {
  const { data, faults } = parsed(correctInput, sent);
  const value = isObject(sent.value) ? sent.value["patch"] : undefined;
  if (!isObject(value)) return invalid(...bounded(faults));
  const isPatched = ({ pointer }: Warning): boolean => pointer.startsWith(`${PATCH}/`);
  const warnings = sent.warnings
    .filter(isPatched)
    .map((warning) => ({ ...warning, pointer: warning.pointer.slice(PATCH.length) }));
  const made = await patched(c, head, site, { value, warnings, faults: [] });
  if (!made.ok) {
    const refusal = placed(made.refusal, inPatch);
    return refusal.kind === "invalid" ? invalid(...bounded([...faults, ...refusal.faults])) : made;
  }
  const { content, body } = made.value;
  return readOr(data, faults, ({ note }) => ({
    command: { type: "correct", note, content },
    body,
    warnings: sent.warnings.filter((warning) => !isPatched(warning)),
    place: (pointer) => (pointer === "/note" ? pointer : inPatch(pointer)),
  }));
});

export const withdraw = moving("withdraw", async (sent, { c, head, site }) => {
  const command = await withdrawalOf(sent, { table: c.get("services").table, head, site });
  return command.ok ? ok({ command: command.value }) : command;
});
