import type { Body } from "../domain/body.ts";
import { type Image, shownText } from "../domain/image.ts";
import type { PictureView } from "./view.ts";

/** What is said of a picture in its place, if anything is. */
type Told = {
  image?: string | undefined;
  alt?: string | undefined;
  caption?: string | undefined;
  credit?: string | undefined;
};

const withTexts = (view: PictureView, { alt, caption, credit }: Told): PictureView => ({
  ...view,
  alt: alt ?? view.alt,
  caption: caption ?? view.caption,
  credit: credit ?? view.credit,
});

const viewOf = (image: Image, folder: string): PictureView | undefined => {
  const { made, width, height, colour = "#888888" } = image;
  if (image.state !== "ready" || !made || width === undefined || height === undefined) return undefined;
  return {
    folder,
    full: made.full,
    crops: made.crops,
    width,
    height,
    avif: made.avif,
    colour,
    alt: shownText(image, "alt"),
    caption: shownText(image, "caption"),
    credit: shownText(image, "credit"),
  };
};

type Story = {
  /** The pictures that it may show, by the ids that it names them by. */
  ids: readonly string[];
  /** Those that there are; under the id of a twin the picture itself. */
  images: ReadonlyMap<string, Image>;
  folderOf: (id: string) => string;
  leadImage: Told | undefined;
  body: Body;
};

export type StoryPictures = {
  /** By the ids that the story names, of those that are ready. */
  views: Record<string, PictureView>;
  /** The id of the picture that lists show. */
  first: string | undefined;
  /** The same as it is shown; on top of the page too, as `hero`, when no figure shows it. */
  lead?: PictureView;
  hero?: PictureView;
};

/** What a story's page shows of its pictures: the lead image, else the first figure whose picture was not refused, leads. */
export const storyPictures = ({ ids, images, folderOf, leadImage, body }: Story): StoryPictures => {
  const views = Object.fromEntries(
    ids.flatMap((id): [string, PictureView][] => {
      const image = images.get(id);
      const view = image && viewOf(image, folderOf(id));
      return view ? [[id, view]] : [];
    }),
  );
  const figures: Told[] = body.filter((block) => block._type === "figure");
  const first: Told | undefined =
    leadImage ?? figures.find(({ image }) => image !== undefined && images.get(image)?.state !== "refused");
  const view = first?.image === undefined ? undefined : views[first.image];
  const lead = first && view && withTexts(view, first);
  const real = (id: string | undefined): string | undefined => (id === undefined ? id : (images.get(id)?.id ?? id));
  const isHero = leadImage !== undefined && !figures.some(({ image }) => real(image) === real(leadImage.image));
  return { views, first: first?.image, ...(lead ? { lead } : {}), ...(lead && isHero ? { hero: lead } : {}) };
};
