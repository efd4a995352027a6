import type { Delivery } from "../kind.ts";
import type { Algorithm } from "./claim.ts";

/**
 * The value of a header, by its lower-case name. One that was sent twice arrives as one value, joined with a comma (RFC 9110, 5.3):
 * whoever reads it takes nothing that such a value could be.
 */
export const header = ({ headers }: Pick<Delivery, "headers">, name: string): string | undefined =>
  Object.hasOwn(headers, name) ? headers[name] : undefined;

export const DIGEST_BYTES: Readonly<Record<Algorithm, number>> = { sha1: 20, sha256: 32, sha512: 64 };

/** Hex in either case; base64 in either alphabet, padded or not. */
const SHAPES = { hex: /^[\da-f]+$/i, base64: /^[\w+/-]+={0,2}$/ };

/** The digest that `text` is in hex or base64; undefined when it is no such thing, or of another length than the algorithm's. */
export const digestOf = (
  text: string,
  encoding: keyof typeof SHAPES,
  algorithm: Algorithm = "sha256",
): Uint8Array | undefined => {
  const length = DIGEST_BYTES[algorithm];
  // Hex is the longest writing: what is longer is not even looked at.
  if (text.length > 2 * length || !SHAPES[encoding].test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  return bytes.length === length ? bytes : undefined;
};
