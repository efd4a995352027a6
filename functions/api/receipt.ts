import type { Head, Scheduled } from "../../shared/domain/article.ts";
import { formatTime } from "../../shared/domain/time.ts";
import { pathOf } from "../../shared/site/impact.ts";
import { absolute } from "../../shared/site/paths.ts";
import { isPublic } from "../../shared/store/live.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { type ArticleState, loadState } from "../../shared/store/state.ts";
import type { ApiServices } from "./context.ts";

const REASONS: Record<string, string> = {
  "body-unreadable": "The story's stored body cannot be read.",
  contended: "Too many changes met at one page.",
  "newer-renderer": "A newer version of the renderer has to write this page.",
  "section-removed": "The story's section is no more.",
};

/** Of a scheduled story whose time came in vain: what is in its way. */
const held = ({ at, failed }: Scheduled, zone: string): string => {
  const faults = (failed?.faults ?? []).map(({ pointer, detail }) => `${pointer} ${detail}`);
  const why = faults.length ? faults.join("; ") : "our own fault";
  return `The story was due at ${formatTime(Date.parse(at), zone)}, and could not go up: ${why}. It is tried again by itself (${failed?.attempts ?? 0} so far).`;
};

/** Of a story that has never been public: why not. */
const notYet = (head: Head | undefined, zone: string) => {
  if (head?.scheduled?.failed)
    return { state: "failed" as const, reason: held(head.scheduled, zone), seq: head.siteSeq };
  return unpublished(head, zone);
};

const unpublished = (head: Head | undefined, zone: string) => ({
  state: "not-public" as const,
  reason: head?.scheduled
    ? `The story is scheduled: revision ${head.scheduled.revision} goes up at ${formatTime(Date.parse(head.scheduled.at), zone)}.`
    : "The story has not been published.",
  seq: head?.siteSeq ?? 0,
});

/**
 * What has become of the newest change that readers should see. A withdrawal is such a change: `not-public` once it is done, and
 * pending until then.
 */
export const receiptOf = ({ head, live, works }: ArticleState, site: Pick<LoadedSite, "baseUrl" | "timeZone">) => {
  const { published } = head ?? {};
  if (!head || !published) return notYet(head, site.timeZone);
  // What is older than the receipt is a picture's: the story is rendered again with it, and is live all the while.
  const open = works.filter((work) => work.phase !== "purge2" && work.seq > (live?.doneSeq ?? 0));
  // A newer change that nobody has tried yet may well go through, and takes the older ones along.
  const failed = open.every((work) => work.error !== undefined) ? open.at(-1) : undefined;
  const pageUp = live !== undefined && live.liveSeq >= head.siteSeq;
  const done = pageUp && open.length === 0 && (live.doneSeq ?? 0) >= head.siteSeq;
  const isShown = isPublic(head);
  const reason = done
    ? isShown
      ? {}
      : { reason: "The story was withdrawn." }
    : failed
      ? {
          reason: `${REASONS[failed.error ?? ""] ?? "A page could not be written."} It is tried again by itself (${failed.attempts} so far).`,
        }
      : {};
  return {
    state: done
      ? isShown
        ? ("live" as const)
        : ("not-public" as const)
      : failed
        ? ("failed" as const)
        : ("pending" as const),
    ...reason,
    seq: head.siteSeq,
    liveSeq: live?.liveSeq,
    url: absolute(site.baseUrl, pathOf({ id: head.id, published })),
    acknowledgedAt: head.withdrawal?.at ?? published.at,
    liveAt: pageUp ? live.liveAt : undefined,
    doneAt: done ? live.doneAt : undefined,
    pictures: (pageUp ? live.pending : Object.keys(published.pictures).length > 0)
      ? ("pending" as const)
      : ("ready" as const),
    pages: done ? (live.pages ?? []) : [],
  };
};

export type Receipt = ReturnType<typeof receiptOf>;

/** Waits until a change is live, at most `seconds`; past that the state is said to be pending. */
export const awaitLive = async (
  services: ApiServices,
  head: Head,
  site: LoadedSite,
  seconds: number,
): Promise<Receipt> => {
  const until = services.clock.now() + seconds * 1000;
  for (let pause = 10; ; pause = Math.min(250, pause * 1.5)) {
    const receipt = receiptOf(await loadState(services.table, head.id), site);
    if (receipt.state !== "pending" || services.clock.now() + pause > until) return receipt;
    await services.clock.sleep(pause);
  }
};
