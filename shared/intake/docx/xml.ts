import { Unreadable } from "./archive.ts";

/** Elements that a document may have in all its parts; Word needs a tenth of it for thirty pages with thirty pictures. */
const MOST_ELEMENTS = 100_000;
/**
 * What one part may hold. Past it mammoth and its parser, which recurse, copy, and search lists, would take minutes, and each
 * number stops an attack: deep elements; messages, one a name or value, each compared with all others; namespaces, copied
 * for every element; fields that are never ended.
 */
const MOST_IN_PART = { depth: 100, names: 250, values: 300, namespaces: 1000, rebound: 3, fields: 2000 };

/** A tag by XML 1.0, 3.1; one with more than 200 attributes is none. */
const TAG = /<(\/?)([^\s<>/"'=&]+)((?:\s+[^\s<>/"'=]+\s*=\s*(?:"[^"<]*"|'[^'<]*')){0,200})\s*(\/?)>/y;
const NAMESPACE = /\s(xmlns(?::[^\s=]+)?)\s*=\s*("[^"]*"|'[^']*')/g;
/** What mammoth repeats in its messages when it does not know it. */
const REPEATED = /(?:^|:)(?:pStyle|rStyle|tblStyle|br|sym|blip|imagedata)$/;
/** The instructions of fields, of which mammoth takes only links; it searches them by expressions of quadratic time. */
const INSTRUCTION = /(<(?:[^\s<>/:]+:)?instrText(?:\s[^<>]*)?>)[^<]*/g;

const PASSED_OVER = [
  ["<?", "?>"],
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
] as const;

/** What begins at a "<": where it ends, and the pieces of it if it is a tag. */
const markupAt = (text: string, at: number): { end: number; tag?: RegExpExecArray } => {
  for (const [open, close] of PASSED_OVER) {
    if (!text.startsWith(open, at)) continue;
    const end = text.indexOf(close, at + open.length);
    if (end < 0) throw new Unreadable(`no ${close}`);
    return { end: end + close.length };
  }
  TAG.lastIndex = at;
  const tag = TAG.exec(text);
  // A document type too: OPC forbids it (ECMA-376-2, 8.1.4), and entities that grow are declared in one.
  if (!tag) throw new Unreadable("no tag that can be read");
  return { end: TAG.lastIndex, tag };
};

/** Counts what one part holds. */
const newCounter = () => {
  const names = new Set<string>();
  const values = new Set<string>();
  const bound = new Map<string, string>();
  const count = { elements: 0, namespaces: 0, rebound: 0, fields: 0 };
  const declare = (prefix: string, uri: string): void => {
    count.namespaces++;
    if ((bound.get(prefix) ?? uri) !== uri) count.rebound++;
    bound.set(prefix, uri);
  };
  return {
    add: (name: string, attributes: string): void => {
      count.elements++;
      names.add(name);
      if (REPEATED.test(name)) values.add(attributes);
      if (name.endsWith("fldChar")) count.fields++;
      for (const [, prefix = "", uri = ""] of attributes.matchAll(NAMESPACE)) declare(prefix, uri);
    },
    elements: () => count.elements,
    isOver: (): boolean =>
      count.namespaces > MOST_IN_PART.namespaces ||
      count.rebound > MOST_IN_PART.rebound ||
      count.fields > MOST_IN_PART.fields ||
      names.size > MOST_IN_PART.names ||
      values.size > MOST_IN_PART.values,
  };
};

/** How many elements a part has. Throws unless tags are well-formed and balanced, and there are not too many or too deep ones. */
const elementsOf = (text: string, most: number): number => {
  const counter = newCounter();
  const open: string[] = [];
  for (let at = text.indexOf("<"); at >= 0;) {
    const { end, tag } = markupAt(text, at);
    at = text.indexOf("<", end);
    if (!tag) continue;
    const [, closing, name = "", attributes = "", empty] = tag;
    if (!closing) counter.add(name, attributes);
    if (closing && open.pop() !== name) throw new Unreadable("an end that is not the element's");
    if (!closing && !empty) open.push(name);
    if (open.length > MOST_IN_PART.depth || counter.elements() > most || counter.isOver())
      throw new Unreadable("more, or deeper, XML than a story has");
  }
  if (open.length > 0) throw new Unreadable("elements without an end");
  return counter.elements();
};

/**
 * A reader of the parts of one document: hands on a part's XML, less the instructions of its fields, for mammoth to read.
 * Throws {@link Unreadable} unless it is well-formed, has no document type, and the document keeps to the bounds within
 * which reading takes a second.
 */
export const newXmlGuard = (): ((text: string) => string) => {
  let left = MOST_ELEMENTS;
  return (text) => {
    left -= elementsOf(text, left);
    return text.replace(INSTRUCTION, "$1");
  };
};
