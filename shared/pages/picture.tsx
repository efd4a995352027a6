import type { Crop } from "../domain/rendition.ts";
import { choiceOf, jpegOf, pathOf, PLAIN_WIDTH, srcsetOf } from "./renditions.ts";
import type { PictureView } from "./view.ts";

type Props = {
  picture: PictureView;
  crop: Crop;
  /** How wide it stands, as HTML's `sizes`. */
  sizes: string;
  /** What is read out in its place; "" where the text beside it says what it shows. */
  alt: string;
  /** The first picture that a reader sees: fetched at once, the others when they come near. */
  eager: boolean;
};

/** `#aabbcc` is `#abc`. */
const short = (colour: string): string => colour.replace(/^#(.)\1(.)\2(.)\3$/, "#$1$2$3");

/** Black or white, whichever reads better on a colour (by WCAG's luminance, gamma taken as 2.2). */
const inkOn = (colour: string): string => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
};

/** The colour behind a picture, and of the words in its place should it not come; undefined for what is no #rrggbb. */
const ground = (colour: string, alt: string): string | undefined => {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return undefined;
  return `background:${short(colour)}${alt === "" ? "" : `;color:${inkOn(colour)}`}`;
};

/**
 * A picture with all its renditions, for the browser to choose one: AVIF if there is any, WebP, JPEG. It has its measures, so
 * that nothing moves when it comes, and its colour until then.
 */
export const Picture = ({ picture, crop, sizes, alt, eager }: Props) => {
  const choice = choiceOf(picture, crop);
  const plain = jpegOf(picture, crop, Math.min(PLAIN_WIDTH, choice?.largest.width ?? 0));
  if (!choice || !plain) return null;
  const { sources, jpegs, largest } = choice;
  const several = jpegs.length > 1;
  return (
    <picture>
      {sources.map(({ format, renditions }) => (
        <source type={`image/${format}`} srcset={srcsetOf(picture, renditions)} sizes={sizes} />
      ))}
      <img
        src={pathOf(picture, plain)}
        srcset={several ? srcsetOf(picture, jpegs) : undefined}
        sizes={several ? sizes : undefined}
        width={largest.width}
        height={largest.height}
        alt={alt}
        loading={eager ? undefined : "lazy"}
        fetchPriority={eager ? "high" : undefined}
        decoding="async"
        style={ground(picture.colour, alt)}
      />
    </picture>
  );
};
