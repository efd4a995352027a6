import type { GuardedFetch } from "../runtime/guarded-fetch.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Events } from "../runtime/events.ts";
import type { Ids } from "../runtime/ids.ts";
import type { Table } from "./dynamo.ts";
import type { Inbox } from "./inbox.ts";
import type { Media } from "./media.ts";
import type { Bodies, SiteObjects } from "./objects.ts";
import type { Pictures } from "./pictures.ts";
import type { Purge } from "./purge.ts";
import type { ImageQueue, InboxQueue, RenderQueue, ScheduleQueue } from "./queue.ts";
import type { Renditions } from "./renditions.ts";
import type { Keyring } from "./seal.ts";
import type { Uploads } from "./uploads.ts";

/** Everything a function may reach. Each takes the few that it needs (`Pick`), and its bundle carries no other client. */
export type Services = {
  clock: Clock;
  ids: Ids;
  events: Events;
  table: Table;
  bodies: Bodies;
  site: SiteObjects;
  purge: Purge;
  media: Media;
  uploads: Uploads;
  pictures: Pictures;
  renditions: Renditions;
  renderQueue: RenderQueue;
  imageQueue: ImageQueue;
  /** What of pictures can wait: AVIF, which takes seconds, never stands before a picture that nobody can see yet. */
  laterQueue: ImageQueue;
  scheduleQueue: ScheduleQueue;
  inboxQueue: InboxQueue;
  /** What senders of webhooks sent, as it came. */
  inbox: Inbox;
  /** For addresses that outsiders name: it reaches what is public, and nothing of ours. */
  fetch: GuardedFetch;
  /** The keys under which secrets are sealed; read when they are first asked for, and kept for the process' life. */
  sealingKeys: () => Promise<Keyring>;
  /** Where readers find the site unless an administrator set another address. */
  siteUrl: string;
  /** The deployment's number: an older renderer leaves a newer one's pages alone. */
  epoch: number;
};
