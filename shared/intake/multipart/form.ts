import { type Fault, ok, pointer, refuse, type Result } from "../../domain/error.ts";
import { DOCX } from "../article.ts";
import { mediaType } from "../media-type.ts";
import type { Picture } from "../photos.ts";
import { pictureFrom } from "../picture/picture.ts";
import { type Part, parseMultipart } from "./parse.ts";

/** An article that came as a form: its text, pictures that were looked at, and the other parts as fields are sent in a query. */
export type Form = {
  /** Undefined: it is missing, which is among the faults. */
  article: { bytes: Uint8Array; type: string; charset: string | undefined } | undefined;
  pictures: Picture[];
  fields: Record<string, string[]>;
  faults: Fault[];
};

/** Browsers send a field for files that nobody chose as a part without name and bytes. */
const isUnused = (part: Part): boolean => part.filename === "" && part.bytes.byteLength === 0;

const lookAtPhotos = (parts: Part[]): { pictures: Picture[]; faults: Fault[] } => {
  const pictures: Picture[] = [];
  const faults: Fault[] = [];
  for (const [n, { bytes, filename }] of parts.entries()) {
    const found = pictureFrom(bytes, filename);
    if ("refused" in found) faults.push({ pointer: pointer(["photo", n]), detail: found.detail });
    else pictures.push(found);
  }
  return { pictures, faults };
};

/** What a file's name says that it is, when nothing else does. */
const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ["md", "text/markdown"],
  ["markdown", "text/markdown"],
  ["html", "text/html"],
  ["htm", "text/html"],
  ["json", "application/json"],
  ["docx", DOCX],
  // Read as one, it is told from one, and the answer says what to do.
  ["doc", DOCX],
]);

/** The type of the article's part: by its Content-Type; where that says nothing, by the file's name, else plain text. */
const typeOf = ({ type: header, filename = "" }: Part): { type: string; charset: string | undefined } => {
  const { type, charset } = mediaType(header);
  if (type === "application/msword") return { type: DOCX, charset };
  if (type !== "" && type !== "application/octet-stream") return { type, charset };
  const extension = /\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? "";
  return { type: BY_EXTENSION.get(extension) ?? "text/plain", charset };
};

const articleFaults = (articles: Part[]): Fault[] => {
  if (articles.length === 1) return [];
  const detail =
    articles.length === 0 ? "is missing: the part that holds the text" : "stands twice; a request is one article";
  return [{ pointer: "/article", detail }];
};

/** The text of fields by name, in order; a file is none of them. */
const fieldsOf = (parts: Part[]): Result<{ fields: Form["fields"]; faults: Fault[] }> => {
  const values = new Map<string, string[]>();
  const garbled: Fault[] = [];
  const faults: Fault[] = [];
  for (const { name, filename, bytes } of parts) {
    if (filename !== undefined)
      faults.push({ pointer: pointer([name]), detail: "is a file of no use here: files are `article` and `photo`" });
    else
      try {
        const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
        values.set(name, [...(values.get(name) ?? []), text]);
      } catch {
        garbled.push({ pointer: pointer([name]), detail: "is not UTF-8" });
      }
  }
  if (garbled.length > 0) return refuse({ kind: "malformed", faults: garbled });
  return ok({ fields: Object.fromEntries(values), faults });
};

/**
 * Reads an article sent as multipart/form-data: the part `article`, `photo` parts, and fields by their names. What the bytes
 * of a photo are decides, whatever its part says. Refused when it cannot be parsed, as {@link parseMultipart} says, or a
 * field is not UTF-8 (malformed); everything else that is wrong is a fault of the form: `/article`, `/photo/0` ...
 */
export const readForm = (bytes: Uint8Array, contentType: string): Result<Form> => {
  const parts = parseMultipart(bytes, contentType);
  if (!parts.ok) return parts;
  const of = (name: string): Part[] => parts.value.filter((part) => part.name === name);
  const articles = of("article");
  const [article] = articles;
  const faulty = articleFaults(articles);
  const others = fieldsOf(parts.value.filter(({ name }) => name !== "article" && name !== "photo"));
  if (!others.ok) return others;
  const { pictures, faults } = lookAtPhotos(of("photo").filter((part) => !isUnused(part)));
  return ok({
    article: article && faulty.length === 0 ? { bytes: article.bytes, ...typeOf(article) } : undefined,
    pictures,
    fields: others.value.fields,
    faults: [...faulty, ...faults, ...others.value.faults],
  });
};
