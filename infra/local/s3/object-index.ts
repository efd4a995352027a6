import { DatabaseSync, type SQLOutputValue } from "node:sqlite";

/** What the index says of an object. `etag` is quoted; `modified` is ms since the epoch; `digest` the SHA-256 of its bytes. */
export type Entry = {
  digest: string;
  etag: string;
  size: number;
  headers: Record<string, string>;
  modified: number;
  /** Whether the bytes are in a file; else they are in the row. */
  filed: boolean;
};

/** A page of a listing: keys as UTF-8 bytes, in their order. */
export type Listed = { key: Buffer; etag: string; size: number; modified: number };

export type Index = {
  find: (bucket: string, key: string) => Entry | undefined;
  /** The bytes of an object that is not in a file. */
  bytes: (bucket: string, key: string) => Uint8Array;
  set: (bucket: string, key: string, entry: Omit<Entry, "filed">, bytes: Uint8Array | null) => void;
  delete: (bucket: string, key: string) => void;
  /** Keys from `from` on (included) up to `to` (not included; null: to the end). */
  list: (bucket: string, from: Uint8Array, to: Uint8Array | null, limit: number) => Listed[];
  /** Whether any object's bytes are in the file of that name. */
  isNamed: (digest: string) => boolean;
  readonly isOpen: boolean;
  close: () => void;
};

type Row = Record<string, SQLOutputValue>;

const text = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== "string") throw new TypeError(`The index is damaged: ${column} is not a text.`);
  return value;
};
const whole = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== "number") throw new TypeError(`The index is damaged: ${column} is not a number.`);
  return value;
};
const blob = (row: Row | undefined, column: string): Uint8Array => {
  const value = row?.[column];
  if (!(value instanceof Uint8Array)) throw new TypeError(`The index is damaged: ${column} is not a blob.`);
  return value;
};
const headersIn = (json: string): Record<string, string> => {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null) throw new TypeError("The index is damaged: headers.");
  return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
};

/** Raised when the table changes: a folder of another version is not opened. */
const VERSION = 1;

const open = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file);
  // Exclusive: the conditions of a put are checked in this process, so no other may write beside it. Bodies of up to
  // 64 KB lie in rows, hence the large pages. NORMAL survives kill -9 without waiting for the disk at each put.
  db.exec(
    `PRAGMA page_size = 16384; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL`,
  );
  const version = db.prepare("PRAGMA user_version").get();
  const found = version ? whole(version, "user_version") : 0;
  if (found !== 0 && found !== VERSION) throw new Error(`${file} is of version ${found}; this is version ${VERSION}.`);
  // Keys are blobs: S3 lists in the order of UTF-8 bytes, and a key may hold a NUL.
  db.exec(`
    CREATE TABLE IF NOT EXISTS object (
      bucket TEXT NOT NULL, key BLOB NOT NULL, digest TEXT NOT NULL, etag TEXT NOT NULL, size INTEGER NOT NULL,
      headers TEXT NOT NULL, modified INTEGER NOT NULL, body BLOB, PRIMARY KEY (bucket, key)
    );
    CREATE INDEX IF NOT EXISTS filed ON object (digest) WHERE body IS NULL;
    PRAGMA user_version = ${VERSION}`);
  return db;
};

/** Opens the index in `file`, or makes it. Throws when another process has it open, or its version is another. */
export const openIndex = (file: string): Index => {
  const db = open(file);
  const find = db.prepare(
    "SELECT digest, etag, size, headers, modified, body IS NULL AS filed FROM object WHERE bucket = ? AND key = ?",
  );
  const bytes = db.prepare("SELECT body FROM object WHERE bucket = ? AND key = ?");
  const set = db.prepare("INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
  const remove = db.prepare("DELETE FROM object WHERE bucket = ? AND key = ?");
  const list = db.prepare(
    "SELECT key, etag, size, modified FROM object WHERE bucket = ? AND key >= ? AND (? IS NULL OR key < ?) ORDER BY key LIMIT ?",
  );
  const named = db.prepare("SELECT 1 FROM object WHERE digest = ? AND body IS NULL LIMIT 1");

  return {
    find: (bucket, key) => {
      const row = find.get(bucket, Buffer.from(key));
      return (
        row && {
          digest: text(row, "digest"),
          etag: text(row, "etag"),
          size: whole(row, "size"),
          headers: headersIn(text(row, "headers")),
          modified: whole(row, "modified"),
          filed: whole(row, "filed") === 1,
        }
      );
    },
    bytes: (bucket, key) => blob(bytes.get(bucket, Buffer.from(key)), "body"),
    set: (bucket, key, { digest, etag, size, headers, modified }, body) => {
      set.run(bucket, Buffer.from(key), digest, etag, size, JSON.stringify(headers), modified, body);
    },
    delete: (bucket, key) => {
      remove.run(bucket, Buffer.from(key));
    },
    list: (bucket, from, to, limit) =>
      list.all(bucket, from, to, to, limit).map((row) => ({
        key: Buffer.from(blob(row, "key")),
        etag: text(row, "etag"),
        size: whole(row, "size"),
        modified: whole(row, "modified"),
      })),
    isNamed: (digest) => named.get(digest) !== undefined,
    get isOpen() {
      return db.isOpen;
    },
    close: () => db.close(),
  };
};
