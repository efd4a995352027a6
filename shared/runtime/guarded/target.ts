import { isIP } from "node:net";
import { isPublic } from "./address.ts";
import { type FetchRefusal, notPublic, refused } from "./refusal.ts";

/** Lets an origin through that is named beforehand, whatever its scheme, port and address. */
export type Allow = (url: URL) => boolean;
/** Where a request goes; `guarded`: its name is yet to be resolved, and checked. */
export type Target = { ok: true; url: URL; guarded: boolean };

/**
 * What can be said of an address before its name is resolved. Every spelling of an IPv4 address (octal, hexadecimal, one number, wide
 * digits, a dot at the end) is four decimal numbers once it is parsed (https://url.spec.whatwg.org/#concept-ipv4-parser). Addresses
 * that are written out are judged here, for Node looks up names only.
 */
export const targetOf = (text: string, allow: Allow, base?: URL): Target | FetchRefusal => {
  const url = URL.parse(text, base?.href);
  if (!url) return refused("url", "It is not an address of the form https://host/path.");
  if (url.username !== "" || url.password !== "") return refused("url", "It holds a user name or a password.");
  if (allow(url)) return { ok: true, url, guarded: false };
  if (url.protocol !== "https:" || url.port !== "") return refused("scheme", "It is not https on port 443.");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return isIP(host) && !isPublic(host) ? notPublic() : { ok: true, url, guarded: true };
};
