import { isDeepStrictEqual } from "node:util";
import type { Status } from "../shared/domain/article.ts";

/** Who is at work: two reporters, of whom the first files the stories, and two editors. */
export const REPORTERS = ["reporter", "other reporter"] as const;
export const EDITORS = ["editor", "other editor"] as const;
export type Who = (typeof REPORTERS | typeof EDITORS)[number];
export const isEditor = (who: Who): boolean => EDITORS.some((one) => one === who);

/** The fields that the model follows; times in ms since the epoch. */
export type Fields = {
  headline: (typeof HEADLINES)[number];
  section: (typeof SECTIONS)[number];
  slug: string | undefined;
  publishedAt: number | undefined;
  aliases: readonly string[] | undefined;
};
/** The slug that a headline gives a page which has none of its own. */
const SLUGS = { "Chợ nổi": "cho-noi", "Mưa lớn": "mua-lon", "Đường mới": "duong-moi" } as const;
export const HEADLINES = ["Chợ nổi", "Mưa lớn", "Đường mới"] as const;
export const SECTIONS = ["thoi-su", "kinh-te"] as const;
export const LISTS = ["front", ...SECTIONS] as const;
export type ListName = (typeof LISTS)[number];

/** What readers see of a story, or saw before it was withdrawn. `old` are all other paths that it ever had. */
export type Shown = { revision: number; fields: Fields; firstAt: number; path: string; old: string[] };

export type Withdrawal = { mode: "gone" } | { mode: "notice" } | { mode: "redirect"; to: string | Story };

export type Story = {
  id: string;
  etag: string;
  owner: Who;
  /** Whether it was another's before. */
  handedOver: boolean;
  status: Status;
  seq: number;
  /** The content of each revision: number n is the one at n - 1, and none is missing. */
  revisions: Fields[];
  approved?: number | undefined;
  scheduled?: { at: number; revision: number; from: Status } | undefined;
  published?: Shown | undefined;
  corrections: string[];
  withdrawal?: Withdrawal | undefined;
};

export type Pin = { story: Story; until: number | undefined };
/** A house: every story that was ever filed, and the pinned order of each front. */
export type World = { stories: Story[]; pins: Record<ListName, Pin[]> };

export const emptyWorld = (): World => ({ stories: [], pins: { front: [], "thoi-su": [], "kinh-te": [] } });

export const isPublic = (story: Story): boolean => story.status === "published";

/** A revision's fields; the newest unless it is named. */
export const fieldsOf = ({ revisions }: Story, revision = revisions.length): Fields => {
  const fields = revisions[revision - 1];
  if (!fields) throw new RangeError(`no revision ${revision}`);
  return fields;
};

/** The end of a story's addresses. */
export const shortId = ({ id }: Story): string => id.slice(-8).toLowerCase();

/** Other words are another revision, which nobody has approved; a reporter's take the story out of the editors' hands. */
export const write = (story: Story, who: Who, fields: Fields): void => {
  if (isDeepStrictEqual(fields, fieldsOf(story))) return;
  const taken = (from: Status): Status =>
    from === "approved" || (from === "in-review" && !isEditor(who)) ? "draft" : from;
  story.seq++;
  story.revisions.push(fields);
  story.approved = undefined;
  story.status = taken(story.status);
  if (story.scheduled) story.scheduled = { ...story.scheduled, from: taken(story.scheduled.from) };
};

/** A revision becomes what readers see; `at` counts when it is the first. */
export const goUp = (story: Story, revision: number, at: number): void => {
  const { published } = story;
  const fields = fieldsOf(story, revision);
  const slug = fields.slug ?? published?.path.split("/")[2]?.replace(/-[^-]*$/, "") ?? SLUGS[fields.headline];
  const path = `/${fields.section}/${slug}-${shortId(story)}`;
  const all = [...(published ? [...published.old, published.path] : []), ...(fields.aliases ?? [])];
  const old = [...new Set(all)].filter((one) => one !== path);
  story.seq++;
  story.status = "published";
  story.published = { revision, fields, firstAt: published?.firstAt ?? at, path, old };
  story.scheduled = undefined;
  story.withdrawal = undefined;
};

/** The sections that a story is filed in: by its newest words, by those that are scheduled, and by where its page stands. */
export const homesOf = (story: Story): string[] => [
  fieldsOf(story).section,
  ...(story.scheduled ? [fieldsOf(story, story.scheduled.revision).section] : []),
  ...(story.published ? [story.published.fields.section] : []),
];

export const mayBePinned = (story: Story, list: ListName): boolean =>
  story.status !== "withdrawn" && (list === "front" || homesOf(story).includes(list));

const keepPins = ({ pins }: World, stays: (pin: Pin, list: ListName) => boolean): void => {
  for (const list of LISTS) pins[list] = pins[list].filter((pin) => stays(pin, list));
};

/** A story that is withdrawn, or has left a section, has left its pins there. */
export const unpin = (world: World): void => keepPins(world, ({ story }, list) => mayBePinned(story, list));

/** The clock shows `now` (ms): what was scheduled for before goes up, and pins whose time is up leave. */
export const timePasses = (world: World, now: number): void => {
  for (const story of world.stories)
    if (story.scheduled && story.scheduled.at < now) goUp(story, story.scheduled.revision, story.scheduled.at);
  keepPins(world, ({ until }) => until === undefined || until > now);
};

/** What stands at a path: a page with a title, a way to another path, or nothing any more (a notice has a title as well). */
export type Standing = { status: 200; title: string } | { status: 301; to: string } | { status: 410; title: string };

const LOST = "Không tìm thấy trang";
const TAKEN_DOWN = "Bài viết đã được gỡ";

/** Where a redirect of a withdrawn story leads by now; undefined for nowhere. */
const wayTo = (to: string | Story): string | undefined => {
  if (typeof to === "string") return to;
  const { published, withdrawal } = to;
  if (!published || withdrawal?.mode === "gone") return undefined;
  return withdrawal?.mode === "redirect" ? wayTo(withdrawal.to) : published.path;
};

/** What stands at each path that a story has, or had, as readers ask for it. */
export const standings = ({ published, withdrawal }: Story): Record<string, Standing> => {
  if (!published) return {};
  const { path, old, fields } = published;
  const all = (standing: Standing) => Object.fromEntries([path, ...old].map((one) => [one, standing]));
  switch (withdrawal?.mode) {
    case undefined:
      return { ...all({ status: 301, to: path }), [path]: { status: 200, title: fields.headline } };
    case "gone":
      return all({ status: 410, title: LOST });
    case "notice":
      return all({ status: 410, title: TAKEN_DOWN });
    case "redirect": {
      const to = wayTo(withdrawal.to);
      return all(to === undefined ? { status: 410, title: LOST } : { status: 301, to });
    }
  }
};

/** Stories on a front, and in the feed. */
const MOST = { front: 30, feed: 20 };

type Listed = { id: string; path: string; title: string; order: number };

/** What the lists show: `[path, headline]` of each story in its order, by the list's path. */
export const listings = ({ stories, pins }: World): Record<string, [string, string][]> => {
  const newest = stories
    .flatMap(({ id, status, published }): (Listed & { section: string })[] => {
      if (status !== "published" || !published) return [];
      const { path, fields, firstAt } = published;
      const { headline: title, section, publishedAt } = fields;
      return [{ id, path, title, section, order: publishedAt ?? firstAt }];
    })
    .sort((a, b) => b.order - a.order || (a.id < b.id ? 1 : -1));
  const shown = (listed: Listed[]): [string, string][] => listed.map(({ path, title }) => [path, title]);
  const front = (list: ListName): [string, string][] => {
    const all = newest.filter(({ section }) => list === "front" || section === list);
    const first = pins[list].flatMap(({ story }) => all.filter(({ id }) => id === story.id));
    return shown([...first, ...all.filter((one) => !first.includes(one))].slice(0, MOST.front));
  };
  return {
    "/": front("front"),
    "/feed.xml": shown(newest.slice(0, MOST.feed)),
    ...Object.fromEntries(SECTIONS.map((section) => [`/${section}`, front(section)])),
  };
};
