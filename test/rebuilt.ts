import { iso } from "../shared/domain/time.ts";
import { sitePages } from "../shared/site/impact.ts";
import { loadSite } from "../shared/store/site.ts";
import { newWork, type Work, workPut } from "../shared/store/work.ts";
import type { TestHouse } from "./house.ts";

/** Every put of a rendered page bears an id of its own, in its last line. */
const RENDER_ID = /(?:<!-- |# )([0-9A-Z]{26})(?: -->)?\n$/;
/** Headers that hang on when, and with which id, an object was put. */
const OF_THE_PUT = /\["(?:etag|last-modified|date|content-length|x-amz-request-id)","(?:\\.|[^"\\])*"\],?/g;

/** An object as it was, or is; undefined where there was none. */
export type Difference = { key: string; was: string | undefined; is: string | undefined };
/** `untouched` are rendered objects that stood before, and that rendering anew did not write: nothing is known of these. */
export type Rebuilt = { differences: Difference[]; untouched: string[] };

/** An object without what each put gives it. */
const plain = (bytes: string | undefined): string | undefined =>
  bytes?.replace(RENDER_ID, "").replaceAll(OF_THE_PUT, "");

/** Work for the story as it stands, its old paths included; none for one that was never public. */
const workFor = async (house: TestHouse, article: string): Promise<Omit<Work, "notBefore">[]> => {
  const { ids, clock } = house.functions.services;
  const { body } = await house.call("GET", `/articles/${article}`);
  if (body.url === undefined) return [];
  const [now, path] = [clock.now(), new URL(body.url).pathname];
  return [newWork({ id: ids.ulid(now), article, path, seq: body.seq, moved: true, createdAt: iso(now) })];
};

/**
 * Renders the pages of `articles` (ids) and every shared page anew once all is quiet, and compares all public objects, whole, with what
 * stood there: what readers were shown, bit by bit, is to be what the current state makes in one go. Render ids aside.
 */
export const rebuilt = async (house: TestHouse, articles: readonly string[]): Promise<Rebuilt> => {
  const { table, ids, clock, siteUrl } = house.functions.services;
  await house.quiet();
  const before = await house.publicBytes();
  const { sections, indexNow } = await loadSite(table, siteUrl);
  const now = clock.now();
  const pages = sitePages(
    sections.map(({ slug }) => slug),
    indexNow ? [indexNow.key] : [],
  );
  const shared = newWork({ id: ids.ulid(now), seq: 0, pages, createdAt: iso(now) });
  const works = [...(await Promise.all(articles.map((id) => workFor(house, id)))).flat(), shared];
  for (const work of works) await table.transact([workPut(work, iso(now + 60_000))]);
  await house.quiet();
  const after = await house.publicBytes();
  const differences = [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((key): Difference[] => {
    const [was, is] = [plain(before.get(key)), plain(after.get(key))];
    return was === is ? [] : [{ key, was, is }];
  });
  const idOf = (bytes: string | undefined): string | undefined => RENDER_ID.exec(bytes ?? "")?.[1];
  const untouched = [...before].flatMap(([key, bytes]) => {
    const id = idOf(bytes);
    return id !== undefined && id === idOf(after.get(key)) ? [key] : [];
  });
  return { differences, untouched };
};
