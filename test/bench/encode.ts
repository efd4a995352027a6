import { readFileSync } from "node:fs";
import { openPicture, reopenPicture } from "../../functions/images/open.ts";
import type { Raster } from "../../functions/images/sharp.ts";
import { encodeRenditions } from "../../functions/images/encode.ts";
import { CENTRE, type Format, type Rendition, renditionsOf } from "../../shared/domain/rendition.ts";

/**
 * Makes one picture's renditions as the picture function does, in a process of its own: `encode.ts FILE`. Prints CPU seconds and
 * kilobytes of each step, and the peak of resident memory in MB.
 */
const [, , file = ""] = process.argv;
const bytes = readFileSync(file);

const timed = async (work: () => Promise<number>): Promise<{ cpu: number; kb: number; rss: number }> => {
  const before = process.cpuUsage();
  const total = await work();
  const { user, system } = process.cpuUsage(before);
  return { cpu: (user + system) / 1e6, kb: total / 1024, rss: process.resourceUsage().maxRSS / 1024 };
};

const open = async () => {
  const opened = await openPicture(bytes);
  if (!opened.ok) throw new Error(opened.reason);
  return opened;
};
const encoded = async (picture: Raster, wanted: readonly Rendition[]): Promise<number> => {
  let total = 0;
  for await (const { bytes: one } of encodeRenditions(picture, wanted, CENTRE)) total += one.byteLength;
  return total;
};
const { width, height } = await open();
const all = (formats: readonly Format[]) => renditionsOf({ width, height }, { formats });
const first = await timed(async () => encoded((await open()).picture, all(["jpg", "webp"])));
const avif = await timed(async () => encoded(await reopenPicture(bytes, { width, height }), all(["avif"])));
const sizes: Record<string, number> = {};
const { picture } = await open();
for (const rendition of renditionsOf({ width, height }, { crops: ["full"] }))
  sizes[`${rendition.format} ${rendition.width}`] = Math.round((await encoded(picture, [rendition])) / 1024);
process.stdout.write(`${JSON.stringify({ first, avif, sizes })}\n`);
