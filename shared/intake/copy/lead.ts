import { type Block, type Body, textBlockOf, textOf } from "../../domain/body.ts";

/** Between a repeated headline and the text: " - ", " – ", ":" or ".", but not the point of "1.5" or "8:30". */
const AFTER_HEADLINE = /^(?: [-–—](?: |$)|[:.](?: |$))/;

/** The paragraph without the headline (case ignored) at its beginning; as it is when it does not begin so. */
const dropHeadline = (text: string, headline: string | undefined): string => {
  if (!headline || text.slice(0, headline.length).toLowerCase() !== headline.toLowerCase()) return text;
  const after = text.slice(headline.length);
  const mark = AFTER_HEADLINE.exec(after);
  return mark ? after.slice(mark[0].length).trim() : text;
};

const isParagraph = (block: Block | undefined): block is Extract<Block, { _type: "block" }> =>
  block?._type === "block" && block.style === "normal";

/** `brief` is the block of `body` that is the lead of a story of one paragraph. */
export type Led = { standfirst?: string; brief?: Block; body: Body };

/**
 * Step 6: the first paragraph that is no figure (nor an embed) loses a repeated headline, and is the standfirst when
 * another paragraph follows. A crosshead above it means that there is none. A paragraph that only repeats the headline
 * goes, and the next one is the lead.
 */
export const takeLead = (body: Body, headline: string | undefined): Led => {
  const first = body.findIndex((block) => block._type === "block");
  const lead = body[first];
  if (!isParagraph(lead)) return { body };
  const before = body.slice(0, first);
  const after = body.slice(first + 1);
  const text = dropHeadline(textOf(lead), headline);
  const follows = after.some(isParagraph);
  if (text === "") return follows ? takeLead([...before, ...after], undefined) : { brief: lead, body };
  if (follows) return { standfirst: text, body: [...before, ...after] };
  const brief = textBlockOf(text);
  return { brief, body: [...before, brief, ...after] };
};
