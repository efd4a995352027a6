import type { ApiKey } from "../access.ts";
import type { Content, Head } from "../article.ts";
import type { KnownPictures } from "../picture.ts";
import type { Site } from "../site.ts";

/** What stands where a withdrawn story stood. */
export type WithdrawalMode =
  | { mode: "gone" }
  | { mode: "notice"; notice: string }
  /** `target` is the article whose page `to` is; undefined for a page that is no article's. */
  | { mode: "redirect"; to: string; target?: string | undefined };

/** What somebody wants done to an article. Times are ISO 8601, UTC. */
export type Command =
  /** `digest` names what was submitted, where the story has a natural key. */
  | {
      type: "create";
      id: string;
      content: Content;
      publish: boolean;
      breakEmbargo?: string | undefined;
      digest?: string | undefined;
    }
  /** The story is sent again under its natural key. */
  | { type: "resubmit"; content: Content; publish: boolean; breakEmbargo?: string | undefined; digest: string }
  | { type: "edit"; content: Content }
  /** The content of an old revision as a new one. */
  | { type: "restore"; revision: number; content: Content }
  | { type: "submit" }
  | { type: "approve" }
  | { type: "reject"; note: string }
  /** The newest revision, now; or, with an `at` that lies ahead, then, whatever is edited meanwhile. */
  | { type: "publish"; at?: string | undefined; breakEmbargo?: string | undefined }
  | { type: "unschedule" }
  /** The schedule's own: a scheduled publication whose time has come. */
  | { type: "release" }
  /** What readers see, put right: `content` is the patched content, `note` tells them. */
  | { type: "correct"; note: string; content: Content }
  | ({ type: "withdraw"; reason: string } & WithdrawalMode)
  /** It is another's story from now on: of the key `to`, as it stands; undefined when there is none. */
  | { type: "handover"; to: ApiKey | undefined };

/** What a decision may look at: who asks, when (ISO 8601, UTC), the site as it stands, and the pictures that are named. */
export type Situation = {
  key: ApiKey;
  now: string;
  site: Pick<Site, "sections" | "authors" | "pictures" | "timeZone">;
  pictures: KnownPictures;
  /** The article that the content of the command names as its original, where it names another than before. */
  original?: Head | undefined;
};

export type Action = Command["type"] | "schedule";

/** What the record keeps of a move besides who and when: words that editors gave, never a story's text. */
export type Particulars = {
  note?: string;
  reason?: string;
  mode?: string;
  to?: string;
  at?: string;
  from?: number;
  /** When an embargo ends from now on, or `none`. */
  embargo?: string;
  /** What a source of webhooks is from now on; `secrets` are the ids of those that are active. */
  source?: { kind: string; publish: string; unsigned: boolean; secrets: string[] };
  /** What a webhook is from now on, by the origin that it leads to; `secrets` are the ids of those that sign. */
  webhook?: { origin: string; events: string[]; state: string; why?: string; secrets: string[] };
};

/** The outcome: the article as it will be. When nothing would change, `after` is `before` itself. */
export type Decision = {
  action: Action;
  before: Head | undefined;
  after: Head;
  particulars?: Particulars | undefined;
};
