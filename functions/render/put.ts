import type { CachePolicy } from "../../shared/pages/cache.ts";
import type { Services } from "../../shared/store/services.ts";
import { type Reads, readsOf } from "./reads.ts";

/** A page as the current state makes it; `status` turns the object into a redirect or a tombstone at the edge. */
export type Rendered = CachePolicy & {
  body: string;
  tags: string[];
  status?: 301 | 410;
  location?: string;
  /** No metadata at all: the edge function that strips it does not run for the page behind a 404. */
  bare?: true;
};

/** A page could not be written. The code goes on the WORK and into the receipt; it never holds text of an article. */
export class RenderFault extends Error {
  readonly code: "body-unreadable" | "contended" | "newer-renderer" | "section-removed" | "not-public" | "work-gone";
  constructor(code: RenderFault["code"], options?: ErrorOptions) {
    super(code, options);
    this.name = "RenderFault";
    this.code = code;
  }
}

/** A public key, and how the current state makes its object; `state` is handed back with the outcome. */
export type Page<State> = {
  key: string;
  /**
   * Nothing is thought to stand at the key. Then it is not looked at first: an object that is never deleted and is not there
   * at the put (If-None-Match) was not there when the state was read either.
   */
  fresh?: boolean;
  /**
   * The bytes are given by a protocol and bear no render id, so that the put is no fence: a renderer that slept may find at the key what
   * it saw there before. The state is therefore read once more after the put, and the page begun again when it makes another by now.
   */
  exact?: boolean;
  /** Without `rendered` the key is left as it is: the state says that its turn has not come. */
  render: (reads: Reads) => Promise<{ rendered?: Rendered; state: State }>;
};

export type Put<State> = { key: string; state: State } | { key: string; fault: unknown };

export type Putter = Pick<Services, "table" | "site" | "ids" | "clock" | "epoch" | "events" | "siteUrl">;

/** Times one page is begun again because somebody else wrote it meanwhile. */
const TRIES = 40;

/**
 * Every put differs by a render id, though the page be the same: S3's ETag is a digest of the content, and a key that
 * went from A to B and back to A would otherwise let a renderer that slept meanwhile through.
 */
const stamped = (rendered: Rendered, id: string): string =>
  rendered.contentType.startsWith("text/plain") ? `${rendered.body}# ${id}\n` : `${rendered.body}<!-- ${id} -->\n`;

/**
 * Writes what the current state makes of each key, by compare-and-swap: what stands there is looked at (or was put by this
 * very instance) BEFORE any state is read, and a put holds only if it still stands. It always puts, even equal bytes: the write is the fence against a
 * renderer that read an older state and is still under way. Pages of one call look first and then share what they read;
 * those whose key moved begin again together. A page that fails is an outcome of its own, and stops none of the others.
 */
export const putCurrent = async <State>(services: Putter, pages: Page<State>[]): Promise<Put<State>[]> => {
  const outcomes = new Map<string, Put<State>>();
  let open = pages;
  for (let attempt = 1; open.length > 0; attempt++) {
    const look = async ({ key, fresh }: Page<State>) => {
      if (attempt > 1) return services.site.head(key);
      return fresh ? undefined : (services.site.recall(key) ?? services.site.head(key));
    };
    const seen = await Promise.allSettled(open.map(look));
    const reads = readsOf(services);
    const round = open.map(async (page, n): Promise<Put<State> | undefined> => {
      const { key } = page;
      try {
        const found = seen[n];
        if (found?.status === "rejected") throw found.reason;
        if (attempt > TRIES) throw contended(services, key);
        return await putOnce(services, page, found?.value, reads);
      } catch (fault) {
        return { key, fault };
      }
    });
    for (const outcome of await Promise.all(round)) if (outcome) outcomes.set(outcome.key, outcome);
    open = open.filter(({ key }) => !outcomes.has(key));
    if (open.length) await services.clock.sleep(Math.random() * Math.min(200, 4 * attempt));
  }
  return [...outcomes.values()];
};

/** {@link putCurrent} for one page; throws its fault. */
export const putOne = async <State>(services: Putter, page: Page<State>): Promise<State> => {
  const [outcome] = await putCurrent(services, [page]);
  if (!outcome) throw new RenderFault("contended");
  if ("fault" in outcome) throw outcome.fault;
  return outcome.state;
};

const contended = ({ events }: Putter, page: string): RenderFault => {
  events({ event: "render.contended", page, attempts: TRIES });
  return new RenderFault("contended");
};

const isSame = (a: Rendered, b: Rendered | undefined): boolean => a.body === b?.body && a.status === b.status;

/** One try; undefined when the key has moved since it was looked at, or the state of an exact page since it was read. */
const putOnce = async <State>(
  services: Putter,
  { key, render, exact }: Page<State>,
  seen: Awaited<ReturnType<Services["site"]["head"]>>,
  reads: Reads,
): Promise<Put<State> | undefined> => {
  const { site, ids, clock, epoch } = services;
  if (seen && seen.epoch > epoch) throw new RenderFault("newer-renderer");
  const { rendered, state } = await render(reads);
  if (!rendered) return { key, state };
  const body = exact ? rendered.body : stamped(rendered, ids.ulid(clock.now()));
  const { contentType, cacheControl } = rendered;
  const put = await site.put({ key, body, contentType, cacheControl, metadata: metadataOf(rendered, epoch) }, seen);
  if (!put || (exact && !isSame(rendered, (await render(readsOf(services))).rendered))) return undefined;
  return { key, state };
};

const metadataOf = ({ tags, status, location, bare }: Rendered, epoch: number): Record<string, string> =>
  bare
    ? {}
    : {
        epoch: String(epoch),
        ...(tags.length ? { "cache-tag": tags.join(",") } : {}),
        ...(status ? { status: String(status) } : {}),
        ...(location === undefined ? {} : { location }),
      };
