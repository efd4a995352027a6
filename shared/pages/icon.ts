import { createHash } from "node:crypto";
import { assetPath } from "../site/paths.ts";

/** A front page in 32 x 32: a headline, a picture, a column. Browsers that find no icon named ask for /favicon.ico on every visit. */
const SVG =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#1a1a1a"/>' +
  '<path fill="#fff" d="M7 8h18v4H7zm0 7h9v9H7zm12 0h6v2h-6zm0 3.5h6v2h-6zm0 3.5h6v2h-6z"/></svg>\n';

const body = new TextEncoder().encode(SVG);
const hash = createHash("sha256").update(body).digest("hex");

export const ICON = { path: assetPath("icon.svg", hash), contentType: "image/svg+xml", body };
