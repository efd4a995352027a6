import { randomUUID } from "node:crypto";
import { mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Files under `objects/aa/<sha256>`, aa its first two digits. No key ever becomes part of a path. */
export type BodyFiles = {
  /** Writes the bytes under a temporary name; not yet to be found. */
  stage(bytes: Uint8Array): Promise<string>;
  /** Gives a staged file its name. Synchronous, so that it and the index row are one step for everybody else. */
  place(staged: string, digest: string): void;
  /** Throws away a staged file. */
  discard(staged: string): void;
  /** An open descriptor: what it reads stays readable though the file be removed meanwhile. */
  open(digest: string): number;
  remove(digest: string): void;
};

/** How many files are looked at in one start; beyond that many, each start looks at others. */
const SWEPT = 20_000;

/** Removes what a crash left: temporary files, and bodies that no row names (placed, and killed before the row). */
const sweep = (objects: string, temporary: string, isNamed: (digest: string) => boolean): void => {
  for (const name of readdirSync(temporary)) rmSync(join(temporary, name));
  const folders = readdirSync(objects);
  const first = Math.floor(Math.random() * folders.length);
  let seen = 0;
  for (const folder of [...folders.slice(first), ...folders.slice(0, first)]) {
    for (const digest of readdirSync(join(objects, folder))) {
      if (++seen > SWEPT) return;
      if (!isNamed(digest)) rmSync(join(objects, folder, digest));
    }
  }
};

/** Opens the files of bodies under `dir`, and sweeps what no row of the index names. */
export const bodyFiles = (dir: string, isNamed: (digest: string) => boolean): BodyFiles => {
  const objects = join(dir, "objects");
  const temporary = join(dir, "tmp");
  mkdirSync(objects, { recursive: true });
  mkdirSync(temporary, { recursive: true });
  sweep(objects, temporary, isNamed);
  const pathOf = (digest: string): string => join(objects, digest.slice(0, 2), digest);

  return {
    stage: async (bytes) => {
      const staged = join(temporary, randomUUID());
      await writeFile(staged, bytes);
      return staged;
    },
    place: (staged, digest) => {
      mkdirSync(join(objects, digest.slice(0, 2)), { recursive: true });
      renameSync(staged, pathOf(digest));
    },
    discard: (staged) => rmSync(staged),
    open: (digest) => openSync(pathOf(digest), "r"),
    remove: (digest) => rmSync(pathOf(digest)),
  };
};
