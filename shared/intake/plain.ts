import { type Body, textBlockOf } from "../domain/body.ts";
import { cleanLine, cleanText } from "../domain/text.ts";
import { isVisible } from "./html/writer.ts";

const shown = (line: string): string => (isVisible(line) ? cleanLine(line).text : "");

/**
 * Plain text as paragraphs: blank lines part them and single line ends stay; where there is no blank line, each line is a
 * paragraph. Control characters go, spaces are folded and lines trimmed. No markup is understood.
 */
export const plainToBlocks = (text: string): Body => {
  const lines = cleanText(text).text.split("\n").map(shown);
  const start = lines.findIndex((line) => line !== "");
  const end = lines.findLastIndex((line) => line !== "");
  const written = start < 0 ? [] : lines.slice(start, end + 1);
  if (!written.includes("")) return written.map((line) => textBlockOf(line));
  const paragraphs = written.join("\n").split(/\n{2,}/);
  return paragraphs.map((paragraph) => textBlockOf(paragraph));
};
