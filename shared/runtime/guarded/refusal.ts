import { NotPublic } from "./lookup.ts";

/** Headers by lower-case names. */
export type Headers = Readonly<Record<string, string>>;

/**
 * Why nothing was fetched. `detail` is a sentence for an administrator, and holds no address, name or status of anything inside.
 * - `url`: no absolute address, or one with a user name or password; `scheme`: another than https on 443
 * - `address`: leads to what is not the public Internet; `unreachable`: no such name, no connection, no valid certificate, no HTTP
 * - `encoding`: compressed although that was not asked for; `status`: answered, and not with 2xx; `cancelled`: by the caller's signal
 */
export type FetchRefusal =
  | {
      ok: false;
      reason:
        | "url"
        | "scheme"
        | "address"
        | "redirects"
        | "encoding"
        | "too-large"
        | "too-slow"
        | "unreachable"
        | "cancelled";
      detail: string;
    }
  /** `body` is empty unless its beginning was asked for. */
  | { ok: false; reason: "status"; status: number; headers: Headers; body: Uint8Array; detail: string };

export const refused = (reason: Exclude<FetchRefusal["reason"], "status">, detail: string): FetchRefusal => ({
  ok: false,
  reason,
  detail,
});

export const notPublic = (): FetchRefusal => refused("address", "It leads to an address that is not public.");

/** https://docs.openssl.org/3.0/man1/openssl-verification-options/ as Node names what it says, and Node's own. */
const CERTIFICATE = /CERT|SELF_SIGNED|VERIFY_LEAF|ERR_TLS_/;

const unreachable = (code: string): string => {
  if (code === "ENOTFOUND" || code.startsWith("EAI_")) return "Its name is not known.";
  if (CERTIFICATE.test(code)) return "Its certificate is not valid.";
  return code.startsWith("HPE_")
    ? "It does not answer in HTTP."
    : "No connection to it could be made, or it broke off.";
};

/** What an error of Node's network says, without its words, which name addresses. Throws what is none: a fault of ours. */
export const refusalOf = (error: unknown): FetchRefusal => {
  if (error instanceof NotPublic) return notPublic();
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (typeof code !== "string") throw error;
  if (code === "HPE_HEADER_OVERFLOW") return refused("too-large", "Its headers are larger than 16 KB.");
  return refused("unreachable", unreachable(code));
};
