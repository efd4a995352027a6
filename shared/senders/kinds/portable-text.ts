import { type Block, block as known, DECORATORS, isSafeLink, type TextBlock } from "../../domain/body.ts";
import type { Warning } from "../../domain/error.ts";
import { type FigureAddress, figureAddresses } from "../../intake/addresses.ts";
import { isObject } from "../../intake/article.ts";

const STYLES: Readonly<Record<string, TextBlock["style"]>> = {
  normal: "normal",
  h1: "h2",
  h2: "h2",
  h3: "h3",
  h4: "h4",
  h5: "h4",
  h6: "h4",
  blockquote: "blockquote",
};

const own = <T>(table: Readonly<Record<string, T>>, key: unknown): T | undefined =>
  typeof key === "string" && Object.hasOwn(table, key) ? table[key] : undefined;
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const keyOf = (item: Record<string, unknown>) => {
  const key = item["_key"];
  return typeof key === "string" && key !== "" && key.length <= 64 ? { _key: key } : {};
};
const textAt = (item: Record<string, unknown>, name: string): string | undefined => {
  const value = item[name];
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
};

type Note = (detail: string) => void;

const linksOf = (item: Record<string, unknown>, note: Note): TextBlock["markDefs"] => {
  const links = new Map<string, TextBlock["markDefs"][number]>();
  for (const def of listOf(item["markDefs"])) {
    if (!isObject(def)) continue;
    const { _key } = keyOf(def);
    const href = textAt(def, "href");
    if (_key !== undefined && def["_type"] === "link" && href !== undefined && isSafeLink(href))
      links.set(_key, { _type: "link", _key, href });
    else note(`a mark (${(textAt(def, "_type") ?? "without a type").slice(0, 50)}), its text kept`);
  }
  return [...links.values()];
};

const textBlock = (item: Record<string, unknown>, note: Note): Block | undefined => {
  const markDefs = linksOf(item, note);
  const marks = new Set<unknown>([...DECORATORS, ...markDefs.map(({ _key }) => _key)]);
  const children = listOf(item["children"]).flatMap((child): TextBlock["children"] => {
    const text = isObject(child) && typeof child["text"] === "string" ? child["text"] : undefined;
    if (!isObject(child) || text === undefined) {
      note("something within the text");
      return [];
    }
    const kept = listOf(child["marks"]).filter((mark) => typeof mark === "string" && marks.has(mark));
    return [{ _type: "span", ...keyOf(child), text, marks: kept.map(String).slice(0, 10) }];
  });
  if (children.every(({ text }) => text.trim() === "")) return undefined;
  const level = Number.isInteger(item["level"]) ? Math.min(6, Math.max(1, Number(item["level"]))) : 1;
  const isItem = typeof item["listItem"] === "string";
  const listItem = item["listItem"] === "number" ? "number" : "bullet";
  return {
    _type: "block",
    ...keyOf(item),
    style: isItem ? "normal" : (own(STYLES, item["style"]) ?? "normal"),
    ...(isItem && { listItem, level }),
    markDefs,
    children,
  };
};

const table = (item: Record<string, unknown>): Block | undefined => {
  const rows = listOf(item["rows"]).flatMap((row) => {
    const cells = isObject(row) ? listOf(row["cells"]).map((cell) => (typeof cell === "string" ? cell : "")) : [];
    return cells.length ? [{ cells }] : [];
  });
  return rows.length ? { _type: "table", ...keyOf(item), rows } : undefined;
};

/** A picture's place, and its words; where its file is, a figure does not say. */
const figure = (item: Record<string, unknown>): Block => {
  const [alt, caption, credit] = ["alt", "caption", "credit"].map((name) => textAt(item, name));
  return {
    _type: "figure",
    ...keyOf(item),
    ...(alt && { alt }),
    ...(caption && { caption }),
    ...(credit && { credit }),
  };
};

/** Where the file of a picture is: the address of its asset, where that was expanded, or its own. */
const fileOf = (picture: Record<string, unknown>): string | undefined => {
  const asset = picture["asset"];
  return (isObject(asset) ? textAt(asset, "url") : undefined) ?? textAt(picture, "url") ?? textAt(picture, "src");
};

/** What newsrooms call a block that shows something of another site, at its `url`. */
const EMBEDS = /embed|iframe|video|youtube|vimeo|tweet|twitter|instagram|facebook|tiktok|spotify|soundcloud/i;

/** Blocks that newsrooms name so; anything else is dropped. */
const convert = (item: Record<string, unknown>, note: Note): Block | undefined => {
  switch (item["_type"]) {
    case "block":
      return textBlock(item, note);
    case "table":
      return table(item);
    case "image":
    case "figure":
    case "mainImage":
      return figure(item);
    case "code": {
      const code = textAt(item, "code");
      const children = code === undefined ? [] : [{ _type: "span" as const, text: code, marks: ["code"] }];
      return code === undefined
        ? undefined
        : { _type: "block", ...keyOf(item), style: "normal", markDefs: [], children };
    }
    default: {
      if (!EMBEDS.test(textAt(item, "_type") ?? "")) return undefined;
      const embed = known.safeParse({ _type: "embed", ...keyOf(item), url: textAt(item, "url") });
      return embed.success ? embed.data : undefined;
    }
  }
};

/**
 * Portable Text (https://github.com/portabletext/portabletext) of another system as ours, which knows fewer types. Blocks that are
 * ours stay as they are. Others keep their text: unknown marks and styles go, h1 becomes h2, `code` a text marked so, a table its cells, a
 * picture its place, and a video or post of another site with its `url` an embed. What has to go altogether is named in a warning; `at`
 * is the body's pointer. `addresses` are those of the pictures, where `addressOf` finds one in the block, or in an `image` inside it.
 */
export const portableText = (
  body: readonly unknown[],
  at: string,
  addressOf: (picture: Record<string, unknown>) => string | undefined = fileOf,
): { body: Block[]; addresses: FigureAddress[]; warnings: Warning[] } => {
  const warnings: Warning[] = [];
  const blocks: Block[] = [];
  const written: { block: number; url: string | undefined }[] = [];
  for (const [n, item] of body.entries()) {
    const note = (detail: string): void => void warnings.push({ code: "left-out", pointer: `${at}/${n}`, detail });
    const isText = isObject(item) && item["_type"] === "block";
    const ours = isText ? undefined : known.safeParse(item);
    if (ours?.success) {
      blocks.push(ours.data);
      continue;
    }
    const block = isObject(item) ? convert(item, note) : undefined;
    // A text block without text is an empty line, and no loss.
    if (!block && !isText)
      note(`a block (${isObject(item) ? (textAt(item, "_type") ?? "without a type").slice(0, 50) : "no object"})`);
    if (!block) continue;
    if (block._type === "figure" && isObject(item)) {
      const url = addressOf(item) ?? (isObject(item["image"]) ? addressOf(item["image"]) : undefined);
      written.push({ block: blocks.length, url });
    }
    blocks.push(block);
  }
  return { body: blocks, addresses: figureAddresses(written), warnings: warnings.slice(0, 100) };
};
