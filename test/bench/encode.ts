import { readFileSync } from "node:fs";
import { openPicture } from "../../functions/images/open.ts";
import { encodeRenditions } from "../../functions/images/encode.ts";
import { CENTRE, type Format, renditionsOf } from "../../shared/domain/rendition.ts";

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

const opened = await openPicture(bytes);
if (!opened.ok) throw new Error(opened.reason);
const encoded = (formats: readonly Format[]) => async (): Promise<number> => {
  let total = 0;
  const wanted = renditionsOf(opened, { formats });
  for await (const { bytes: one } of encodeRenditions(bytes, opened, wanted, CENTRE)) total += one.byteLength;
  return total;
};
const first = await timed(async () => {
  await openPicture(bytes);
  return encoded(["jpg", "webp"])();
});
const avif = await timed(encoded(["avif"]));
const sizes: Record<string, number> = {};
for (const rendition of renditionsOf(opened, { crops: ["full"] }))
  for await (const { bytes: one } of encodeRenditions(bytes, opened, [rendition], CENTRE))
    sizes[`${rendition.format} ${rendition.width}`] = Math.round(one.byteLength / 1024);
process.stdout.write(`${JSON.stringify({ first, avif, sizes })}\n`);
