import type { Actor } from "../../shared/domain/article.ts";
import type { Events } from "../../shared/runtime/events.ts";
import { deleteKey, listKeys, loadKey, newKey, saveKey } from "../../shared/store/keys.ts";
import { foundSite, loadSite } from "../../shared/store/site.ts";
import { findRegion } from "../deploy/region.ts";
import { type Opened, openTable } from "../deploy/table.ts";
import { sayTrouble, troubleOf } from "../deploy/trouble.ts";
import { type Command, readArguments, type Typed } from "./arguments.ts";
import { type Deployment, findDeployment } from "./find.ts";
import { HELP } from "./help.ts";
import { keyTable, newKeyText } from "./show.ts";
import { readWanted } from "./wanted.ts";

export type World = {
  env: Readonly<Record<string, string | undefined>>;
  say(line: string): void;
  complain(line: string): void;
  /** The audit's line: who made or revoked a key from here. */
  events: Events;
};

/** Who acts from here, as the record knows them: no key, but a principal of the account. */
const actorOf = ({ arn }: Deployment): Actor => ({ key: "aws", name: arn });

type At = { opened: Opened; deployment: Deployment; world: World };

const create = async ({ opened, deployment, world }: At, typed: Typed): Promise<number> => {
  const { table, clock, ids } = opened;
  const before = await loadSite(table, deployment.siteUrl);
  const read = readWanted(typed, before.timeZone, clock.now());
  if ("faults" in read) {
    for (const fault of read.faults) world.complain(fault);
    return 1;
  }
  if (before.version === 0 && (await foundSite(opened)))
    world.say("The site had no title and no sections yet; it has.");
  const known = new Set((await loadSite(table, deployment.siteUrl)).sections.map(({ slug }) => slug));
  const strange = (read.key.sections ?? []).filter((slug) => !known.has(slug));
  if (strange.length) world.say(`There is no section ${strange.join(", ")} yet; there are ${[...known].join(", ")}.`);
  const made = newKey(ids, clock.now(), read.key);
  if (!(await saveKey(opened, made, actorOf(deployment)))) throw new Error("a new key's id was taken");
  world.events({ event: "key.created", key: made.key.id, by: deployment.arn });
  world.say(newKeyText(made.key, made.token, deployment.apiUrl));
  return 0;
};

const list = async ({ opened: { table, clock }, world }: At): Promise<number> => {
  const keys = await listKeys(table);
  world.say(
    keys.length ? keyTable(keys, clock.now()) : "There are no keys yet: npm run keys -- create makes the first.",
  );
  return 0;
};

const revoke = async ({ opened, deployment, world }: At, id: string): Promise<number> => {
  const key = await loadKey(opened.table, id);
  if (!key || !(await deleteKey(opened, id, actorOf(deployment)))) {
    world.complain(`There is no key ${id}: npm run keys -- list shows all.`);
    return 1;
  }
  world.events({ event: "key.revoked", key: id, by: deployment.arn });
  world.say(`The key ${id} of ${key.name} (${key.role}) is revoked, as of now.`);
  return 0;
};

const carryOut = (at: At, command: Command): Promise<number> => {
  switch (command.kind) {
    case "create":
      return create(at, command.wanted);
    case "list":
      return list(at);
    case "revoke":
      return revoke(at, command.id);
  }
};

/** `npm run keys`: answers the exit status, 0 or 1. Throws UsageFault for a command line that cannot be meant. */
export const keys = async (argv: readonly string[], world: World): Promise<number> => {
  const asked = readArguments(argv);
  if (asked.kind === "help") {
    world.say(HELP);
    return 0;
  }
  const region = await findRegion(asked.region, world.env);
  const deployment = await findDeployment(asked.stage, region.name);
  if ("fault" in deployment) {
    world.complain(deployment.fault);
    return 1;
  }
  const opened = openTable(region.name, deployment.tableName);
  try {
    return await carryOut({ opened, deployment, world }, asked.command);
  } catch (error) {
    world.complain(sayTrouble(troubleOf(error), `use the table ${deployment.tableName}`));
    return 1;
  } finally {
    opened.close();
  }
};
