import type { Child } from "hono/jsx";
import { DECORATORS, isSafeLink, type Span, type TextBlock } from "../domain/body.ts";

/** How text is shown: `display` on pages, unchanged in feeds. */
export type Show = (text: string) => string;

/** A line feed inside a paragraph is a line break that its writer meant (verse, an address). */
const lines = (text: string): Child[] =>
  text.split("\n").flatMap((line, index) => (index === 0 ? [line] : [<br />, line]));

const decorated = (span: Span, show: Show): Child =>
  DECORATORS.reduceRight<Child>(
    (inner, Tag) => (span.marks.includes(Tag) ? <Tag>{inner}</Tag> : inner),
    lines(show(span.text)),
  );

/** Checked at intake; checked again, for the page is what the reader clicks on. */
const hrefOf = (span: Span, block: TextBlock): string | undefined => {
  const link = block.markDefs.find((def) => span.marks.includes(def._key));
  return link && isSafeLink(link.href) ? link.href : undefined;
};

/** The inline content of a text block: marks as elements, neighbouring spans of one link as one anchor. */
export const Inline = ({ block, show }: { block: TextBlock; show: Show }) => {
  const runs: { href: string | undefined; parts: Child[] }[] = [];
  for (const span of block.children) {
    const href = hrefOf(span, block);
    const last = runs.at(-1);
    const part = decorated(span, show);
    if (last && last.href === href) last.parts.push(part);
    else runs.push({ href, parts: [part] });
  }
  return <>{runs.map(({ href, parts }) => (href === undefined ? parts : <a href={href}>{parts}</a>))}</>;
};
