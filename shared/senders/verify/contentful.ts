import type { Delivery } from "../kind.ts";
import { type Claim, malformed } from "./claim.ts";
import { digestOf, header } from "./header.ts";
import { ofMilliseconds } from "./time.ts";

const SIGNATURE = "x-contentful-signature";
const SIGNED_HEADERS = "x-contentful-signed-headers";
const TIMESTAMP = "x-contentful-timestamp";
/** Says whether a publication or a withdrawal is told: not signed, anybody on the way could turn one into the other. */
const TOPIC = "x-contentful-topic";
const IDEMPOTENCY_KEY = "x-contentful-idempotency-key";

const MOST_HEADERS = 64;
/** Lower case, for so the sender lists them; printable ASCII, for what else a value may be is read differently along the way. */
const NAME = /^[\da-z!#$%&'*+.^_`|~-]{1,128}$/;
const VALUE = /^[\t -~]*$/;
const ID = /^[!-+\--~]{1,255}$/;

/**
 * The path, with its query, as Contentful's own library writes it before it is signed: what was percent-encoded is so once more.
 * Undefined for what is no path of a request, or has a second question mark: from there on that library signs nothing.
 */
export const canonicalPath = (path: string): string | undefined => {
  const [, pathname, search = ""] = /^(\/[!->@-~]*)(?:\?([!->@-~]*))?$/.exec(path) ?? [];
  if (pathname === undefined) return undefined;
  return encodeURI(search ? `${pathname}?${encodeURIComponent(search)}` : pathname);
};

/**
 * Contentful: `x-contentful-signature` is the hex HMAC-SHA256 over method, path, the headers that `x-contentful-signed-headers`
 * names (`name:value`, parted by semicolons, in that order) and the body, parted by line feeds. The list must name itself, the
 * time and the topic; the id counts when the list names it.
 * https://www.contentful.com/developers/docs/webhooks/request-verification/
 */
export const contentfulClaim = (delivery: Delivery): Claim => {
  const signature = digestOf(header(delivery, SIGNATURE) ?? "", "hex");
  if (signature === undefined) return malformed(`The header ${SIGNATURE} is needed once: 64 hex digits.`);
  const names = (header(delivery, SIGNED_HEADERS) ?? "").split(",", MOST_HEADERS + 1);
  if (names.length > MOST_HEADERS) return malformed(`${SIGNED_HEADERS} names more than ${MOST_HEADERS} headers.`);
  if (!names.every((name) => NAME.test(name)) || new Set(names).size < names.length)
    return malformed(`${SIGNED_HEADERS} is not a list of header names, each once.`);
  if (![SIGNED_HEADERS, TIMESTAMP, TOPIC].every((name) => names.includes(name)))
    return malformed(`${SIGNED_HEADERS} must name itself, ${TIMESTAMP} and ${TOPIC}.`);
  const values = names.map((name) => header(delivery, name)?.trim());
  if (!values.every((value) => value !== undefined && VALUE.test(value)))
    return malformed("A signed header is missing, or is not printable.");
  const at = ofMilliseconds(header(delivery, TIMESTAMP) ?? "");
  if (at === undefined) return malformed(`${TIMESTAMP} is not milliseconds in thirteen digits.`);
  const path = canonicalPath(delivery.path);
  if (path === undefined) return malformed("The path cannot be signed.");
  const id = names.includes(IDEMPOTENCY_KEY) ? header(delivery, IDEMPOTENCY_KEY) : undefined;
  if (id !== undefined && !ID.test(id)) return malformed(`${IDEMPOTENCY_KEY} is not 1 to 255 printable characters.`);
  const headers = names.map((name, i) => `${name}:${values[i]}`).join(";");
  const signed = [`${delivery.method}\n${path}\n${headers}\n`, delivery.body];
  return { proof: "hmac", algorithm: "sha256", signatures: [signature], signed, ...(id !== undefined && { id }), at };
};
