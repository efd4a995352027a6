import { html as names } from "parse5";
import type { TextBlock } from "../../domain/body.ts";
import { attribute, hasClass, styleOf } from "./node.ts";
import type { ElementNode } from "./tree.ts";

const set = (list: string): ReadonlySet<string> => new Set(list.split(" "));

/** Leave with everything inside: code, foreign languages, what browsers do not show as text, and form fields. */
const DROPPED = set(
  "script style template noscript svg math iframe embed video audio canvas xmp noembed noframes textarea title select " +
    "datalist input progress meter frame frameset bgsound meta link base",
);
/** Leave too, but say nothing of interest: no warning. */
const SILENT = set("col colgroup source track param area wbr keygen");
/** Lose their function or meaning, and keep their text. */
const UNWRAPPED = set("object applet button form s strike del");

const BLOCKS = set(
  "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form " +
    "h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main menu nav ol optgroup option p plaintext pre search section " +
    "summary table caption thead tbody tfoot tr td th ul",
);

const HEADINGS: ReadonlyMap<string, TextBlock["style"]> = new Map([
  ["h1", "h2"],
  ["h2", "h2"],
  ["h3", "h3"],
  ["h4", "h4"],
  ["h5", "h4"],
  ["h6", "h4"],
]);

/** What becomes of an element: gone with its text, gone but for its text, or kept. */
export type Fate = "dropped" | "silent" | "unwrapped" | "kept";
export const fateOf = (element: ElementNode): Fate => {
  const { tag, namespace } = element;
  // Every paste begins with <meta charset>; only one that acts as a header is worth a word.
  if (tag === "meta" && attribute(element, "http-equiv") === undefined) return "silent";
  if (namespace !== names.NS.HTML || DROPPED.has(tag)) return "dropped";
  if (SILENT.has(tag)) return "silent";
  return UNWRAPPED.has(tag) ? "unwrapped" : "kept";
};
/** Whether nothing inside an element is ever read. */
export const isOpaque = (element: ElementNode): boolean => {
  const fate = fateOf(element);
  return fate === "dropped" || fate === "silent";
};

/** Whether text before, inside and after the element stands on lines of its own. Unknown elements do not. */
export const isBlock = (element: ElementNode): boolean => BLOCKS.has(element.tag);
/** The style of a heading: h1 is the headline's, so body headings begin at h2 and end at h4. */
export const headingStyle = (element: ElementNode): TextBlock["style"] | undefined => HEADINGS.get(element.tag);
/** Whether white space and line ends stay as they are. */
export const isPreformatted = ({ tag }: ElementNode): boolean =>
  tag === "pre" || tag === "listing" || tag === "plaintext";

/** A figure, or the `div` that WordPress long wrote instead. */
export const isFigure = (element: ElementNode): boolean =>
  element.tag === "figure" || hasClass(element, /^wp-caption$/);
export const isCaption = (element: ElementNode): boolean =>
  element.tag === "figcaption" || hasClass(element, /^wp-caption-text$/);
/** A quotation set apart, by its class: `pullquote`, `pull-quote`, `wp-block-pullquote`. */
export const isPullquote = (element: ElementNode): boolean =>
  isBlock(element) && hasClass(element, /^(?:wp-block-)?pull-?quote$/i);
/** An emoji that a CMS shows as a small picture; its `alt` is the character. */
export const isEmoji = (element: ElementNode): boolean =>
  element.tag === "img" && hasClass(element, /^(?:emoji|wp-smiley)$/);
/** A picture nobody is to see: one pixel or less, as counters use. */
export const isTrackingPixel = (element: ElementNode): boolean =>
  [attribute(element, "width"), attribute(element, "height")].every((size) => size === "0" || size === "1");

const TAG_MARKS: ReadonlyMap<string, string> = new Map([
  ["strong", "strong"],
  ["b", "strong"],
  ["em", "em"],
  ["i", "em"],
  ["code", "code"],
  ["kbd", "code"],
  ["samp", "code"],
  ["tt", "code"],
  ["pre", "code"],
  ["listing", "code"],
  ["plaintext", "code"],
  ["sub", "sub"],
  ["sup", "sup"],
]);

/**
 * The marks an element puts on or takes off its text, by its name and then by its inline style: Google Docs writes bold
 * as `<span style="font-weight:700">` and wraps whole documents in `<b style="font-weight:normal">`.
 */
export const marksOf = (element: ElementNode): Map<string, boolean> => {
  const marks = new Map<string, boolean>();
  const byTag = TAG_MARKS.get(element.tag);
  if (byTag) marks.set(byTag, true);
  if (isBlock(element)) return marks;
  const style = styleOf(element);
  const weight = style.get("font-weight");
  if (weight) marks.set("strong", /^(?:bold|bolder|[6-9]00)\b/.test(weight));
  const slant = style.get("font-style");
  if (slant) marks.set("em", /^(?:italic|oblique)\b/.test(slant));
  const raised = style.get("vertical-align");
  if (raised === "super") marks.set("sup", true);
  if (raised === "sub") marks.set("sub", true);
  return marks;
};
