import type { Delivery } from "./kind.ts";
import type { Scheme } from "./verify/scheme.ts";

/** What stands where a secret stood. */
export const MASK = "***";

/** Names, of headers and of members of JSON, whose values are secrets wherever they come from. */
const SECRET =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|.*(?:secret|token|passw(?:or)?d|credential|api[-_]?key|access[-_]?key|private[-_]?key))$/i;

/** Whether a header of this scheme is a secret itself, and not a signature made with one. */
const isOwn = (scheme: Scheme, name: string): boolean =>
  (scheme.scheme === "wordpress" || (scheme.scheme === "generic" && scheme.type === "secret")) &&
  scheme.header === name;

/** The headers of a delivery, with secrets masked: what they are needed for is over once it was verified. */
export const maskedHeaders = (scheme: Scheme, headers: Delivery["headers"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isOwn(scheme, name) || SECRET.test(name) ? MASK : value]),
  );

/** A path with its query, parameters that are secrets by their names masked. */
export const maskedPath = (path: string): string =>
  path.replace(/([?&])([^=&]{1,64})=[^&]*/g, (whole, mark: string, name: string) =>
    SECRET.test(name) || /^(?:key|auth|sig|signature|pass)$/i.test(name) ? `${mark}${name}=${MASK}` : whole,
  );

/** A member of JSON that is text or a number, as it is written; found in the text, so that all else stays as it came. */
const MEMBER = /("((?:[^"\\]|\\.){1,64})"\s*:\s*)(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*)/g;

/** A secret as it is, as JSON has it in a string, and as PHP's JSON has it, which escapes slashes. */
const spellingsOf = (secret: string): string[] => {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [secret, quoted, quoted.replaceAll("/", "\\/")];
};

/** A form's field `payload` is JSON, percent-encoded: shown as what it says. */
const unwrapped = (text: string): string =>
  text.startsWith("payload=") ? (new URLSearchParams(text).get("payload") ?? text) : text;

/**
 * A payload as people may see it: its text, or that of a form's field `payload`, with the source's own secrets and members such as
 * `secret` and `token` masked; undefined when it is no UTF-8.
 */
export const maskedPayload = (body: Uint8Array, secrets: readonly string[]): string | undefined => {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
  const own = secrets.flatMap(spellingsOf).reduce((masked, one) => masked.replaceAll(one, MASK), unwrapped(text));
  return own.replace(MEMBER, (whole, before: string, name: string) =>
    SECRET.test(name) ? `${before}"${MASK}"` : whole,
  );
};
