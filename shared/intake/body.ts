import { formattedBody } from "../domain/article.ts";
import { type Body, blocks } from "../domain/body.ts";
import type { Fault, Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import type { FigureAddress } from "./addresses.ts";
import { faultsOf } from "./faults.ts";
import type { Converted } from "./html/document.ts";
import { type Photo, withImages } from "./photos.ts";
import { plainToBlocks } from "./plain.ts";
import { withWaiting } from "./waiting.ts";

export type ReadBody = {
  body: Body | undefined;
  /** Where pictures of its figures are, in a format that says so. */
  addresses?: FigureAddress[];
  warnings: Warning[];
  faults: Fault[];
};

/**
 * The `body` member of a JSON submission: blocks, or {format, content} to be converted; undefined and null are none. Its
 * caps are looked at by {@link checkBody}, once its pictures are there too.
 */
export const readBody = async (raw: unknown): Promise<ReadBody> => {
  if (raw === undefined || raw === null) return { body: undefined, warnings: [], faults: [] };
  if (!Array.isArray(raw)) return readFormatted(raw);
  // Said once, before five hundred thousand wrong members are looked at one by one.
  if (raw.length > LIMITS.blocks) return { body: undefined, warnings: [], faults: [tooMany] };
  const parsed = blocks.safeParse(raw);
  if (!parsed.success) return { body: undefined, warnings: [], faults: faultsOf(parsed.error, ["body"]) };
  return { body: parsed.data, warnings: [], faults: [] };
};

const tooMany: Fault = { pointer: "/body", detail: `has more than ${LIMITS.blocks} blocks` };

const readFormatted = async (raw: unknown): Promise<ReadBody> => {
  const parsed = formattedBody.safeParse(raw);
  if (!parsed.success) return { body: undefined, warnings: [], faults: faultsOf(parsed.error, ["body"]) };
  const { format, content } = parsed.data;
  switch (format) {
    case "html":
      return convertedBody((await import("./html/blocks.ts")).htmlToBlocks(content));
    case "markdown":
      return convertedBody((await import("./markdown/blocks.ts")).markdownToBlocks(content));
    case "text":
      return { body: plainToBlocks(content), warnings: [], faults: [] };
  }
};

const convertedBody = ({ blocks: body, ...rest }: Converted): ReadBody => ({ body, ...rest });

/**
 * The caps that hold for a body whatever it was written in, its photos' places included; and what is open in it. None at
 * all stays none.
 */
export const checkBody = (read: Omit<ReadBody, "addresses">, photos: readonly Photo[]): Omit<ReadBody, "addresses"> => {
  const { body, warnings, faults } = read;
  if (body === undefined) return read;
  const found = [...faults];
  if (body.length > LIMITS.blocks) found.push(tooMany);
  if (body.filter((block) => block._type === "figure").length > LIMITS.figures)
    found.push({ pointer: "/body", detail: `has more than ${LIMITS.figures} figures` });
  const stored = withImages(
    body,
    photos,
    photos.map(() => ANY_ID),
  );
  if (Buffer.byteLength(JSON.stringify(stored)) > LIMITS.bodyBytes)
    found.push({ pointer: "/body", detail: "is larger than 1 MB as stored" });
  return { body, warnings: withWaiting(body, warnings, new Set(photos.map(({ block }) => block))), faults: found };
};

/** As long as an image's id. */
const ANY_ID = "0".repeat(26);
