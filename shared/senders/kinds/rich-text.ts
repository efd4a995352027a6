import { isObject } from "../../intake/article.ts";
import { assetIn } from "./contentful-fields.ts";

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

const MARKS: Readonly<Record<string, string>> = {
  bold: "strong",
  italic: "em",
  code: "code",
  superscript: "sup",
  subscript: "sub",
  strikethrough: "s",
};
/** Nodes that are an element of HTML around their content. */
const ELEMENTS: Readonly<Record<string, string>> = {
  paragraph: "p",
  "heading-1": "h1",
  "heading-2": "h2",
  "heading-3": "h3",
  "heading-4": "h4",
  "heading-5": "h5",
  "heading-6": "h6",
  "unordered-list": "ul",
  "ordered-list": "ol",
  "list-item": "li",
  blockquote: "blockquote",
  table: "table",
  "table-row": "tr",
  "table-cell": "td",
  "table-header-cell": "th",
};

const textOf = (node: Record<string, unknown>): string => {
  if (typeof node["value"] !== "string") return "";
  const text = escaped(node["value"]).replaceAll("\n", "<br>");
  const marks = Array.isArray(node["marks"]) ? node["marks"] : [];
  const tags = marks.flatMap((mark) => {
    const type = isObject(mark) && typeof mark["type"] === "string" ? mark["type"] : "";
    return Object.hasOwn(MARKS, type) ? (MARKS[type] ?? []) : [];
  });
  return tags.reduce((inner, tag) => `<${tag}>${inner}</${tag}>`, text);
};

/** A picture's place; one that came along with its file says where it is. Of one that is only named, by its id, an editor is told. */
const assetToHtml = (node: Record<string, unknown>, locale: string | undefined): string => {
  const asset = assetIn(isObject(node["data"]) ? node["data"]["target"] : undefined, locale);
  const said = Object.entries({ src: asset.url, alt: asset.alt }).flatMap(([name, value]) =>
    value === undefined ? [] : [` ${name}="${escaped(value)}"`],
  );
  return `<figure><img${said.join("")}></figure>`;
};

const nodeToHtml = (node: unknown, locale: string | undefined): string => {
  if (!isObject(node)) return "";
  const type = typeof node["nodeType"] === "string" ? node["nodeType"] : "";
  const inside = (): string =>
    Array.isArray(node["content"]) ? node["content"].map((child) => nodeToHtml(child, locale)).join("") : "";
  const element = Object.hasOwn(ELEMENTS, type) ? ELEMENTS[type] : undefined;
  if (element) return `<${element}>${inside()}</${element}>`;
  switch (type) {
    case "text":
      return textOf(node);
    case "hr":
      return "<hr>";
    case "hyperlink": {
      const uri = isObject(node["data"]) ? node["data"]["uri"] : undefined;
      return typeof uri === "string" ? `<a href="${escaped(uri)}">${inside()}</a>` : inside();
    }
    case "embedded-asset-block":
      return assetToHtml(node, locale);
    case "embedded-entry-block":
    case "embedded-resource-block":
      return "<embed>";
    // Links to entries and assets have no address: their text stays.
    default:
      return inside();
  }
};

/** Whether a value is a document of Contentful's rich text. */
export const isRichText = (value: unknown): value is Record<string, unknown> =>
  isObject(value) && value["nodeType"] === "document";

/**
 * Contentful's rich text (https://www.contentful.com/developers/docs/concepts/rich-text/) as HTML for the intake, which makes blocks
 * of it, drops what has no place in them, and warns of it. Of an asset that came along in several languages `locale` counts. Nests as
 * deeply as the payload may.
 */
export const richTextToHtml = (document: Record<string, unknown>, locale: string | undefined): string =>
  nodeToHtml(document, locale);
