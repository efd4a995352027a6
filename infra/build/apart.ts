import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** The sets of infra/apart/: packages that npm cannot install beside the others. */
export type ApartName = "sharp-arm64" | "runtime-client";

const textOf = (path: string): Promise<string | undefined> => readFile(path, "utf8").catch(() => undefined);

/**
 * The node_modules folder of a set, absolute. Throws one sentence that names the remedy when the set is not installed whole (the
 * installer leaves its mark last), or by another lock than today's.
 */
export const apartModules = async (name: ApartName, root = process.cwd()): Promise<string> => {
  const folder = resolve(root, "node_modules", ".apart", name);
  const [whole, lock, wanted] = await Promise.all([
    textOf(join(folder, "installed")),
    textOf(join(folder, "package-lock.json")),
    textOf(resolve(root, "infra", "apart", name, "package-lock.json")),
  ]);
  if (whole === undefined || lock !== wanted)
    throw new Error(`The packages of infra/apart/${name} are not installed: run \`node infra/apart/install.mjs\`.`);
  return join(folder, "node_modules");
};
