import { type Block, type Body, type Figure, type TextBlock } from "../../domain/body.ts";
import { instantOf, parseTime, zonedTime } from "../../domain/time.ts";
import { fold } from "./clean.ts";
import { isEndMark, looksLikeByline, namesOf } from "./tail.ts";

/** What of an article newspaper copy can say. */
export type Writable = {
  kicker?: string | undefined;
  headline?: string | undefined;
  /** RFC 3339. */
  publishedAt?: string | undefined;
  standfirst?: string | undefined;
  body: Body;
  bylines: readonly { name: string }[];
  sourceLine?: string | undefined;
};

const pad = (value: number): string => String(value).padStart(2, "0");

/** "05/10/2024, 08:30" by the site's clock; seconds when there are any, the offset where that clock shows a time twice. */
const dateLine = (at: number, zone: string): string => {
  const t = zonedTime(at, zone);
  const whole = at - t.ms;
  const seconds = t.second ? `:${pad(t.second)}` : "";
  const offset = Math.abs(t.offsetMinutes);
  const gmt = `GMT${t.offsetMinutes < 0 ? "-" : "+"}${Math.floor(offset / 60)}${offset % 60 ? `:${pad(offset % 60)}` : ""}`;
  const marked = instantOf({ ...t, ms: 0 }, zone) === whole ? "" : ` (${gmt})`;
  return `${pad(t.day)}/${pad(t.month)}/${String(t.year).padStart(4, "0")}, ${pad(t.hour)}:${pad(t.minute)}${seconds}${marked}`;
};

/** The text, and behind what is linked its address. */
const spelled = (block: TextBlock): string =>
  block.children
    .map((child) => {
      const href = block.markDefs.find((def) => child.marks.includes(def._key))?.href;
      return href === undefined || href === child.text ? child.text : `${child.text} (${href})`;
    })
    .join("");

const figureLine = ({ caption, credit = "" }: Figure): string => {
  const text = fold(caption ?? "");
  if (text === "") return fold(`- Ảnh: ${credit}`);
  if (/[.!?…”"]$/u.test(text)) return fold(`${text} Ảnh: ${credit}`);
  return fold(credit === "" ? `${text} – Ảnh:` : `${text} (Ảnh: ${credit})`);
};

const attributed = (text: string, by: string | undefined): string => `“${fold(text)}”${by ? ` – ${fold(by)}` : ""}`;

const levelOf = (block: Block | undefined): number =>
  block?._type === "block" && block.listItem ? (block.level ?? 1) : 0;

/** The number of an item: how many numbered ones of its level stand right above it, deeper items aside. */
const numberOf = (item: TextBlock, body: Body, index: number): number => {
  let count = 1;
  for (let i = index - 1; levelOf(body[i]) >= levelOf(item); i--) {
    const above = body[i];
    if (above?._type !== "block" || levelOf(above) > levelOf(item)) continue;
    if (above.listItem !== item.listItem) break;
    count++;
  }
  return count;
};

const textLine = (block: TextBlock, body: Body, index: number): string => {
  const text = fold(spelled(block));
  if (text === "") return "";
  if (block.listItem) return block.listItem === "bullet" ? `- ${text}` : `${numberOf(block, body, index)}. ${text}`;
  if (block.style === "h2") return `## ${text}`;
  return block.style === "blockquote" ? attributed(text, undefined) : text;
};

/** One block as lines of copy. What copy has no form for becomes text that can be read. */
const linesOf = (block: Block, body: Body, index: number, zone: string): string[] => {
  if (block._type === "block") return [textLine(block, body, index)];
  if (block._type === "figure") return [figureLine(block)];
  if (block._type === "embed") return [block.url];
  if (block._type === "pullquote") return [attributed(block.text, block.attribution)];
  if (block._type === "table")
    return [fold(block.caption ?? ""), ...block.rows.map((row) => row.cells.map(fold).join(" | ").trim())];
  const at = parseTime(block.at, zone);
  const when = at === undefined ? block.at : dateLine(at, zone);
  return [`[Cập nhật ${when}${block.by ? ` – ${fold(block.by)}` : ""}]`];
};

/** The plain line that would be read as these names; "Thực hiện: ..." where it would not. */
const signatureOf = (bylines: readonly { name: string }[]): string[] => {
  if (bylines.length === 0) return [];
  const names = bylines.map(({ name }) => fold(name));
  const plain = names.join(" - ");
  const read = looksLikeByline(plain) ? namesOf(plain).map(({ name }) => name) : [];
  return [read.join("\n") === names.join("\n") ? plain : `Thực hiện: ${plain}`];
};

/** The source in the brackets and after the word that make it one, as the page shows it. */
const sourceOf = (sourceLine: string | undefined): string => {
  const line = fold(sourceLine ?? "");
  if (line === "" || line.startsWith("(")) return line;
  return /^theo /iu.test(line) ? `(${line})` : `(Theo ${line})`;
};

/**
 * The article as newspaper copy, a blank line between paragraphs: for everything that copy has a form for, `parseCopy`
 * reads the same article from it. Headings but h2, lists, tables and quotes become plain text, links keep their address
 * in brackets, a kicker gets its colon, and a source its "Theo".
 */
export const writeCopy = (article: Writable, zone: string): string => {
  const kicker = fold(article.kicker ?? "");
  const at = article.publishedAt === undefined ? undefined : parseTime(article.publishedAt, zone);
  const body = article.body.flatMap((block, index) => linesOf(block, article.body, index, zone));
  const endMark = isEndMark(body.at(-1) ?? "") ? body.splice(-1) : [];
  const lines = [
    kicker === "" || kicker.endsWith(":") ? kicker : `${kicker}:`,
    fold(article.headline ?? ""),
    at === undefined ? "" : dateLine(at, zone),
    fold(article.standfirst ?? ""),
    ...body,
    ...signatureOf(article.bylines),
    sourceOf(article.sourceLine),
    ...endMark,
  ];
  return `${lines.filter((line) => line !== "").join("\n\n")}\n`;
};
