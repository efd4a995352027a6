import type { Head } from "../../shared/domain/article.ts";
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

/** What has become of the newest change that readers should see. */
export const receiptOf = ({ head, live, works }: ArticleState, site: Pick<LoadedSite, "baseUrl">) => {
  if (!isPublic(head)) {
    const seq = head?.siteSeq ?? 0;
    const reason = head?.status === "withdrawn" ? "The story was withdrawn." : "The story has not been published.";
    return { state: "not-public" as const, reason, seq };
  }
  // What is older than the receipt is a picture's: the story is rendered again with it, and is live all the while.
  const open = works.filter((work) => work.phase !== "purge2" && work.seq > (live?.doneSeq ?? 0));
  // A newer change that nobody has tried yet may well go through, and takes the older ones along.
  const failed = open.every((work) => work.error !== undefined) ? open.at(-1) : undefined;
  const pageUp = live !== undefined && live.liveSeq >= head.siteSeq;
  const done = pageUp && open.length === 0 && (live.doneSeq ?? 0) >= head.siteSeq;
  return {
    state: done ? ("live" as const) : failed ? ("failed" as const) : ("pending" as const),
    ...(failed && !done
      ? {
          reason: `${REASONS[failed.error ?? ""] ?? "A page could not be written."} It is tried again by itself (${failed.attempts} so far).`,
        }
      : {}),
    seq: head.siteSeq,
    liveSeq: live?.liveSeq,
    url: absolute(site.baseUrl, pathOf(head)),
    acknowledgedAt: head.published.at,
    liveAt: pageUp ? live.liveAt : undefined,
    doneAt: done ? live.doneAt : undefined,
    pictures: (pageUp ? live.pending : Object.keys(head.published.pictures).length > 0)
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
