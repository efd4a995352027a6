import { pathOf } from "../../shared/site/impact.ts";
import { tagOf, bucketTagOf } from "../../shared/site/paths.ts";
import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { loadHead } from "../../shared/store/articles.ts";
import type { Services } from "../../shared/store/services.ts";
import { keyOf, LOST_AFTER_MS, newWork, type Work, workPut, type WorkRef } from "../../shared/store/work.ts";

/** A piece of a story's work, and where its page stood when that was filed. */
export type StoryRef = WorkRef & { article: string; path: string };

const AT_ONCE = 16;
/** As far as redirects are followed from one withdrawn story to the next: two that were withdrawn into each other end here. */
const HOPS = 10;

/**
 * A story's page has moved, or come or gone: files WORK for every withdrawn story whose redirect leads to it, so that none of them
 * sends readers through two, and answers it. Done twice it files nothing twice while that work stands, which bears the id of the
 * work that was the cause.
 */
export const fileLed = async (
  { table, clock }: Pick<Services, "table" | "clock">,
  target: string,
  led: readonly string[],
  open: readonly Work[],
): Promise<StoryRef[]> => {
  const cause = open.findLast(({ moved, hops = 0 }) => moved && hops < HOPS);
  if (!cause) return [];
  const refs = await inParallel([...led], AT_ONCE, async (article): Promise<StoryRef[]> => {
    const head = await loadHead(table, article);
    if (head?.withdrawal?.mode !== "redirect" || head.withdrawal.target !== target || !head.published) return [];
    const path = pathOf({ id: article, published: head.published });
    const { put, if: condition } = workPut(
      newWork({
        id: cause.id,
        article,
        path,
        seq: head.siteSeq,
        moved: true,
        hops: (cause.hops ?? 0) + 1,
        tags: [tagOf(article), bucketTagOf(article)],
        createdAt: cause.createdAt,
      }),
      iso(clock.now() + LOST_AFTER_MS),
    );
    // One that stands already is somebody's, or this story's own in a ring.
    if (!(await table.write({ put, if: condition }))) return [];
    return [{ ...keyOf({ id: cause.id, article }), id: cause.id, article, path }];
  });
  return refs.flat();
};
