import type { FigureAddress } from "../intake/addresses.ts";

/** A request as it came: its raw bytes, and headers by lower-case names. */
export type Delivery = {
  method: string;
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
};

/** A picture that a story brings along by its address. */
export type PictureAddress = { url: string; alt?: string; caption?: string; credit?: string };

/**
 * What an event wants done. `version` orders events of one `externalId`: a greater string is newer; without one they are taken as
 * they arrive.
 */
export type EventCommand =
  /**
   * `article` is what POST /articles takes as JSON, without source, externalId and status; `picture` is its lead picture; `addresses` are
   * those of pictures within a body of blocks, which cannot say them itself.
   */
  | {
      type: "upsert";
      externalId: string;
      version?: string;
      article: Record<string, unknown>;
      picture?: PictureAddress;
      addresses?: FigureAddress[];
      isPublic: boolean;
    }
  /** The same in Markdown with front matter. */
  | { type: "upsert-markdown"; externalId: string; version?: string; markdown: string; isPublic: boolean }
  | { type: "withdraw"; externalId: string; version?: string }
  /** Only told that something changed: its content is at `url` (https), to be read as `as`. */
  | {
      type: "fetch";
      externalId: string;
      version?: string;
      url: string;
      as: "markdown";
      headers?: Record<string, string>;
    };

/** What a kind makes of an event; `ignored` says why nothing is to be done (a ping, another kind of object). */
export type ReadEvent = { commands: EventCommand[]; ignored?: string };

/**
 * Whether a delivery is its sender's. `id` is the sender's own id of the event, the same over retries, where it is signed; `at` (ms)
 * is the time that is signed.
 */
export type Verdict = { ok: true; id: string | undefined; at: number | undefined } | { ok: false; reason: string };
