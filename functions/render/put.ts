import type { CachePolicy } from "../../shared/pages/cache.ts";
import type { Services } from "../../shared/store/services.ts";

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
  readonly code: "body-unreadable" | "contended" | "newer-renderer" | "section-removed" | "not-public";
  constructor(code: RenderFault["code"], options?: ErrorOptions) {
    super(code, options);
    this.name = "RenderFault";
    this.code = code;
  }
}

/** Times one page is begun again because somebody else wrote it meanwhile. */
const TRIES = 40;

/**
 * Every put differs by a render id, though the page be the same: S3's ETag is a digest of the content, and a key that
 * went from A to B and back to A would otherwise let a renderer that slept meanwhile through.
 */
const stamped = (rendered: Rendered, id: string): string =>
  rendered.contentType.startsWith("text/plain") ? `${rendered.body}# ${id}\n` : `${rendered.body}<!-- ${id} -->\n`;

/**
 * Writes what the current state makes of a key, by compare-and-swap: what stands there is looked at BEFORE the state is
 * read, and the put holds only if it still stands. It always puts, even equal bytes: the write is the fence against a
 * renderer that read an older state and is still under way. `render` is called again whenever the key moved.
 */
export const putCurrent = async <State>(
  { site, ids, clock, epoch, events }: Pick<Services, "site" | "ids" | "clock" | "epoch" | "events">,
  key: string,
  render: () => Promise<{ rendered: Rendered; state: State }>,
): Promise<State> => {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const seen = await site.head(key);
    if (seen && seen.epoch > epoch) throw new RenderFault("newer-renderer");
    const { rendered, state } = await render();
    const { contentType, cacheControl, tags, status, location, bare } = rendered;
    const metadata: Record<string, string> = {
      epoch: String(epoch),
      ...(tags.length ? { "cache-tag": tags.join(",") } : {}),
      ...(status ? { status: String(status) } : {}),
      ...(location === undefined ? {} : { location }),
    };
    const done = await site.put(
      {
        key,
        body: stamped(rendered, ids.ulid(clock.now())),
        contentType,
        cacheControl,
        metadata: bare ? {} : metadata,
      },
      seen,
    );
    if (done) return state;
    await clock.sleep(Math.random() * Math.min(200, 4 * attempt));
  }
  events({ event: "render.contended", page: key, attempts: TRIES });
  throw new RenderFault("contended");
};
