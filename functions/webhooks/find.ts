import type { ApiKey } from "../../shared/domain/access.ts";
import { sourceKeyId } from "../../shared/domain/natural-key.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import type { EventCommand } from "../../shared/senders/kind.ts";
import { readEvent } from "../../shared/senders/kinds/index.ts";
import type { Source } from "../../shared/senders/source.ts";
import { loadSource, type StoredSource } from "../../shared/store/hooks.ts";
import type { EventOutcome, Finding, ReceivedEvent } from "../../shared/store/received.ts";
import { loadSite } from "../../shared/store/site.ts";
import type { HooksServices } from "./context.ts";
import { carryOut } from "./carry-out.ts";

/** One command of an event, and all that it is carried out with. */
export type Job<Command extends EventCommand = EventCommand> = {
  source: StoredSource<Source>;
  event: ReceivedEvent;
  command: Command;
  /** Who does it: the source itself. */
  key: ApiKey;
  /** There will be no other try. */
  isLast: boolean;
};

/** Stories of one event that are worked on side by side: each may bring many pictures. */
const AT_ONCE = 4;
/** No story is begun later than this in a try, in ms: the last one has its time before the function ends. */
const BUDGET_MS = 60_000;

/** An editor, for what it may bring live, withdraw and change is the administrator's word when the source is made. */
export const keyOf = ({ name, createdAt }: StoredSource<unknown>): ApiKey => ({
  id: sourceKeyId(name),
  name,
  role: "editor",
  createdAt,
});

const dead = (reason: string, more: Partial<Finding> = {}): Finding => ({ state: "dead", reason, ...more });

/** What becomes of an event: it is read by its source as that is now, and what it wants done is done. Throws for faults of ours alone. */
export const find = async (services: HooksServices, event: ReceivedEvent, isLast: boolean): Promise<Finding> => {
  const { table, inbox, siteUrl } = services;
  const [source, body, site] = await Promise.all([
    loadSource<Source>(table, event.source),
    inbox.get(event.source, event.id),
    loadSite(table, siteUrl),
  ]);
  if (!source) return dead("The source was taken off.");
  if (source.createdAt !== event.sourceSince)
    return dead("The source was made anew after this had come: replay it, if it is to be this source's.");
  if (!body) return dead("What was sent is not kept any more.");
  const { kind, mapping } = source.settings;
  const { method, path, headers } = event;
  const read = readEvent(kind, { method, path, headers, body }, { mapping, locale: site.locale });
  if (!read.ok)
    return dead("The event cannot be read.", "faults" in read.refusal ? { faults: read.refusal.faults } : {});
  const { commands, ignored, warnings } = read.value;
  if (commands.length === 0) return { state: "ignored", reason: ignored, warnings };
  // What is wanted of one story is done in its order.
  const stories = [...Map.groupBy(commands, ({ externalId }) => externalId).values()];
  const key = keyOf(source);
  const until = services.clock.now() + BUDGET_MS;
  const outcomes = await inParallel(stories, AT_ONCE, async (wanted) => {
    const [{ externalId } = { externalId: "" }] = wanted;
    const before = settledBefore(event, externalId);
    if (before.length) return before;
    if (services.clock.now() > until) return [{ externalId, ...NOT_BEGUN }];
    return story(services, wanted, { source, event, key, isLast });
  });
  return { ...summary(outcomes.flat()), warnings };
};

const NOT_BEGUN = {
  action: "waiting",
  reason: "There are too many stories in it for one try: the others come next.",
} as const;

/** What became of a story at an earlier try, if that was the end of it; nothing of it is to be done again. */
const settledBefore = ({ outcomes = [] }: ReceivedEvent, externalId: string): EventOutcome[] => {
  const known = outcomes.filter((outcome) => outcome.externalId === externalId);
  return known.some(({ action }) => action === "waiting") ? [] : known;
};

/** One story's commands, in their order. A fault of ours is that story's alone: its neighbours go on. */
const story = async (
  services: HooksServices,
  wanted: readonly EventCommand[],
  about: Omit<Job, "command">,
): Promise<EventOutcome[]> => {
  const done: EventOutcome[] = [];
  for (const command of wanted) {
    try {
      done.push(await carryOut(services, { ...about, command }));
    } catch (error) {
      const { source, id, attempts: attempt } = about.event;
      const code = error instanceof Error ? error.name : "unknown";
      services.events({ event: "hook.failed", source, id, attempt, code });
      const reason = `Something went wrong on our side (${code}).`;
      return [...done, { externalId: command.externalId, action: "waiting", reason }];
    }
  }
  return done;
};

/** An event is open while anything of it is, and dead when anything of it was refused. */
const summary = (outcomes: EventOutcome[]): Finding => {
  const waiting = outcomes.find(({ action }) => action === "waiting");
  if (waiting) return { state: "retrying", reason: waiting.reason, outcomes };
  const refused = outcomes.find(({ action }) => action === "refused");
  return refused
    ? dead(refused.reason ?? "It was refused.", { faults: refused.faults, outcomes })
    : { state: "done", outcomes };
};
