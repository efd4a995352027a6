import { isSafeLink } from "../../domain/body.ts";

const isBlank = (text: string, at: number): boolean => text.charCodeAt(at) <= 0x20;

/**
 * The address an `href` or `src` means: trimmed of C0 controls and spaces, without tabs and line ends, as the URL
 * parser of a browser does first (https://url.spec.whatwg.org/#concept-basic-url-parser); `//host` gets https, and
 * white space and invisible characters are percent-encoded. Undefined unless {@link isSafeLink} then holds, as it never
 * does for relative addresses.
 */
export const linkOf = (raw: string): string | undefined => {
  let start = 0;
  let end = raw.length;
  while (start < end && isBlank(raw, start)) start++;
  while (end > start && isBlank(raw, end - 1)) end--;
  const address = raw
    .slice(start, end)
    .replace(/[\t\n\r]/g, "")
    .replace(/^\/\//, "https://")
    .replace(/[\s\p{Cc}\p{Cf}]/gu, encodeURIComponent);
  return isSafeLink(address) ? address : undefined;
};

/** As {@link linkOf}, but https only: what may be embedded. */
export const embedUrlOf = (raw: string): string | undefined => {
  const address = linkOf(raw);
  return address && /^https:/i.test(address) ? address : undefined;
};
