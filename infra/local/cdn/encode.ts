import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Encoding, Stored } from "./entry.ts";

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

/** Of what CloudFront compresses, the types a news site has. Atom and JSON Feed (`application/atom+xml`, `feed+json`) are not in its list. */
const TYPES = new Set([
  "application/javascript",
  "application/json",
  "application/rss+xml",
  "application/xhtml+xml",
  "application/xml",
  "image/svg+xml",
  "text/css",
  "text/csv",
  "text/html",
  "text/javascript",
  "text/plain",
  "text/xml",
]);
const MIN_BYTES = 1000;
const MAX_BYTES = 10_000_000;

/**
 * Which of br and gzip CloudFront reads in an Accept-Encoding: br where both are accepted, undefined where neither is.
 * A quality of 0 is a refusal (RFC 9110, 12.5.3); other qualities and other codings do not count.
 */
export const acceptedEncoding = (header: string | undefined): Encoding | undefined => {
  const accepted = new Set<string>();
  for (const part of (header ?? "").toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((piece) => piece.trim());
    const isRefused = parameters.some((parameter) => /^q\s*=\s*0(?:\.0*)?$/.test(parameter));
    if (!isRefused) accepted.add(coding);
  }
  if (accepted.has("br")) return "br";
  return accepted.has("gzip") ? "gzip" : undefined;
};

/** Whether CloudFront would compress this object: by type, size, and not encoded already. ("Serve compressed files", CloudFront guide) */
export const isCompressible = ({ headers, body }: Stored): boolean => {
  const type = (headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const isSized = body.length >= MIN_BYTES && body.length <= MAX_BYTES;
  return isSized && headers["content-encoding"] === undefined && TYPES.has(type);
};

/** The object's bytes in `encoding`, made once; `onMade` is called when a copy came to be held. */
export const encodeBody = (entry: Stored, encoding: Encoding, onMade: () => void): Promise<Buffer> => {
  const { encoded, body } = entry;
  const made = encoded.copies.get(encoding);
  if (made !== undefined) return made;
  const making = compress(body, encoding).then((bytes) => {
    encoded.bytes += bytes.length;
    onMade();
    return bytes;
  });
  encoded.copies.set(encoding, making);
  return making;
};

const compress = (body: Buffer, encoding: Encoding): Promise<Buffer> =>
  encoding === "gzip"
    ? deflate(body, { level: 6 })
    : brotli(body, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
      });
