import articleCss from "./article.css";
import baseCss from "./base.css";
import blocksCss from "./blocks.css";
import { colourRules } from "./colours.ts";
import correctionsCss from "./corrections.css";
import { FACE } from "./fonts.ts";
import listCss from "./list.css";
import listPicturesCss from "./list-pictures.css";
import picturesCss from "./pictures.css";
import plainCss from "./plain.css";

const FACE_RULE = `@font-face{font-family:"Broadsheet Serif";src:url(${FACE.path})format("woff2");font-weight:700;font-display:optional}`;

const SHEETS = {
  /** A story of headings and paragraphs. */
  article: articleCss,
  /** A story that has lists, quotations, tables, embeds and their like as well. */
  richArticle: articleCss + blocksCss,
  list: listCss,
  /** A page that says a few words: nothing here, or nothing yet. */
  plain: plainCss,
  emptyList: listCss + plainCss,
};

/** What pages that show pictures have besides. */
const PICTURES: Partial<Record<keyof typeof SHEETS, string>> = {
  article: picturesCss,
  richArticle: picturesCss,
  list: listPicturesCss,
};

/** The whole style of a page, minified, for its one style element: what that kind of page uses and no more. */
export const styleOf = (
  kind: keyof typeof SHEETS,
  sections: readonly string[],
  { pictures = false, corrections = false }: { pictures?: boolean; corrections?: boolean } = {},
): string =>
  [
    FACE_RULE,
    baseCss,
    SHEETS[kind],
    (pictures && PICTURES[kind]) || "",
    corrections ? correctionsCss : "",
    colourRules(sections),
  ].join("");
