import { chmod, copyFile, mkdir, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { apartModules } from "./apart.ts";

/** sharp, its machine code, and what it needs: npm puts more beside it, and one version of npm more than another. */
const PACKAGES = [
  "@img/colour",
  "@img/sharp-libvips-linux-arm64",
  "@img/sharp-linux-arm64",
  "detect-libc",
  "semver",
  "sharp",
];

/** What a running sharp reads, and the licences: not its types, its C++ sources and headers, nor anybody's read-me or command. */
const READ = /\.(?:[cm]?js|json|node|so(?:\.\d+)*)$|\/LICEN[CS]E(?:\.md)?$/;
const UNREAD = /^sharp\/(?:src|install|lib)\/|^semver\/bin\//;

/** The files below a folder, by their paths from it. */
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));

/**
 * Puts sharp, with the machine code for Lambda's arm64 and all that it loads, into a function's folder as node_modules/. Throws
 * when it is not installed (infra/apart/sharp-arm64). On another machine Node finds that machine's code further up, in the
 * repository's own node_modules, so that the same folder runs there.
 */
export const addSharp = async (folder: string, root: string): Promise<void> => {
  const from = await apartModules("sharp-arm64", root);
  const all = await Promise.all(
    PACKAGES.map(async (name) => (await filesIn(join(from, name))).map((path) => `${name}/${path}`)),
  );
  for (const path of all.flat().filter((path) => READ.test(path) && !UNREAD.test(path))) {
    const to = join(folder, "node_modules", path);
    await mkdir(dirname(to), { recursive: true });
    await copyFile(join(from, path), to);
  }
};

/**
 * Makes files readable and folders open to everybody, whoever builds: a zip keeps the modes, and on Lambda the code is not run by
 * its owner (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-package.html).
 */
export const openToAll = async (folder: string): Promise<void> => {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
};
