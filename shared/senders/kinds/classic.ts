/** Shortcodes of WordPress's own for what cannot be taken over (https://codex.wordpress.org/Shortcode). */
const DROPPED = /\[\/?(?:gallery|audio|video|playlist)(?:\s[^[\]]{0,2000})?\]/g;
const BLOCK = /^<\/?(?:p|div|h[1-6]|ul|ol|li|blockquote|figure|table|hr|pre|section|aside|iframe|script|style)\b/i;

/** Every `[name ...]inside[/name]` as `write` has it; each character is looked at once, as unclosed ones may be many. */
const replaced = (text: string, name: string, write: (inside: string) => string): string => {
  const close = `[/${name}]`;
  let out = "";
  let from = 0;
  for (;;) {
    const open = text.indexOf(`[${name}`, from);
    const start = open < 0 ? -1 : text.indexOf("]", open);
    const end = start < 0 ? -1 : text.indexOf(close, start);
    if (end < 0) return out + text.slice(from);
    out += text.slice(from, open) + write(text.slice(start + 1, end));
    from = end + close.length;
  }
};

/** A picture, perhaps in a link, and the words after it. */
const captioned = (inside: string): string => {
  const image = inside.lastIndexOf("<img");
  const end = image < 0 ? -1 : inside.indexOf(">", image);
  if (end < 0) return inside;
  return `\n\n<figure>${inside.slice(image, end + 1)}<figcaption>${inside.slice(end + 1)}</figcaption></figure>\n\n`;
};

/**
 * `post_content` as WordPress stores it, as the HTML that it would show: what the block editor wrote is HTML already; in what the
 * classic editor wrote, blank lines part paragraphs and line ends stay
 * (https://developer.wordpress.org/reference/functions/wpautop/), and captions are shortcodes.
 */
export const classicToHtml = (content: string): string => {
  if (content.includes("<!-- wp:")) return content;
  const captions = replaced(content.replace(/\r\n?/g, "\n"), "caption", captioned);
  const embeds = replaced(captions, "embed", (url) => `\n\n${url.trim()}\n\n`).replace(DROPPED, "");
  if (/<p[\s>]/i.test(embeds)) return embeds;
  const chunks = embeds.split(/\n[ \t]*\n/).map((chunk) => chunk.trim());
  return chunks
    .filter((chunk) => chunk !== "")
    .map((chunk) => (BLOCK.test(chunk) ? chunk : `<p>${chunk.replaceAll("\n", "<br>\n")}</p>`))
    .join("\n");
};
