import * as z from "zod";
import { invalid, ok, type Result } from "../../domain/error.ts";
import { parseJson } from "../../intake/json.ts";
import type { Delivery, EventCommand } from "../kind.ts";
import { checked, ignored, payloadText, type Reading, stampOf, withdraw } from "./reading.ts";

/** Where in the repository articles lie, and on which branch, if not on its default one. */
export const githubMapping = z.strictObject({
  folder: z
    .string()
    .regex(
      /^(?!\.{1,2}(?:\/|$))[^/\\]+(?:\/(?!\.{1,2}(?:\/|$))[^/\\]+)*$/,
      "must be a path such as content/news, without slashes around it",
    )
    .max(200)
    .optional(),
  branch: z.string().min(1).max(200).optional(),
});
export type GithubMapping = z.output<typeof githubMapping>;

/** Files one push may change, and commits that GitHub lists at most. */
const MOST_FILES = 100;
const MOST_COMMITS = 2048;

const paths = z.array(z.string()).default([]);
const target = z.object({
  ref: z.string(),
  deleted: z.boolean().default(false),
  repository: z.object({ default_branch: z.string() }),
});
const push = z.object({
  after: z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "must be a commit's id in hex"),
  commits: z.array(z.object({ added: paths, modified: paths, removed: paths })),
  head_commit: z.object({ timestamp: z.string() }).nullish(),
  repository: z.object({
    full_name: z.string().regex(/^(?!\.)[\w.-]+\/(?!\.{1,2}$)[\w.-]+$/, "must be owner/name"),
    pushed_at: z.union([z.string(), z.number()], "must be a time").nullish(),
  }),
});

/** What lies in a repository to explain it, and is no article. */
const EXPLAINS =
  /^(?:readme|changelog|contributing|code_of_conduct|security|support|governance|licen[cs]e|notice|authors|maintainers)(?:[._-][^/]*)?$/i;

const isArticle = (path: string, folder: string | undefined): boolean => {
  const names = path.split("/");
  const file = names.at(-1) ?? "";
  return (
    /\.(?:md|markdown)$/i.test(file) &&
    !EXPLAINS.test(file) &&
    // A hidden file; and `..`, which no tree of Git holds, would lead out of the repository.
    !names.some((name) => name.startsWith(".") || name === "") &&
    (folder === undefined || path.normalize("NFC").startsWith(`${folder.normalize("NFC")}/`))
  );
};

/** Each path's last state. A later commit wins. */
const statesOf = (commits: z.output<typeof push>["commits"], folder: string | undefined): Map<string, boolean> => {
  const states = new Map<string, boolean>();
  for (const { added, modified, removed } of commits) {
    for (const path of removed) states.set(path, false);
    for (const path of [...added, ...modified]) states.set(path, true);
  }
  return new Map([...states].filter(([path]) => isArticle(path, folder)));
};

/**
 * A push to GitHub (https://docs.github.com/en/webhooks/webhook-events-and-payloads#push): each Markdown file of the branch that it
 * changed is to be fetched as it is at the pushed commit, each that it removed is withdrawn. Pushes are ordered by when GitHub got
 * them, then by the commit's own clock: a forced push may go back to an older commit. Of such a push GitHub lists only commits that
 * are new to the branch: a file that only a dropped commit had stays as it was. A deleted branch takes nothing off.
 */
export const readGithub = (delivery: Delivery, { folder, branch }: GithubMapping = {}): Result<Reading> => {
  const event = delivery.headers["x-github-event"] ?? "push";
  if (event !== "push") return ignored(`The event is a ${event.slice(0, 50)}, not a push.`);
  const text = payloadText(delivery);
  if (!text.ok) return text;
  const sound = parseJson(text.value);
  if (!sound.ok) return sound;
  // As it came: a path that is not in NFC is the file's name all the same.
  const payload: unknown = JSON.parse(text.value);
  const to = checked(target, payload);
  if (!to.ok) return to;
  const { ref, deleted, repository } = to.value;
  const wanted = `refs/heads/${branch ?? repository.default_branch}`;
  if (ref !== wanted) return ignored(`The push is to ${ref.slice(0, 200)}, not to ${wanted.slice(0, 200)}.`);
  if (deleted) return ignored("The branch was deleted.");
  const read = checked(push, payload);
  if (!read.ok) return read;
  const states = statesOf(read.value.commits, folder);
  if (read.value.commits.length >= MOST_COMMITS)
    return invalid({
      pointer: "/commits",
      detail: `lists no more than ${MOST_COMMITS} commits: what the others changed is not known`,
    });
  if (states.size > MOST_FILES)
    return invalid({
      pointer: "/commits",
      detail: `change ${states.size} articles, more than ${MOST_FILES} in one push`,
    });
  if (states.size === 0) return ignored("The push changes no article.");
  return ok({ commands: commandsOf(states, read.value) });
};

const commandsOf = (
  states: Map<string, boolean>,
  { after, head_commit, repository }: z.output<typeof push>,
): EventCommand[] => {
  const stamps = [repository.pushed_at ?? undefined, head_commit?.timestamp].flatMap((time) => stampOf(time) ?? []);
  const version = stamps.length ? stamps.join(" ") : undefined;
  return [...states].map(([path, isThere]): EventCommand => {
    const externalId = path.normalize("NFC");
    if (!isThere) return withdraw(externalId, version);
    const encoded = path.split("/").map(encodeURIComponent).join("/");
    const url = `https://raw.githubusercontent.com/${repository.full_name}/${after}/${encoded}`;
    return { type: "fetch", externalId, ...(version !== undefined && { version }), url, as: "markdown" };
  });
};
