import { type ApiKey, actorOf } from "../domain/access.ts";
import type { Head } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import type { Command, Decision } from "../domain/decide/command.ts";
import { decide } from "../domain/decide/decide.ts";
import { invalid, ok, type Result } from "../domain/error.ts";
import type { KnownPictures } from "../domain/picture.ts";
import { iso } from "../domain/time.ts";
import { newOriginal } from "../domain/translation.ts";
import { namedImages } from "../site/impact.ts";
import { loadHead } from "./articles.ts";
import { newClaims, takenNow } from "./claims.ts";
import { commit } from "./commit.ts";
import type { Write } from "./dynamo.ts";
import type { Idempotency, Replay } from "./idempotency.ts";
import { knownPictures } from "./images.ts";
import { sendRelease } from "./release.ts";
import type { Services } from "./services.ts";
import type { LoadedSite } from "./site.ts";

export type Outcome = { kind: "done"; decision: Decision } | { kind: "replay"; replay: Replay } | { kind: "moved" };

/** What is asked for, and all that a decision needs. */
export type Ask = {
  command: Command;
  before: Head | undefined;
  site: LoadedSite;
  body?: Body | undefined;
  /** Photos that came along: known, and kept once the decision is made; `keep` says false when another was faster. */
  arrived?: { known: KnownPictures; keep(): Promise<boolean> };
  idempotency?: Idempotency | undefined;
  /** Is written in the same transaction, even when nothing else would be; when a condition of it does not hold, the state has moved. */
  beside?: readonly Write[];
  /** Everything is looked at, and nothing kept. */
  dryRun?: boolean;
};

/** Who never schedules needs no queue for it. */
type Performer = Pick<Services, "table" | "bodies" | "clock" | "ids" | "events"> &
  Partial<Pick<Services, "scheduleQueue">>;

/** The ids of the pictures that a command is about: those of its content, or of what is there; a handover is about all of a story's. */
const imagesOf = ({ command, before }: Ask): string[] => {
  if (command.type === "handover" && before) return namedImages(before);
  const content = "content" in command ? command.content : before?.content;
  return (content?.pictures ?? []).map(({ image }) => image);
};

/** What is known of the pictures that a command is about; none are looked up twice. */
const picturesFor = async ({ table }: Performer, key: ApiKey, ask: Ask): Promise<KnownPictures> => {
  const { arrived } = ask;
  const ids = imagesOf(ask).filter((id) => !arrived?.known.has(id));
  if (!ids.length) return arrived?.known ?? new Map();
  const found = await knownPictures(table, key, ids);
  return new Map([...found, ...(arrived?.known ?? [])]);
};

/** The article that a content says it translates, unless it said so before. */
const originalFor = async ({ table }: Performer, { command, before }: Ask): Promise<Head | undefined> => {
  const named = "content" in command ? newOriginal(command.content, before?.content) : undefined;
  return named === undefined ? undefined : loadHead(table, named);
};

/**
 * Decides and commits a command of whoever has this key, from what was read; nothing is kept on a dry run, or when nothing would
 * change. `moved`: the state is another by now, to be read and asked of again.
 */
export const perform = async (services: Performer, key: ApiKey, ask: Ask): Promise<Result<Outcome>> => {
  const { table, clock } = services;
  const { command, before, site, body, arrived, idempotency, beside = [], dryRun } = ask;
  const [pictures, original] = await Promise.all([picturesFor(services, key, ask), originalFor(services, ask)]);
  const decided = decide(command, before, { key, now: iso(clock.now()), site, pictures, original });
  if (!decided.ok) return decided;
  const decision = decided.value;
  if (dryRun) {
    const faults = await takenNow(table, newClaims(decision.before, decision.after), decision.after.id);
    if (faults.length) return invalid(...faults);
  }
  const isNothing = decision.after === decision.before && !idempotency && beside.length === 0;
  if (dryRun || isNothing) return ok({ kind: "done", decision });
  if (arrived && !(await arrived.keep())) return ok({ kind: "moved" });
  const committed = await commit(services, {
    decision,
    by: actorOf(key),
    body,
    idempotency,
    beside,
    freezeZone: site.zoneFrozen ? undefined : site.timeZone,
    leads: site.leads,
    pictures,
    announces: site.announces,
  });
  if (committed.kind === "taken") return invalid(...committed.faults);
  if (committed.kind !== "committed") return ok(committed);
  const { action, after } = decision;
  const { scheduleQueue } = services;
  if (action === "schedule" && after.scheduled && scheduleQueue)
    await sendRelease({ ...services, scheduleQueue }, { article: after.id, at: after.scheduled.at });
  return ok({ kind: "done", decision });
};
