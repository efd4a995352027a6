import { createHash } from "node:crypto";
import type { Body } from "../domain/body.ts";
import { type FocalPoint, RECIPE } from "../domain/rendition.ts";

export const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");

/** JSON with the members of every object in the order of their names: equal values, equal bytes (after RFC 8785, without its number rules). */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) =>
    member !== null && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

/** A body as it is stored, and the name it is stored under: the hex SHA-256 of these bytes. */
export const bodyJson = (body: Body): string => canonicalJson(body);
export const bodyDigest = (json: string): string => sha256(json);

const short = (parts: readonly unknown[]): string => sha256(JSON.stringify(parts)).slice(0, 16);

/** Digests in the names of a picture's renditions: of all that the whole ones, and the crops, are made from. */
export const renditionDigests = (original: string, { x, y }: FocalPoint): { full: string; crops: string } => ({
  full: short([RECIPE, original]),
  crops: short([RECIPE, original, x, y]),
});
