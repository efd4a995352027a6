import { iso } from "../../shared/domain/time.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { listsOf, pathOf, publicImages } from "../../shared/site/impact.ts";
import { bucketTagOf, tagOf } from "../../shared/site/paths.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { loadImage, storiesUsing } from "../../shared/store/images.ts";
import { isPublic } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";
import { LOST_AFTER_MS, newWork, type Work, workDone, workPut } from "../../shared/store/work.ts";

type Spreader = Pick<Services, "table" | "clock" | "ids" | "events">;

/** Stories that one piece of a picture's work hands on; a picture of a thousand stories takes several pieces. */
const STORIES = 100;
const AT_ONCE = 16;

/**
 * A picture has become ready, or what is said of it has changed: files WORK for every published story that shows it, under the
 * picture's id or that of a twin. Done twice it files nothing twice while that work stands. What does not fit into one piece
 * is filed as another, in the transaction that ends this one.
 */
export const fanOut = async (services: Spreader, work: Work & { image: string }): Promise<void> => {
  const { table, clock, ids, events } = services;
  const image = await loadImage(table, work.image);
  const [from = work.image, after = ""] = work.after?.split(" ") ?? [];
  const names = [work.image, ...(image?.twins ?? [])];
  const name = names.includes(from) ? from : work.image;
  const stories = await storiesUsing(table, name, STORIES, after);
  await inParallel(stories, AT_ONCE, (article) => fileFor(services, work, { article, name }));
  const next = stories.length === STORIES ? `${name} ${stories.at(-1)}` : names[names.indexOf(name) + 1];
  const now = clock.now();
  const { image: about, purge = false, seq, createdAt } = work;
  const rest = { id: ids.ulid(now), image: about, purge, seq, createdAt };
  await table.transact([
    workDone(work),
    ...(next === undefined ? [] : [workPut(newWork({ ...rest, after: next }), iso(now + LOST_AFTER_MS))]),
  ]);
  events({ event: "render.fanned-out", image: work.image, stories: stories.length });
};

/** A story's work bears the picture's work's id: filed again it is the same. Of what readers are not shown there is none. */
const fileFor = async (
  { table, clock }: Spreader,
  work: Work,
  { article, name }: { article: string; name: string },
): Promise<void> => {
  const head = await loadHead(table, article);
  if (!isPublic(head) || !publicImages(head).includes(name)) return;
  const { put, if: condition } = workPut(
    newWork({
      id: work.id,
      article,
      path: pathOf(head),
      seq: head.siteSeq,
      lists: listsOf(head.published),
      bodyDigest: head.published.content.bodyDigest,
      tags: work.purge ? [tagOf(article), bucketTagOf(article)] : [],
      createdAt: work.createdAt,
    }),
    iso(clock.now() + LOST_AFTER_MS),
  );
  await table.write({ put, if: condition });
};
