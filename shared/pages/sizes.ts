/**
 * How wide pictures stand on a page, for `sizes`: what article.css, pictures.css, list.css and list-pictures.css say of gutters
 * (--g: 1rem, 1.5rem from 40rem, 2rem from 60rem) and columns, said once more, for a browser chooses a file before it has a layout.
 */
const sizes = (desktop: string, tablet: string, phone: string): string =>
  `(min-width:60rem)${desktop},(min-width:40rem)${tablet},${phone}`;

/** Of a story: a picture wider than the text, from edge to edge on a phone. */
export const WIDE = sizes("min(60rem,100vw - 4rem)", "calc(100vw - 3rem)", "100vw");
/** In the column of the text. */
export const TEXT = "(min-width:40rem)min(40rem,100vw - 3rem),calc(100vw - 2rem)";

/** The lead of a list, by the number of cards beside it: 9, 8 or 6 of 12 columns, at most 80rem in all. */
export const LEAD = [
  sizes("min(59.5rem,75vw - 3.5rem)", "calc(100vw - 3rem)", "100vw"),
  sizes("min(52.7rem,66.7vw - 3.3rem)", "calc(100vw - 3rem)", "100vw"),
  sizes("min(39rem,50vw - 3rem)", "calc(100vw - 3rem)", "100vw"),
] as const;
/** A phone's thumbnail: 318 pixels on the densest screens, just within the file of 320. */
const THUMB = "6.625rem";
/** A card: 3 of 12 columns, or one of two; a thumbnail on a phone. */
export const CARD = sizes("min(18.5rem,25vw - 2.5rem)", "calc(50vw - 2.25rem)", THUMB);
/** The only card beside a lead: 4 of 12 columns. */
export const LONE_CARD = sizes("min(25.4rem,33.3vw - 2.7rem)", "12rem", THUMB);
/** A picture too small for its place, beside the text. */
export const THUMBNAIL = `(min-width:40rem)12rem,${THUMB}`;
