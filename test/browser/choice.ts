import type { Format } from "../../shared/domain/rendition.ts";
import type { Shown } from "./in-page.ts";

/** A file by its format and width: `avif 640`. */
const nameOf = (address: string): string => {
  const [, width, format] = /-(\d+)\.(\w+)$/.exec(address) ?? [];
  return `${format} ${width}`;
};
const widthOf = (name: string): number => Number(name.split(" ")[1]);

/** What the browser took for each picture. */
export const taken = (shown: readonly Shown[]): string[] => shown.map(({ file }) => nameOf(file));

/** What it ought to take: of this format the narrowest that has a pixel for each of the screen's, or else the widest. */
export const fitting = (shown: readonly Shown[], format: Format, density: number): string[] =>
  shown.map(({ drawn, offers }) => {
    const offered = (offers[format] ?? "").split(", ").map((offer) => nameOf(offer.split(" ")[0] ?? ""));
    const ascending = offered.sort((a, b) => widthOf(a) - widthOf(b));
    return ascending.find((name) => widthOf(name) >= drawn * density) ?? ascending.at(-1) ?? "none";
  });
