import { type Block, type Body, DECORATORS, type Span, type TextBlock } from "../../domain/body.ts";
import { cleanText } from "../../domain/text.ts";
import type { Notes } from "./notes.ts";

/** How a run of text looks: its marks, and where it links to. */
export type Look = { marks: ReadonlySet<string>; href: string | undefined };
/** What block a run of text belongs to, should it begin one. */
export type Format = Pick<TextBlock, "style" | "listItem" | "level">;

export const PLAIN: Look = { marks: new Set(), href: undefined };

type Run = { look: Look; text: string; pre: boolean };

/** Writes text and blocks in document order into `body`. A text block is open from its first visible text to `flush`. */
export type Writer = {
  readonly body: Body;
  /** Adds text; white space is folded as browsers do, unless `pre`. */
  text(raw: string, look: Look, format: Format, pre?: boolean): void;
  /** A line end within the block (`br`). */
  lineBreak(look: Look): void;
  /** A line end, if there is text before it and some follows. */
  softBreak(): void;
  /** Ends the open block; one without visible text vanishes. */
  flush(): void;
  /** Ends the open block and adds a whole one. */
  push(block: Block): void;
};

/** No-break spaces and zero-width characters alone make no text. */
const VISIBLE = /[^\s\u00AD\u200B-\u200D\u2060]/;
export const isVisible = (text: string): boolean => VISIBLE.test(text);

const sameLook = (a: Look, b: Look): boolean =>
  a === b || (a.href === b.href && a.marks.size === b.marks.size && a.marks.isSubsetOf(b.marks));

/** Runs of one look as one span each, in NFC; links as markDefs l0, l1, ... in order of appearance, one an address. */
const textBlock = (format: Format, runs: Run[]): TextBlock => {
  const keys = new Map<string, string>();
  const children: Span[] = [];
  let last: Run | undefined;
  for (const run of runs) {
    const span = children.at(-1);
    if (last && span && sameLook(last.look, run.look)) span.text += run.text;
    else {
      const { href, marks } = run.look;
      if (href !== undefined && !keys.has(href)) keys.set(href, `l${keys.size}`);
      const key = href === undefined ? undefined : keys.get(href);
      const decorators = DECORATORS.filter((mark) => marks.has(mark));
      children.push({ _type: "span", text: run.text, marks: key === undefined ? decorators : [...decorators, key] });
    }
    last = run;
  }
  for (const span of children) span.text = span.text.normalize("NFC");
  const markDefs = [...keys].map(([href, _key]) => ({ _type: "link" as const, _key, href }));
  return { _type: "block", ...format, markDefs, children };
};

/** `text` without the characters at its end that are in `ends`; a loop, as `/[x]+$/` takes quadratic time. */
const trimmed = (text: string, ends: string): string => {
  let end = text.length;
  while (end > 0 && ends.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
};
/** Takes what is in `ends` off the end of the last runs, and runs that become empty; preformatted text keeps its spaces. */
const trimEnd = (runs: Run[], ends: string): void => {
  for (let run = runs.at(-1); run; run = runs.at(-1)) {
    run.text = trimmed(run.text, run.pre ? ends.replace(" ", "") : ends);
    if (run.text !== "") return;
    runs.pop();
  }
};

/** A writer with an empty body; characters that had to go are counted in `notes`. */
export const newWriter = (notes: Notes): Writer => {
  const body: Body = [];
  let open: { format: Format; runs: Run[] } | undefined;
  let breakDue = false;

  const tail = (): string => open?.runs.at(-1)?.text.at(-1) ?? "";
  const endLine = (look: Look): void => {
    breakDue = false;
    if (!open) return;
    trimEnd(open.runs, " ");
    if (tail() !== "") open.runs.push({ look, text: "\n", pre: false });
  };
  const clean = (raw: string): string => {
    // cleanText would take a form feed away; here it parts words.
    const { text, removed } = cleanText(raw.replaceAll("\f", " "));
    notes.removed(removed);
    return text;
  };
  const add = (text: string, look: Look, format: Format, pre: boolean): void => {
    if (text === "") return;
    open ??= { format, runs: [] };
    open.runs.push({ look, text, pre });
  };
  const flush = (): void => {
    breakDue = false;
    if (!open) return;
    trimEnd(open.runs, " \n");
    const { format, runs } = open;
    open = undefined;
    if (runs.some((run) => isVisible(run.text))) body.push(textBlock(format, runs));
  };

  return {
    body,
    text: (raw, look, format, pre = false) => {
      let text = clean(raw);
      if (!pre) text = text.replace(/[ \t\n]+/g, " ");
      const last = breakDue ? "\n" : tail();
      if (pre && last === "") text = text.replace(/^\n+/, "");
      if (!pre && /^[ \n]?$/.test(last)) text = text.replace(/^ /, "");
      if (text === "") return;
      if (breakDue && tail() !== "\n") endLine(look);
      breakDue = false;
      add(text, look, format, pre);
    },
    lineBreak: endLine,
    softBreak: () => void (breakDue = tail() !== ""),
    flush,
    push: (block) => {
      flush();
      body.push(block);
    },
  };
};
