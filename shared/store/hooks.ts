import type { Actor } from "../domain/article.ts";
import type { Particulars } from "../domain/decide/command.ts";
import { iso } from "../domain/time.ts";
import type { Ids } from "../runtime/ids.ts";
import type { Item, Table } from "./dynamo.ts";
import { houseAudit } from "./history.ts";
import { HOOKS_PK, hookKey } from "./layout.ts";
import { type Keyring, seal, SealBroken, unsealOr } from "./seal.ts";
import type { Services } from "./services.ts";

/** A secret as the table keeps it: sealed for its source, by a name that says nothing of it, and since when it is active. */
export type SealedSecret = { id: string; since: string; sealed: string };

/** A source of webhooks; `settings` is what `shared/senders` made of what was asked. */
export type StoredSource<Settings> = {
  name: string;
  settings: Settings;
  secrets: SealedSecret[];
  /** Counts changes. */
  version: number;
  createdAt: string;
  updatedAt: string;
};

type Writer = Pick<Services, "table" | "clock" | "ids">;

const contextOf = (name: string): string => `source:${name}`;

/** What is read back was written by saveSource alone. */
const asSource = <Settings>(item: Item): StoredSource<Settings> => {
  const { name, settings, secrets, version, createdAt, updatedAt } = item as Item & StoredSource<Settings>;
  return { name, settings, secrets, version, createdAt, updatedAt };
};

export const loadSource = async <Settings>(table: Table, name: string): Promise<StoredSource<Settings> | undefined> => {
  const item = await table.get(hookKey(name));
  return item && asSource(item);
};

/** All sources, by name. */
export const listSources = async <Settings>(table: Table): Promise<StoredSource<Settings>[]> =>
  (await table.query({ pk: HOOKS_PK })).map((item) => asSource<Settings>(item));

/** What a sealed secret says; undefined when its sealing key is no more: it is of no use then, and may be replaced. */
const openedOr = (keys: Keyring, name: string, { sealed }: SealedSecret): string | undefined =>
  unsealOr(keys, contextOf(name), sealed);

/** The secrets of a source as it is to be, sealed; one that was there before keeps its id and its date. */
export const sealedFor = (
  { base62 }: Pick<Ids, "base62">,
  keys: Keyring,
  name: string,
  { secrets, before, now }: { secrets: readonly string[]; before: readonly SealedSecret[]; now: number },
): SealedSecret[] => {
  const known = new Map(before.map((one) => [openedOr(keys, name, one), one]));
  return secrets.map((secret) => {
    const { id, since } = known.get(secret) ?? { id: base62(8), since: iso(now) };
    return { id, since, sealed: seal(keys, contextOf(name), secret) };
  });
};

/** The secrets of a source that can be opened. Throws SealBroken when none can: the sealing key is another. */
export const opened = (keys: Keyring, { name, secrets }: Pick<StoredSource<unknown>, "name" | "secrets">): string[] => {
  const open = secrets.flatMap((secret) => openedOr(keys, name, secret) ?? []);
  if (secrets.length > 0 && open.length === 0) throw new SealBroken("key");
  return open;
};

/** One that was taken off and made anew counts from the beginning: it is another. */
const asRead = ({ version, createdAt }: StoredSource<unknown>) => ({ equals: { version, createdAt } }) as const;

/** Replaces a source as it was read; `told` is what the record says of it. False when it has changed since. */
export const saveSource = async (
  writer: Writer,
  by: Actor,
  before: StoredSource<unknown> | undefined,
  after: StoredSource<unknown>,
  told: Omit<NonNullable<Particulars["source"]>, "secrets">,
): Promise<boolean> => {
  const outcome = await writer.table.transact([
    {
      put: { ...hookKey(after.name), ...after },
      if: before ? asRead(before) : "absent",
    },
    houseAudit(writer, {
      action: before ? "source.changed" : "source.created",
      by,
      subject: contextOf(after.name),
      particulars: { source: { ...told, secrets: after.secrets.map(({ id }) => id) } },
    }),
  ]);
  return outcome.ok;
};

/** Takes a source off: what its sender posts from then on is no hook's. False when it has changed since it was read. */
export const removeSource = async (writer: Writer, by: Actor, source: StoredSource<unknown>): Promise<boolean> => {
  const outcome = await writer.table.transact([
    { delete: hookKey(source.name), if: asRead(source) },
    houseAudit(writer, { action: "source.removed", by, subject: contextOf(source.name) }),
  ]);
  return outcome.ok;
};
