import { formattedBody } from "../domain/article.ts";
import { type Body, blocks, type Figure } from "../domain/body.ts";
import { type Fault, pointer, type Warning } from "../domain/error.ts";
import { LIMITS } from "../domain/limits.ts";
import { faultsOf } from "./faults.ts";
import { plainToBlocks } from "./plain.ts";

export type ReadBody = { body: Body | undefined; warnings: Warning[]; faults: Fault[] };

/** The `body` member of a JSON submission: blocks, or {format, content} to be converted; undefined and null are none. */
export const readBody = async (raw: unknown): Promise<ReadBody> => {
  if (raw === undefined || raw === null) return { body: undefined, warnings: [], faults: [] };
  if (!Array.isArray(raw)) return readFormatted(raw);
  // Said once, before five hundred thousand wrong members are looked at one by one.
  if (raw.length > LIMITS.blocks) return { body: undefined, warnings: [], faults: [tooMany] };
  const parsed = blocks.safeParse(raw);
  if (!parsed.success) return { body: undefined, warnings: [], faults: faultsOf(parsed.error, ["body"]) };
  return checkBody({ body: parsed.data, warnings: [], faults: [] });
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
      return checkBody({ body: plainToBlocks(content), warnings: [], faults: [] });
  }
};

const convertedBody = ({
  blocks: body,
  warnings,
  faults,
}: {
  blocks: Body;
  warnings: Warning[];
  faults: Fault[];
}): ReadBody => checkBody({ body, warnings, faults });

/** The caps that hold for a body whatever it was written in; figures wait for their pictures. */
export const checkBody = ({ body = [], warnings, faults }: ReadBody): ReadBody => {
  const found = [...faults];
  const figures = body.flatMap((block, n) => (block._type === "figure" ? [{ block, n }] : []));
  if (body.length > LIMITS.blocks) found.push(tooMany);
  if (figures.length > LIMITS.figures)
    found.push({ pointer: "/body", detail: `has more than ${LIMITS.figures} figures` });
  if (Buffer.byteLength(JSON.stringify(body)) > LIMITS.bodyBytes)
    found.push({ pointer: "/body", detail: "is larger than 1 MB as stored" });
  const named = new Set(warnings.filter((one) => one.code === NO_PICTURE).map((one) => one.pointer));
  const waiting = figures.map(({ block, n }) => withoutPicture(block, n)).filter((one) => !named.has(one.pointer));
  return { body, warnings: [...warnings, ...waiting], faults: found };
};

const NO_PICTURE = "figure-without-picture";

const withoutPicture = (figure: Figure, n: number): Warning => ({
  code: NO_PICTURE,
  pointer: pointer(["body", n]),
  detail: figure.caption
    ? `“${figure.caption.slice(0, 80)}” is kept, and off the page until it has a picture`
    : "is kept, and off the page until it has a picture",
});
