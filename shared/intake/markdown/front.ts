import { readYaml, type YamlFields } from "./yaml.ts";

const OPENING = /^---[ \t]*\n/;
const CLOSING = /^---[ \t]*$/m;

/**
 * Parts YAML front matter, between two `---` lines at the very start, from the Markdown after it. Line ends are LF, and
 * a byte order mark is gone. Without an opening line everything is Markdown; one that is never closed is a fault.
 */
export const splitFrontMatter = (text: string): YamlFields & { markdown: string } => {
  const opening = OPENING.exec(text)?.[0];
  if (opening === undefined) return { fields: {}, lines: {}, faults: [], markdown: text };
  const rest = text.slice(opening.length);
  const closing = CLOSING.exec(rest);
  if (!closing) {
    const detail = "front matter begins here, but no second --- line ends it";
    return { fields: {}, lines: {}, faults: [{ pointer: "", detail, line: 1 }], markdown: "" };
  }
  const markdown = rest.slice(closing.index + closing[0].length);
  // Without the last line end, or faults at the end would be put on the closing line.
  return { ...readYaml(rest.slice(0, Math.max(0, closing.index - 1)), 2), markdown };
};
