import type { Warning } from "../../domain/error.ts";
import type { Line } from "./clean.ts";
import { type Paragraph, textOfParagraph } from "./split.ts";

export type Headed = { kicker?: string; headline?: string; rest: Paragraph[]; warnings: Warning[] };

const headOf = (lines: readonly Line[]): Pick<Headed, "kicker" | "headline"> => {
  const [first, ...others] = lines.map((line) => line.text);
  if (first === undefined) return {};
  return first.endsWith(":") && others.length > 0
    ? { kicker: first, headline: others.join(" ") }
    : { headline: [first, ...others].join(" ") };
};

/**
 * Step 3: kicker and headline from the lines above the date. Without any, the first paragraph (and the second, if the
 * first ends in a colon) is taken, and `warnings` says that it was a guess.
 */
export const takeHead = (above: readonly Line[] | undefined, below: readonly Paragraph[]): Headed => {
  if (above && above.length > 0) return { ...headOf(above), rest: [...below], warnings: [] };
  const first = below[0];
  if (!first) return { rest: [], warnings: [] };
  const count = textOfParagraph(first).endsWith(":") ? 2 : 1;
  const why = above ? "nothing stands above the date" : "there is no date line";
  const detail = `${why}: the headline was taken from the first paragraph`;
  return {
    ...headOf(below.slice(0, count).flat()),
    rest: below.slice(count),
    warnings: [{ code: "guessed-headline", pointer: "/headline", detail }],
  };
};
