import { LIMITS } from "../domain/limits.ts";

/** Where a figure's picture is: `block` is the index of the figure in the body, `url` the address as it was written, trimmed. */
export type FigureAddress = { block: number; url: string };

/**
 * The addresses that were written for figures, in their order, at most as many as a story has figures. One that is longer than any that is
 * fetched is none: `data:` may be megabytes.
 */
export const figureAddresses = (written: readonly { block: number; url: string | undefined }[]): FigureAddress[] =>
  written
    .flatMap(({ block, url }): FigureAddress[] => {
      const trimmed = url?.trim();
      return trimmed && trimmed.length <= LIMITS.url ? [{ block, url: trimmed }] : [];
    })
    .slice(0, LIMITS.figures);
