import MarkdownIt from "markdown-it";
import type { Fault } from "../../domain/error.ts";
import { LIMITS } from "../../domain/limits.ts";
import { embedUrlOf } from "../html/link.ts";

const markdownIt = new MarkdownIt("commonmark", { html: true, maxNesting: LIMITS.nesting }).enable("table");
const { escapeHtml } = markdownIt.utils;

// Every link goes on as written: the HTML path is the one judge of links, and says what it drops.
markdownIt.validateLink = () => true;
markdownIt.normalizeLink = (url) => url;
markdownIt.normalizeLinkText = (url) => url;

type Core = Parameters<Parameters<typeof markdownIt.core.ruler.push>[1]>[0];
type Token = Core["tokens"][number];

/** A line inside deep quotations costs most, 20 microseconds; 5,000 blocks have fewer. */
const MAX_LINES = 50_000;
const hasTooManyLines = (markdown: string): boolean => {
  let count = 0;
  for (let at = markdown.indexOf("\n"); at >= 0 && count <= MAX_LINES; at = markdown.indexOf("\n", at + 1)) count++;
  return count > MAX_LINES;
};

/** A paragraph's lines that are each an https URL become embeds, and part the lines around them. */
const parted = ([open, inline, close]: [Token, Token, Token], makeToken: Core["Token"]): Token[] | undefined => {
  const lines = inline.content.split("\n");
  const urls = lines.map((line) => (/^https:\/\/\S+$/i.test(line.trim()) ? embedUrlOf(line) : undefined));
  if (urls.every((url) => url === undefined)) return undefined;
  const tokens: Token[] = [];
  let text: string[] = [];
  const flush = (): void => {
    if (text.length === 0) return;
    const part = Object.assign(new makeToken("inline", "", 0), inline, { content: text.join("\n"), children: [] });
    tokens.push(open, part, close);
    text = [];
  };
  for (const [at, line] of lines.entries()) {
    const url = urls[at];
    if (url === undefined) text.push(line);
    else {
      flush();
      const content = `<iframe src="${escapeHtml(url)}"></iframe>\n`;
      tokens.push(Object.assign(new makeToken("html_block", "", 0), { content }));
    }
  }
  flush();
  return tokens;
};

markdownIt.core.ruler.after("block", "embeds", (state) => {
  const tokens: Token[] = [];
  for (let at = 0; at < state.tokens.length; at++) {
    const [open, inline, close] = state.tokens.slice(at, at + 3);
    if (!open) continue;
    const isParagraph = open.type === "paragraph_open" && open.level === 0 && inline && close;
    const embeds = isParagraph ? parted([open, inline, close], state.Token) : undefined;
    if (embeds) at += 2;
    tokens.push(...(embeds ?? [open]));
  }
  state.tokens = tokens;
});

markdownIt.renderer.rules["image"] = (tokens, at, options, env, self) => {
  const token = tokens[at];
  if (!token) return "";
  const credit = String(token.attrGet("title") ?? "").replace(/^(?:ảnh|photo)\s*:\s*/i, "");
  const words = (token.children ?? []).filter(({ type }) => type !== "html_inline");
  const caption = self.renderInlineAsText(words, options, env);
  const attributes = { src: String(token.attrGet("src") ?? ""), "data-caption": caption, "data-credit": credit };
  return `<img${Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escapeHtml(value)}"`)
    .join("")}>`;
};

/**
 * CommonMark with tables and inline HTML as HTML, not yet safe: {@link htmlToBlocks} makes it so. A line that is only an
 * https URL is an embed. `![caption](url "credit")`: the brackets hold what readers see under the picture, the title
 * (a leading `Ảnh:` or `Photo:` aside) who made it; both are plain text. A fault when lists and quotations nest deeper
 * than LIMITS.nesting, past which the parser would lose text; or when there is more text than a body can hold.
 */
export const renderMarkdown = (markdown: string): { html: string; faults: Fault[] } => {
  const refused = (detail: string): { html: string; faults: Fault[] } => ({
    html: "",
    faults: [{ pointer: "/body", detail }],
  });
  if (markdown.length > LIMITS.bodyBytes) return refused(`has more than ${LIMITS.bodyBytes} characters of Markdown`);
  if (hasTooManyLines(markdown)) return refused(`has more than ${MAX_LINES} lines of Markdown`);
  const env = {};
  const tokens = markdownIt.parse(markdown, env);
  const isLost = tokens.some(
    ({ type, level }) => (type === "blockquote_open" || type === "list_item_open") && level + 1 >= LIMITS.nesting,
  );
  if (isLost) return refused("lists and quotations are nested too deeply");
  return { html: markdownIt.renderer.render(tokens, markdownIt.options, env), faults: [] };
};
