import { actorOf, type ApiKey, barred, publishBar, readable, sectionBar } from "./access.ts";
import { type Address, type Content, type Head, type Published } from "./article.ts";
import { lacking, unknownNames } from "./checks.ts";
import { type Fault, invalid, ok, refuse, type Result } from "./error.ts";
import { LIMITS } from "./limits.ts";
import { type KnownPictures, lackingOnPictures, pictureWarnings, shownNow, unknownPictures } from "./picture.ts";
import { forRole, lookedAt, sameContent } from "./revision.ts";
import type { Site } from "./site.ts";
import { slugify } from "./slug.ts";

/** What somebody wants done to an article. Publishing takes the newest revision; withdrawing takes it off every page. */
export type Command =
  | { type: "create"; id: string; content: Content; publish: boolean }
  | { type: "edit"; content: Content }
  | { type: "publish" }
  | { type: "withdraw" };

/** What a decision may look at: who asks, when (ISO 8601, UTC), the site as it stands, and the pictures that are named. */
export type Situation = {
  key: ApiKey;
  now: string;
  site: Pick<Site, "sections" | "authors" | "pictures">;
  pictures: KnownPictures;
};

export type Action = Command["type"];

/** The outcome: the article as it will be. When nothing would change, `after` is `before` itself. */
export type Decision = { action: Action; before: Head | undefined; after: Head };

/**
 * Decides a command against the current state, purely. Refusals: missing (may not even be read), forbidden,
 * invalid (naming every field that publishing still needs).
 */
export const decide = (command: Command, before: Head | undefined, situation: Situation): Result<Decision> => {
  if (command.type === "create") return create(command, situation);
  if (before === undefined || readable(situation.key, before) === "nothing")
    return refuse({ kind: "missing", detail: "There is no such article." });
  switch (command.type) {
    case "edit":
      return edit(command.content, before, situation);
    case "publish":
      return publish(before, situation, "publish");
    case "withdraw":
      return withdraw(before, situation);
  }
};

const create = (
  { id, content, publish: wanted }: Extract<Command, { type: "create" }>,
  situation: Situation,
): Result<Decision> => {
  const { key, now } = situation;
  const bar = sectionBar(key, content.section) ?? (wanted ? publishBar(key) : undefined);
  if (bar) return refuse(bar);
  const faults = [
    ...unknownNames(content, situation.site),
    ...unknownPictures(content.pictures, situation.pictures),
    ...(wanted ? lackingIn(content, situation) : []),
  ];
  if (faults.length) return invalid(...faults);
  const by = actorOf(key);
  const head: Head = {
    id,
    seq: 1,
    revision: 1,
    siteSeq: 0,
    status: "draft",
    owner: by,
    createdAt: now,
    updatedAt: now,
    updatedBy: by,
    content: forRole(warned(content, situation), key),
  };
  if (!wanted) return ok({ action: "create", before: undefined, after: head });
  const published = publish({ ...head, seq: 0 }, situation, "create");
  return published.ok ? ok({ ...published.value, before: undefined }) : published;
};

const edit = (content: Content, before: Head, situation: Situation): Result<Decision> => {
  const { key, now } = situation;
  const bar = barred("edit", key, before) ?? sectionBar(key, content.section);
  if (bar) return refuse(bar);
  const faults = [
    ...unknownNames(content, situation.site, before.content),
    ...unknownPictures(content.pictures, situation.pictures, before.content.pictures),
  ];
  if (faults.length) return invalid(...faults);
  const next = forRole(warned(content, situation), key);
  if (sameContent(next, before.content)) return ok({ action: "edit", before, after: before });
  const after = {
    ...before,
    seq: before.seq + 1,
    revision: before.revision + 1,
    updatedAt: now,
    updatedBy: actorOf(key),
    content: next,
  };
  return ok({ action: "edit", before, after });
};

const publish = (before: Head, situation: Situation, action: Action): Result<Decision> => {
  const { key, now } = situation;
  const bar = barred("publish", key, before);
  if (bar) return refuse(bar);
  const { published: current } = before;
  const content = lookedAt(warned(before.content, situation));
  const { headline, section } = content;
  const faults = [...unknownNames(content, situation.site, content), ...lackingIn(content, situation)];
  if (faults.length || !headline || !section) return invalid(...faults);
  if (current?.revision === before.revision && before.status === "published")
    return ok({ action, before, after: before });

  const address: Address = { section, slug: content.slug ?? current?.address.slug ?? slugify(headline) };
  const former = formerOf(current, address);
  if (former.length > LIMITS.formerPaths)
    return invalid({ pointer: "/slug", detail: `a page moves at most ${LIMITS.formerPaths} times` });
  const shown = shownNow(
    current,
    content.pictures.map(({ image }) => image),
  );
  if (Object.keys({ ...shown.pictures, ...shown.formerPictures }).length > LIMITS.picturesEver)
    return invalid({
      pointer: "/body",
      detail: `a story shows at most ${LIMITS.picturesEver} different pictures in its time`,
    });
  const published: Published = {
    revision: before.revision,
    content,
    firstAt: current?.firstAt ?? now,
    at: now,
    by: actorOf(key),
    address,
    former,
    ...shown,
  };
  const seq = before.seq + 1;
  return ok({
    action,
    before,
    after: {
      ...before,
      seq,
      siteSeq: seq,
      status: "published",
      updatedAt: now,
      updatedBy: actorOf(key),
      content,
      published,
    },
  });
};

/** Off every page, list and feed, its pictures too; its address is kept, for it says 410 from now on. */
const withdraw = (before: Head, situation: Situation): Result<Decision> => {
  const { key, now } = situation;
  const bar = barred("publish", key, before);
  if (bar) return refuse(bar);
  const { published } = before;
  if (!published || before.status !== "published")
    return refuse({ kind: "impossible", detail: "Only a published story can be withdrawn.", moves: ["publish"] });
  const seq = before.seq + 1;
  return ok({
    action: "withdraw",
    before,
    after: {
      ...before,
      seq,
      siteSeq: seq,
      status: "withdrawn",
      updatedAt: now,
      updatedBy: actorOf(key),
      published: { ...published, ...shownNow(published, []) },
    },
  });
};

const warned = (content: Content, { pictures }: Situation): Content => ({
  ...content,
  warnings: pictureWarnings(content.warnings, content.pictures, pictures),
});

const lackingIn = (content: Content, { site, pictures }: Situation): Fault[] => [
  ...lacking(content),
  ...lackingOnPictures(content.pictures, pictures, site.pictures),
];

const sameAddress = (a: Address, b: Address): boolean => a.section === b.section && a.slug === b.slug;

const formerOf = (current: Published | undefined, address: Address): Address[] => {
  if (!current) return [];
  const all = sameAddress(current.address, address) ? current.former : [...current.former, current.address];
  return all.filter((one) => !sameAddress(one, address));
};
