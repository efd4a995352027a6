import { publishBar, sectionBar } from "../access.ts";
import type { Content, Head } from "../article.ts";
import { ok, refuse, type Result } from "../error.ts";
import { refusalOf } from "../moves.ts";
import { heldBack, type Sourced } from "../natural-key.ts";
import type { Command, Decision, Situation } from "./command.ts";
import { embargoed, rewrite } from "./content.ts";
import { publicNow } from "./publish.ts";
import { stamped } from "./stamp.ts";

const action = "resubmit";

/** A source that says nothing of sections leaves the story where it is. */
const withSection = (content: Content, section: string | undefined): Content =>
  content.section !== undefined || section === undefined
    ? content
    : { ...content, section, warnings: content.warnings.filter(({ code }) => code !== "no-section") };

/**
 * A story that is there is sent again under its natural key. The new content is another revision, as an edit's; when it is to be
 * published it is, unless an editor's hand is on the story ({@link heldBack}). What says the same as the last time is no news: it
 * undoes nothing that was done since.
 */
export const resubmit = (
  { content, publish: wanted, breakEmbargo, digest }: Extract<Command, { type: "resubmit" }>,
  before: Head,
  situation: Situation,
): Result<Decision> => {
  const { key } = situation;
  const next = embargoed(withSection(content, before.content.section), before.content);
  const bar = refusalOf("edit", key, before) ?? sectionBar(key, next.section) ?? (wanted ? publishBar(key) : undefined);
  if (bar) return refuse(bar);
  const last = before.sourced;
  const isNews = last?.digest !== digest;
  const rewritten: Result<Decision> = isNews
    ? rewrite(action, next, before, situation)
    : ok({ action, before, after: before });
  if (!rewritten.ok) return rewritten;
  const { revision } = rewritten.value.after;
  const sourced = isNews ? said(last, { key: key.id, revision, digest }, before.revision) : last;
  const kept: Head =
    sourced === last
      ? before
      : { ...(revision > before.revision ? rewritten.value.after : stamped(before, situation)), sourced };
  const isOwn = sourced?.revision === revision;
  const moved = rewritten.value.particulars;
  if (!wanted || !isOwn || heldBack(kept)) return ok({ action, before, after: kept, particulars: moved });
  // Its seq is counted once, by the publication.
  const unstamped = kept === before ? before : { ...kept, seq: before.seq };
  const published = publicNow(unstamped, situation, { action, breakEmbargo });
  if (!published.ok) return published;
  const { after, particulars } = published.value;
  return ok({ action, before, after: after === unstamped ? kept : after, particulars: { ...moved, ...particulars } });
};

/** Another hand's edit stays one, unless the source has come to say the very same. */
const said = (last: Sourced | undefined, now: Sourced, newest: number): Sourced =>
  last?.edited && now.revision > newest ? { ...now, edited: last.edited } : now;
