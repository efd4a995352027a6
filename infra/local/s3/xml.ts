import { type Answer, answer } from "./answer.ts";

/** Text of an element. Control characters become references, as S3 writes them, though XML 1.0 has no place for them. */
const escape = (text: string): string =>
  text.replace(/[&<>"\u0000-\u0008\u000B-\u001F]/g, (character) => {
    switch (character) {
      case "&":
        return "&amp;";
      case "<":
        return "&lt;";
      case ">":
        return "&gt;";
      case '"':
        return "&quot;";
      default:
        return `&#x${character.charCodeAt(0).toString(16)};`;
    }
  });

/** An element whose content is text; none at all when there is no value. */
export const element = (name: string, value: string | number | boolean | undefined): string =>
  value === undefined ? "" : `<${name}>${escape(String(value))}</${name}>`;

/** A whole XML document as an answer; `inner` is markup already. */
export const xmlAnswer = (
  status: number,
  root: string,
  inner: string,
  headers: Record<string, string> = {},
): Answer => {
  const attribute =
    root === "Error" || root === "PostResponse" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attribute}>${inner}</${root}>`;
  return answer(status, { ...headers, "content-type": "application/xml" }, { kind: "bytes", bytes: Buffer.from(text) });
};
