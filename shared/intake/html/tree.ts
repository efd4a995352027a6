import {
  html as names,
  type ParserOptions,
  parseFragment,
  type Token,
  type TreeAdapter,
  type TreeAdapterTypeMap,
} from "parse5";
import type { Fault } from "../../domain/error.ts";

type Links = { parent: ParentNode | null; prev: ChildNode | null; next: ChildNode | null };
type Children = { first: ChildNode | null; last: ChildNode | null };
export type RootNode = { kind: "root"; parent: null } & Children;
export type ElementNode = {
  kind: "element";
  tag: string;
  namespace: names.NS;
  attributes: Token.Attribute[];
  /** What a `template` holds; it is no child, and never shown. */
  content: RootNode | null;
} & Links &
  Children;
export type TextNode = { kind: "text"; text: string } & Links;
/** Comments are made, because the parser asks for them, but never put into the tree. */
type CommentNode = { kind: "comment" } & Links;
export type ParentNode = RootNode | ElementNode;
export type ChildNode = ElementNode | TextNode | CommentNode;

type TreeMap = TreeAdapterTypeMap<
  ParentNode | ChildNode,
  ParentNode,
  ChildNode,
  RootNode,
  RootNode,
  ElementNode,
  CommentNode,
  TextNode,
  ElementNode,
  never
>;

/** Open elements at one time; Chromium stops at 512 as well. */
const MAX_DEPTH = 512;
/**
 * Elements in all. The HTML standard re-creates unclosed formatting elements in each paragraph, so 94 KB of
 * `<p><font size=N>` are 12 million elements, and a minute; this ends it. A 4 MB paste from Word has about 50,000.
 */
const MAX_ELEMENTS = 100_000;

const links = (): Links => ({ parent: null, prev: null, next: null });
const newRoot = (): RootNode => ({ kind: "root", parent: null, first: null, last: null });
const newElement = (tag: string, namespace: names.NS, attributes: Token.Attribute[]): ElementNode => ({
  kind: "element",
  tag,
  namespace,
  attributes,
  content: null,
  first: null,
  last: null,
  ...links(),
});

/** Puts `node` into `parent` before `next`, or last; each edit of the linked tree takes constant time. */
const insert = (parent: ParentNode, node: ChildNode, next: ChildNode | null): void => {
  if (node.kind === "comment") return;
  const prev = next ? next.prev : parent.last;
  Object.assign(node, { parent, prev, next });
  if (prev) prev.next = node;
  else parent.first = node;
  if (next) next.prev = node;
  else parent.last = node;
};

const detach = (node: ChildNode): void => {
  const { parent, prev, next } = node;
  if (!parent) return;
  if (prev) prev.next = next;
  else parent.first = next;
  if (next) next.prev = prev;
  else parent.last = prev;
  Object.assign(node, links());
};

const insertText = (parent: ParentNode, text: string, next: ChildNode | null): void => {
  const prev = next ? next.prev : parent.last;
  if (prev?.kind === "text") prev.text += text;
  else insert(parent, { kind: "text", text, ...links() }, next);
};

const childrenOf = (parent: ParentNode): ChildNode[] => {
  const list: ChildNode[] = [];
  for (let node = parent.first; node; node = node.next) list.push(node);
  return list;
};

/** The callbacks of parse5 for the linked tree; `overspent` is called, and must throw, when a limit is passed. */
const adapter = (overspent: (detail: string) => never): TreeAdapter<TreeMap> => {
  let depth = 0;
  let elements = 0;
  return {
    onItemPush: () => {
      if (++depth > MAX_DEPTH)
        overspent(`is nested too deeply: more than ${MAX_DEPTH} HTML elements inside each other`);
    },
    onItemPop: () => void depth--,
    createElement: (tag, namespace, attributes) => {
      if (++elements > MAX_ELEMENTS) overspent(`has more than ${MAX_ELEMENTS} HTML elements`);
      return newElement(tag, namespace, attributes);
    },
    createDocument: newRoot,
    createDocumentFragment: newRoot,
    createTextNode: (text) => ({ kind: "text", text, ...links() }),
    createCommentNode: () => ({ kind: "comment", ...links() }),
    appendChild: (parent, node) => insert(parent, node, null),
    insertBefore: insert,
    insertText: (parent, text) => insertText(parent, text, null),
    insertTextBefore: insertText,
    detachNode: detach,
    getTemplateContent: (template) => (template.content ??= newRoot()),
    setTemplateContent: (template, content) => void (template.content = content),
    getFirstChild: (parent) => parent.first,
    getChildNodes: childrenOf,
    getParentNode: (node) => node.parent,
    getAttrList: (element) => element.attributes,
    getTagName: (element) => element.tag,
    getNamespaceURI: (element) => element.namespace,
    getTextNodeContent: (node) => node.text,
    getCommentNodeContent: () => "",
    getDocumentMode: () => names.DOCUMENT_MODE.NO_QUIRKS,
    getDocumentTypeNodeName: () => "",
    getDocumentTypeNodePublicId: () => "",
    getDocumentTypeNodeSystemId: () => "",
    getNodeSourceCodeLocation: () => null,
    isElementNode: (node): node is ElementNode => node.kind === "element",
    isTextNode: (node): node is TextNode => node.kind === "text",
    isCommentNode: (node): node is CommentNode => node.kind === "comment",
    isDocumentTypeNode: (_node): _node is never => false,
    // Attributes of a second <html> or <body>, doctypes and source positions are of no use to us.
    adoptAttributes: () => {},
    setDocumentMode: () => {},
    setDocumentType: () => {},
    setNodeSourceCodeLocation: () => {},
    updateNodeSourceCodeLocation: () => {},
  };
};

/**
 * Parses a fragment or a whole document as a browser would in `<body>` with scripting on
 * (https://html.spec.whatwg.org/multipage/parsing.html), comments aside: `html`, `head` and `body` tags vanish, so a
 * `<frameset>` cannot take the text away. Markup past the limits of depth or number is a fault at /body, found early:
 * time and memory stay linear in the input.
 */
export const parseTree = (html: string): { ok: true; root: RootNode } | { ok: false; fault: Fault } => {
  const limit = new Error("a limit was passed");
  let detail = "";
  const treeAdapter = adapter((reason) => {
    detail = reason;
    throw limit;
  });
  const options: ParserOptions<TreeMap> = { treeAdapter, scriptingEnabled: true };
  try {
    const context = newElement("body", names.NS.HTML, []);
    return { ok: true, root: parseFragment<TreeMap>(context, html, options) };
  } catch (error) {
    if (error !== limit) throw error;
    return { ok: false, fault: { pointer: "/body", detail } };
  }
};
