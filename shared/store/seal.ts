import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";

/**
 * Keys of 32 bytes. The first one seals, any of them opens: a new key is put before the others, and an old one taken out when nothing
 * is sealed under it any more ({@link isSealedUnder}).
 */
export type Keyring = readonly [Uint8Array, ...Uint8Array[]];

/**
 * Nothing was opened. `format`: no sealed text of ours; `key`: sealed under a key that is not in the ring; `altered`: changed, or sealed
 * for another context.
 */
export class SealBroken extends Error {
  override name = "SealBroken";
  readonly reason: "format" | "key" | "altered";
  constructor(reason: SealBroken["reason"]) {
    super(`A sealed secret cannot be opened (${reason}).`);
    this.reason = reason;
  }
}

const CIPHER = "aes-256-gcm";
const [KEY, NONCE, TAG] = [32, 12, 16];

/** Names a key, and says nothing of it. */
const idOf = (key: Uint8Array): string => {
  if (key.length !== KEY) throw new RangeError(`A sealing key has ${KEY} bytes, not ${key.length}.`);
  return createHmac("sha256", key).update("key id").digest("hex").slice(0, 12);
};

/** What is sealed along without being written: a secret opens only for what it was sealed for. */
const bound = (id: string, context: string): Buffer => Buffer.from(JSON.stringify(["v1", id, context]));

/**
 * Seals a text for `context` (`source:ghost`): `v1.<key id>.<nonce>.<ciphertext and tag>`, the last two in base64url. AES-256-GCM with a
 * nonce of 96 bits by chance, good for 2^32 secrets under one key (NIST SP 800-38D, 8.3). The length of the text is not hidden.
 * Throws RangeError for a text with lone surrogates, which would not come back as it was.
 */
export const seal = ([key]: Keyring, context: string, plain: string): string => {
  if (!plain.isWellFormed()) throw new RangeError("A secret to be sealed is well-formed Unicode.");
  const id = idOf(key);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG }).setAAD(bound(id, context));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1.${id}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
};

/** Strict: of the texts that decode to the same bytes, only the one that they are written as. */
const bytesOf = (text: string): Buffer => {
  const bytes = Buffer.from(text, "base64url");
  if (bytes.toString("base64url") !== text) throw new SealBroken("format");
  return bytes;
};

const partsOf = (sealed: string): { id: string; nonce: Buffer; text: Buffer; tag: Buffer } => {
  const [, id, nonce, rest] = /^v1\.([\da-f]{12})\.([\w-]{16})\.([\w-]{22,})$/.exec(sealed) ?? [];
  if (id === undefined || nonce === undefined || rest === undefined) throw new SealBroken("format");
  const bytes = bytesOf(rest);
  return { id, nonce: bytesOf(nonce), text: bytes.subarray(0, -TAG), tag: bytes.subarray(-TAG) };
};

/** Opens what {@link seal} sealed for the same context. Throws {@link SealBroken}. */
export const unseal = (keys: Keyring, context: string, sealed: string): string => {
  const { id, nonce, text, tag } = partsOf(sealed);
  const key = keys.find((one) => idOf(one) === id);
  if (!key) throw new SealBroken("key");
  const opener = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG })
    .setAAD(bound(id, context))
    .setAuthTag(tag);
  const plain = opener.update(text);
  try {
    return Buffer.concat([plain, opener.final()]).toString("utf8");
  } catch {
    // All that `final` can say is that the tag is another; its error has no code.
    throw new SealBroken("altered");
  }
};

/** The same; undefined when it cannot be opened. */
export const unsealOr = (keys: Keyring, context: string, sealed: string): string | undefined => {
  try {
    return unseal(keys, context, sealed);
  } catch (error) {
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
};

/** Whether a secret is sealed under the key that seals now; if not, it is to be sealed again. Throws {@link SealBroken} (`format`). */
export const isSealedUnder = ([key]: Keyring, sealed: string): boolean => partsOf(sealed).id === idOf(key);
