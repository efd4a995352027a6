import { join, relative } from "node:path";
import type { Bundle } from "./functions.ts";
import { packages } from "./metafile.ts";

/** Packages named per function. */
const MOST = 8;

const padded = (rows: string[][]): string =>
  rows
    .map((row) =>
      row.map((cell, n) => (n === 0 ? cell.padEnd(width(rows, n)) : cell.padStart(width(rows, n)))).join("  "),
    )
    .join("\n");
const width = (rows: string[][], column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));

/** A table of bundles: bytes that a cold start reads, bytes that wait, gzipped bytes of both. */
export const sizes = (bundles: Record<string, Bundle>): string =>
  padded([
    ["function", "at start", "lazy", "gzip", "files"],
    ...Object.entries(bundles).map(([name, { eager, lazy, gzip, files }]) =>
      [name, eager, lazy, gzip, files.length].map(String),
    ),
  ]);

/** The packages that weigh most in what a cold start of each function reads, in bytes. */
export const reasons = (bundles: Record<string, Bundle>): string =>
  Object.entries(bundles)
    .map(([name, { folder, files, metafile }]) => {
      const inFolder = (file: string): string => relative(process.cwd(), join(folder, file));
      const eager = files.filter((file) => file.eager).map((file) => inFolder(file.name));
      return `${name}\n${padded(
        packages(metafile, eager)
          .slice(0, MOST)
          .map(([title, bytes]) => [`  ${title}`, String(bytes)]),
      )}`;
    })
    .join("\n");
