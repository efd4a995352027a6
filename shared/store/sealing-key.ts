import { randomBytes } from "node:crypto";
import type { SecretParameters } from "./parameters.ts";
import type { Keyring } from "./seal.ts";

/** A new key as the parameter holds it: 32 bytes of chance in base64. */
export const newSealingKey = (): string => randomBytes(32).toString("base64");

/** The keys of a parameter's value: one or more of {@link newSealingKey}, separated by spaces or lines, the newest first. Throws without telling what it read. */
export const keyring = (value: string): Keyring => {
  const [first, ...others] = value
    .trim()
    .split(/\s+/)
    .map((text) => Buffer.from(text, "base64"));
  const wrong = !first || [first, ...others].some((key) => key.length !== 32);
  if (wrong) throw new RangeError("The sealing key's parameter holds something else than keys of 32 bytes in base64.");
  return [first, ...others];
};

/**
 * The sealing keys, read from the parameter `name` once in a process, when they are first asked for; `connect` brings the code for
 * that. A failure is not kept: whoever asks next reads again.
 */
export const sealingKey = (connect: () => Promise<SecretParameters>, name: string): (() => Promise<Keyring>) => {
  let kept: Promise<Keyring> | undefined;
  const read = async (): Promise<Keyring> => keyring(await (await connect()).read(name));
  return () =>
    (kept ??= read().catch((error: unknown) => {
      kept = undefined;
      throw error;
    }));
};
