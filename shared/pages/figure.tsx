import type { Body, Figure } from "../domain/body.ts";
import type { Size } from "../domain/rendition.ts";
import { absolute } from "../site/paths.ts";
import { Picture } from "./picture.tsx";
import { choiceOf, jpegOf, pathOf, PLAIN_WIDTH } from "./renditions.ts";
import { TEXT, WIDE } from "./sizes.ts";
import type { Show } from "./spans.tsx";
import { creditOf } from "./text.ts";
import type { ArticleView, PictureView } from "./view.ts";

type Pictures = ArticleView["pictures"];

/** A figure's picture, what the figure says of it before what it says of itself; undefined when it is off the page. */
export const pictureOf = (figure: Figure, pictures: Pictures): PictureView | undefined => {
  const picture = figure.image === undefined ? undefined : pictures[figure.image];
  return (
    picture && {
      ...picture,
      alt: figure.alt ?? picture.alt,
      caption: figure.caption ?? picture.caption,
      credit: figure.credit ?? picture.credit,
    }
  );
};

/** The figures of a body that have a picture, in order. */
export const figuresOf = (body: Body, pictures: Pictures): Figure[] =>
  body.flatMap((block) => (block._type === "figure" && pictureOf(block, pictures) ? [block] : []));

const Caption = ({ picture: { caption, credit }, show }: { picture: PictureView; show: Show }) =>
  caption || credit ? (
    <figcaption>
      {caption && show(caption)}
      {caption && credit && " "}
      {credit && <span>{show(creditOf(credit))}</span>}
    </figcaption>
  ) : null;

/** Narrower ones stay in the column of the text: they have not the pixels for more. */
const WIDE_PIXELS = 800;
/** From these shapes on (width by height) a picture gains by standing wider than the text: above it, and in it. */
const WIDE_ABOVE = 1.2;
const WIDE_WITHIN = 1.9;
/** Below this shape it is no photograph but a strip to be read from top to bottom, and takes the height it needs. */
const STRIP = 0.5;
/** By how much a small picture may be enlarged before it looks blurred. */
const STRETCH = 1.1;
/** Pixels of the widest column it can stand in: 60rem and 40rem. */
const COLUMN = { wide: 960, text: 640 };

/** Its shape as --r, for the sheet to keep a tall one in sight; how wide it may be as --w, if that is less than its column. */
const measuresOf = ({ width, height }: Size, column: number): string => {
  const most = Math.round(width * STRETCH);
  const shape = width / height < STRIP ? [] : [`--r:${Number((width / height).toFixed(3))}`];
  return [...shape, ...(most < column ? [`--w:${most}px`] : [])].join(";");
};

type FigureProps = { picture: PictureView; show: Show; above: boolean; eager: boolean };

/** A picture in a story, with caption and credit: `above` the text or within it. */
export const StoryFigure = ({ picture, show, above, eager }: FigureProps) => {
  const largest = choiceOf(picture, "full")?.largest;
  if (!largest) return null;
  const wide = largest.width >= WIDE_PIXELS && largest.width / largest.height >= (above ? WIDE_ABOVE : WIDE_WITHIN);
  return (
    <figure
      class={wide ? "pic wide" : "pic"}
      style={measuresOf(largest, wide ? COLUMN.wide : COLUMN.text) || undefined}
    >
      <Picture picture={picture} crop="full" sizes={wide ? WIDE : TEXT} alt={picture.alt ?? ""} eager={eager} />
      <Caption picture={picture} show={show} />
    </figure>
  );
};

/** The same where one address must do: in feeds. */
export const FeedFigure = ({ picture, show, baseUrl }: { picture: PictureView; show: Show; baseUrl: string }) => {
  const jpeg = jpegOf(picture, "full", PLAIN_WIDTH);
  if (!jpeg) return null;
  const src = absolute(baseUrl, pathOf(picture, jpeg));
  return (
    <figure>
      <img src={src} width={jpeg.width} height={jpeg.height} alt={picture.alt ?? ""} />
      <Caption picture={picture} show={show} />
    </figure>
  );
};
