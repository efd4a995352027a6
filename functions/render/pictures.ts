import type { Body } from "../../shared/domain/body.ts";
import { type Crop, CUT, type Format, renditionsOf } from "../../shared/domain/rendition.ts";
import { inParallel } from "../../shared/runtime/parallel.ts";
import { cachePolicy } from "../../shared/pages/cache.ts";
import { storyPictures } from "../../shared/pages/story-pictures.ts";
import type { PictureView } from "../../shared/pages/view.ts";
import { pictureFolder, tagOf } from "../../shared/site/paths.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { loadImages } from "../../shared/store/images.ts";
import type { Live, PublishedHead, Shown } from "../../shared/store/live.ts";
import type { Services } from "../../shared/store/services.ts";

type Publisher = Pick<Services, "table" | "pictures" | "epoch">;

/** Copies under way at one time. */
const AT_ONCE = 16;

/** Renditions that become public together: `name` says in the receipt that they are. */
type PublicSet = { name: string; image: string; view: PictureView; crops: readonly Crop[]; formats: readonly Format[] };

/** `image` is whose renditions they are: that of a twin, when the story names the other. */
const setsOf = (image: string, view: PictureView, gen: number, isLead: boolean): PublicSet[] => {
  const formats: [string, Format[]][] = [
    ["", ["jpg", "webp"]],
    ...(view.avif ? [[".avif", ["avif"]] as [string, Format[]]] : []),
  ];
  const kinds: [string, readonly Crop[]][] = [
    [view.full, ["full"]],
    ...(isLead ? [[view.crops, CUT] as [string, readonly Crop[]]] : []),
  ];
  return kinds.flatMap(([hash, crops]) =>
    formats.map(([suffix, some]) => ({ name: `${image}/${gen}/${hash}${suffix}`, image, view, crops, formats: some })),
  );
};

const hashOf = (view: PictureView, crop: Crop): string => (crop === "full" ? view.full : view.crops);

/**
 * The pictures of a published story as they are now, each public when this resolves: what its page will show is there before
 * the page is. Those that the receipt `live` names are there already. A picture that is not ready is left out.
 *
 * Undefined, and nothing is copied, when the story has moved on meanwhile: whoever takes a picture off lists what there is of
 * it after its commit, so what was loaded here must be older than a head that still shows it.
 */
export const publishPictures = async (
  services: Publisher,
  head: PublishedHead,
  live: Live | undefined,
  body: Body,
): Promise<Shown | undefined> => {
  const { pictures: gens, content } = head.published;
  const ids = Object.keys(gens);
  if (!ids.length) return { pictures: {}, sets: [], pending: false };
  const images = await loadImages(services.table, ids);
  const { views, first, lead, hero } = storyPictures({
    ids,
    images,
    folderOf: (id) => pictureFolder(head.id, gens[id] ?? 1),
    leadImage: content.leadImage,
    body,
  });
  const isRefused = (id: string): boolean => images.get(id)?.state === "refused";
  const sets = Object.entries(views).flatMap(([id, view]) =>
    setsOf(images.get(id)?.id ?? id, view, gens[id] ?? 1, id === first),
  );
  const missing = sets.filter(({ name }) => !live?.sets?.includes(name));
  if (missing.length > 0) {
    const now = await loadHead(services.table, head.id);
    if (now?.siteSeq !== head.siteSeq) return undefined;
    await copySets(services, head.id, missing);
  }
  return {
    pictures: views,
    ...(lead ? { lead } : {}),
    ...(hero ? { hero } : {}),
    sets: sets.map(({ name }) => name),
    pending: ids.some((id) => !views[id] && !isRefused(id)),
  };
};

const copySets = async ({ pictures, epoch }: Publisher, article: string, sets: PublicSet[]): Promise<void> => {
  const { cacheControl } = cachePolicy("picture");
  const object = { cacheControl, metadata: { epoch: String(epoch), "cache-tag": tagOf(article) } };
  const copies = sets.flatMap(({ image, view, crops, formats }) =>
    renditionsOf(view, { crops, formats }).map((rendition) => ({ image, view, rendition })),
  );
  await inParallel(copies, AT_ONCE, ({ image, view, rendition }) =>
    pictures.publish({ image, hash: hashOf(view, rendition.crop), rendition }, view.folder, object),
  );
};

/**
 * Takes pictures off: writes a tombstone at the path of every rendition that was ever made of them, there or not. A copy that is
 * still on its way meets it and loses; of what is made from now on nobody begins one (see {@link publishPictures}).
 */
export const darken = async (
  { table, pictures, epoch }: Publisher,
  article: string,
  dark: readonly { image: string; gen: number }[],
): Promise<void> => {
  const unique = [...new Map(dark.map((one) => [`${one.image} ${one.gen}`, one])).values()];
  if (!unique.length) return;
  const images = await loadImages(
    table,
    unique.map(({ image }) => image),
  );
  const metadata = { epoch: String(epoch), "cache-tag": tagOf(article), status: "410" };
  const object = { ...cachePolicy("gone"), metadata, body: "<!doctype html><title>410</title>\n" };
  for (const { image, gen } of unique) {
    const folder = pictureFolder(article, gen);
    const names = await pictures.names(images.get(image)?.id ?? image);
    await inParallel(names, AT_ONCE, (name) => pictures.darken(`${folder}/${name}`, object));
  }
};
