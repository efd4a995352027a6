import { createHash } from "node:crypto";
import { assetPath } from "../site/paths.ts";
import face from "./fonts/broadsheet-serif-bold.woff2";
import { ICON } from "./icon.ts";

/** A file that pages refer to: put once under its path, and never changed, for the path names its content. */
export type Asset = { path: string; contentType: string; body: Uint8Array };

const body = new Uint8Array(Buffer.from(face, "base64"));
const hash = createHash("sha256").update(body).digest("hex");

/** The headline face: one static weight, Latin and Vietnamese; see fonts/README.md. */
export const FACE: Asset = { path: assetPath("broadsheet-serif.woff2", hash), contentType: "font/woff2", body };

/** Every asset that the pages of this version refer to, to be up before any of them. */
export const assets = (): Asset[] => [FACE, ICON];
