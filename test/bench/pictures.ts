import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { photo } from "../fixtures/pictures.ts";
import { childHouse, type ChildHouse, untilRead } from "./child.ts";
import { progress, quantile, type Row } from "./table.ts";

const POSTS = 30;
const WARM = 5;

type Made = Record<"first" | "avif", { cpu: number; kb: number; rss: number }> & { sizes: Record<string, number> };

/** CPU and memory of one picture of 16 megapixels. */
const encoding = async (): Promise<Row[]> => {
  const dir = mkdtempSync(join(tmpdir(), "broadsheet-bench-"));
  const file = join(dir, "photo.jpg");
  writeFileSync(file, await photo({ width: 4928, height: 3264 }));
  const out = execFileSync(process.execPath, ["infra/run.mjs", "test/bench/encode.ts", file], { encoding: "utf8" });
  rmSync(dir, { recursive: true });
  const { first, avif, sizes }: Made = JSON.parse(out);
  const listed = (format: string): string =>
    Object.entries(sizes)
      .filter(([name]) => name.startsWith(format))
      .map(([name, kb]) => `${name.split(" ")[1]}: ${kb}`)
      .join(", ");
  return [
    {
      what: "16 MP JPEG -> JPEG and WebP, every width and crop",
      figure: `${first.cpu.toFixed(2)} CPU-s, ${first.kb.toFixed(0)} KB`,
      goal: "<= 0.6 CPU-s",
      peer: "WebP e2, 5 widths: 0.48 CPU-s",
    },
    {
      what: "16 MP JPEG -> AVIF, every width and crop",
      figure: `${avif.cpu.toFixed(2)} CPU-s, ${avif.kb.toFixed(0)} KB`,
      goal: "<= 3.5 CPU-s",
      peer: "AVIF e2, 5 widths: 2.49 CPU-s; e4, sharp's default: 14.8",
    },
    { what: "  peak of resident memory, all of it", figure: `${avif.rss.toFixed(0)} MB`, goal: "<= 300 MB" },
    ...["jpg", "webp", "avif"].map((format) => ({ what: `  KB by width, ${format}`, figure: listed(format) })),
  ];
};

const send = async (house: ChildHouse, seed: number): Promise<string> => {
  const bytes = await photo({ width: 1920, height: 1280, seed });
  const response = await fetch(`${house.apiUrl}/images`, {
    method: "POST",
    headers: { authorization: `Bearer ${house.editorKey}`, "content-type": "image/jpeg" },
    body: new Uint8Array(bytes),
  });
  const { id }: { id: string } = (await response.json()) as { id: string };
  return id;
};

const figureOf = (image: string) => ({ _type: "figure", image, alt: "Ảnh", caption: "Chú thích.", credit: "PV" });

/** POST of a story with two pictures that are ready, until its page shows them. */
const publishing = async (): Promise<Row[]> => {
  const house = await childHouse();
  const headers = { authorization: `Bearer ${house.editorKey}`, "content-type": "application/json" };
  const images = [await send(house, 1), await send(house, 2)];
  for (const image of images)
    for (let state = ""; state !== "ready";) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      ({ state } = (await (await fetch(`${house.apiUrl}/images/${image}`, { headers })).json()) as { state: string });
    }
  // AVIF is behind, and is part of what a publish copies.
  await new Promise((resolve) => setTimeout(resolve, 15_000));
  const times: number[] = [];
  for (let n = 0; n < POSTS + WARM; n++) {
    const body = JSON.stringify({
      headline: `Tin ảnh ${n}`,
      section: "thoi-su",
      status: "published",
      body: [
        { _type: "block", children: [{ _type: "span", text: "Một đoạn." }] },
        ...images.map(figureOf),
        { _type: "block", children: [{ _type: "span", text: `Đoạn ${n}.` }] },
      ],
    });
    const { ms, page } = await untilRead(house, body);
    if (page.split("<picture").length !== 3 || !page.includes(".avif")) throw new Error("the pictures are not there");
    if (n >= WARM) times.push(ms);
    progress("publishes", n + 1, POSTS + WARM);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await house.close();
  const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
  return [
    {
      what: "POST with two ready pictures -> page read on the CDN",
      figure: `p50 ${p50.toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
      goal: "p50 <= 150 ms",
    },
  ];
};

export const pictures = async (): Promise<Row[]> => [...(await encoding()), ...(await publishing())];
