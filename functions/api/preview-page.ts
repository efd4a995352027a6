import { type Rendition, renditionsOf } from "../../shared/domain/rendition.ts";
import { slugify } from "../../shared/domain/slug.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { renderPreview } from "../../shared/pages/preview.tsx";
import { pathOf } from "../../shared/pages/renditions.ts";
import { siteViewOf } from "../../shared/pages/site-view.ts";
import { type StoryPictures, storyPictures } from "../../shared/pages/story-pictures.ts";
import type { PictureView } from "../../shared/pages/view.ts";
import { articlePath, FRONT } from "../../shared/site/paths.ts";
import { loadImages } from "../../shared/store/images.ts";
import { CONTENT_TYPES } from "../../shared/store/media.ts";
import type { Call } from "./context.ts";
import type { Previewed } from "./previews.ts";
import { siteOf } from "./site-of.ts";

/** Where the pictures of a preview are, by the ids that the story names: under its own link, so that they end with it. */
const folderOf =
  (c: Call) =>
  (image: string): string =>
    `/previews/${c.req.param("token")}/images/${image}`;

const bodyOf = async (c: Call, { preview, content }: Previewed) => {
  const body = await c.get("services").bodies.get(preview.article, content.bodyDigest);
  if (!body) throw new Error("the stored body cannot be read");
  return body;
};

/** Where the page will stand, as far as that is known. */
const pathOfStory = ({ head, content }: Previewed): string => {
  const address = head.published?.address;
  const section = content.section ?? address?.section;
  const slug = content.slug ?? address?.slug ?? slugify(content.headline ?? "");
  return section === undefined ? FRONT : articlePath(section, slug, head.id);
};

/** The page of a preview: its revision as it was, on the site as it is, with those of its pictures that are ready. */
export const previewPage = async (c: Call, found: Previewed): Promise<string> => {
  const { preview, head, content } = found;
  const ids = [...new Set(content.pictures.map(({ image }) => image))];
  const [site, body, images] = await Promise.all([
    siteOf(c),
    bodyOf(c, found),
    ids.length ? loadImages(c.get("services").table, ids) : new Map(),
  ]);
  const { leadImage, kicker, headline = "", standfirst, section = "", bylines, publishedAt } = content;
  const { views, hero, lead }: StoryPictures = storyPictures({ ids, images, folderOf: folderOf(c), leadImage, body });
  const { locale, tags, series, sourceLine } = content;
  const time = publishedAt ?? head.published?.firstAt ?? head.scheduled?.at ?? preview.at;
  return renderPreview(
    siteViewOf(site),
    {
      id: head.id,
      path: pathOfStory(found),
      kicker,
      headline,
      standfirst,
      section,
      bylines,
      publishedAt: time,
      picture: lead,
      locale,
      body,
      pictures: views,
      hero,
      tags,
      corrections: head.published?.corrections,
      series,
      sourceLine,
    },
    preview.expiresAt,
  );
};

const hashOf = (view: PictureView, { crop }: Rendition): string => (crop === "full" ? view.full : view.crops);

/** One of the renditions that the page of a preview may show; undefined for what it has not. */
export const previewPicture = async (
  c: Call,
  { content }: Previewed,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; contentType: string } | undefined> => {
  const { image: id = "", name = "" } = c.req.param();
  const { table, renditions } = c.get("services");
  if (!ULID.test(id) || !content.pictures.some(({ image }) => image === id)) return undefined;
  const images = await loadImages(table, [id]);
  const folder = folderOf(c)(id);
  const { views } = storyPictures({ ids: [id], images, folderOf: () => folder, leadImage: undefined, body: [] });
  const [view, image] = [views[id], images.get(id)];
  if (!view || !image) return undefined;
  const formats = view.avif ? (["jpg", "webp", "avif"] as const) : (["jpg", "webp"] as const);
  const wanted = renditionsOf(view, { formats }).find((one) => pathOf(view, one) === `${folder}/${name}`);
  const bytes = wanted && (await renditions.get(image.id, hashOf(view, wanted), wanted));
  return bytes && { bytes, contentType: CONTENT_TYPES[wanted.format] };
};
