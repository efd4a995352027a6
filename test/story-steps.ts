import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import type { Status } from "../shared/domain/article.ts";
import { iso } from "../shared/domain/time.ts";
import {
  type Fields,
  fieldsOf,
  goUp,
  HEADLINES,
  isPublic,
  REPORTERS,
  SECTIONS,
  shortId,
  type Story,
  type Who,
  type Withdrawal,
  write,
} from "./story-model.ts";

/** A story, another beside it, who is at work on it, and when (ms since the epoch). */
export type At = { story: Story; other: Story; who: Who; now: number };

/** A step as it is taken in a state: the request, why that is refused whoever asks, and what it makes of the model. */
export type Plan = {
  body: unknown;
  /** 422: what is named is not there. */
  invalid?: boolean;
  /** 409 for another reason than the status. */
  impossible?: boolean;
  makes: () => void;
};

/** What somebody does to a story: from which statuses, and whether the reporter whose it is may. */
export type Step = {
  name: string;
  editorOnly: boolean;
  from: readonly Status[];
  /** Below the story's address in the API; an edit is of the story itself. */
  move: string;
  plan: (at: At) => Plan;
};

const ALL = ["draft", "in-review", "approved", "scheduled", "published", "withdrawn"] as const;
const IN_HAND = ["draft", "in-review", "approved"] as const;

/** One field set, or taken away: as a merge patch (RFC 7396) has it, and as the model does. */
type Change = { name: string; of: (story: Story) => { patch: Record<string, unknown>; fields: Partial<Fields> } };

const DAYS = ["2019-03-01", "2021-06-15", "2023-09-30"].map((day) => Date.parse(`${day}T08:00:00Z`));
const maybe = <Value>(...values: Value[]): fc.Arbitrary<Value | undefined> => fc.constantFrom(undefined, ...values);

/** Old paths that a story may be given; no other story has them. */
export const aliasesOf = (story: Story): [string, string] => [
  `/bai-cu/${shortId(story)}-1.html`,
  `/bai-cu/${shortId(story)}-2.html`,
];

const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.constantFrom(...HEADLINES).map((headline) => ({
    name: `headline ${headline}`,
    of: () => ({ patch: { headline }, fields: { headline } }),
  })),
  fc.constantFrom(...SECTIONS).map((section) => ({
    name: `section ${section}`,
    of: () => ({ patch: { section }, fields: { section } }),
  })),
  maybe("ben-do", "cau-moi").map((slug) => ({
    name: `slug ${slug}`,
    of: () => ({ patch: { slug: slug ?? null }, fields: { slug } }),
  })),
  maybe(...DAYS).map((publishedAt) => {
    const day = publishedAt === undefined ? null : iso(publishedAt);
    return { name: `publishedAt ${day}`, of: () => ({ patch: { publishedAt: day }, fields: { publishedAt } }) };
  }),
  maybe<"first" | "second" | "both">("first", "second", "both").map((which) => ({
    name: `aliases ${which}`,
    of: (story: Story) => {
      const [first, second] = aliasesOf(story);
      const aliases =
        which === undefined ? undefined : { first: [first], second: [second], both: [first, second] }[which];
      return { patch: { aliases: aliases ?? null }, fields: { aliases } };
    },
  })),
);

const edits = ({ name, of }: Change): Step => ({
  name: `edits ${name}`,
  editorOnly: false,
  from: ALL,
  move: "",
  plan: ({ story, who }) => {
    const { patch, fields } = of(story);
    return { body: patch, makes: () => write(story, who, { ...fieldsOf(story), ...fields }) };
  },
});

const restores = (revision: number): Step => ({
  name: `restores ${revision}`,
  editorOnly: false,
  from: ALL,
  move: "/restore",
  plan: ({ story, who }) => ({
    body: { revision },
    invalid: revision > story.revisions.length,
    makes: () => write(story, who, fieldsOf(story, revision)),
  }),
});

/** A correction of nothing is one all the same, and no revision. */
const corrects = ({ name, of }: Change): Step => ({
  name: `corrects ${name}`,
  editorOnly: true,
  from: ["published"],
  move: "/correct",
  plan: ({ story, now }) => {
    const { patch, fields } = of(story);
    const [newest, note] = [fieldsOf(story), `Đính chính ${story.corrections.length + 1}.`];
    return {
      body: { note, patch },
      impossible: story.published !== undefined && !isDeepStrictEqual(newest, story.published.fields),
      makes: () => {
        const next = { ...newest, ...fields };
        if (!isDeepStrictEqual(next, newest)) {
          story.revisions.push(next);
          story.approved = undefined;
        }
        story.corrections.push(note);
        goUp(story, story.revisions.length, now);
      },
    };
  },
});

const plain = (move: string, from: readonly Status[], makes: (story: Story) => void): Step => ({
  name: move,
  editorOnly: move !== "submit",
  from,
  move: `/${move}`,
  plan: ({ story }) => ({
    body: move === "reject" ? { note: "Xin gọi lại nguồn." } : {},
    makes: () => {
      story.seq++;
      makes(story);
    },
  }),
});

const review: Step[] = [
  plain("submit", ["draft"], (story) => void (story.status = "in-review")),
  plain("approve", ["in-review"], (story) => {
    story.status = "approved";
    story.approved = story.revisions.length;
  }),
  plain("reject", ["in-review", "approved"], (story) => {
    story.status = "draft";
    story.approved = undefined;
  }),
];
const unschedules = plain("unschedule", ["scheduled"], (story) => {
  story.status = story.scheduled?.from ?? "draft";
  story.scheduled = undefined;
});

export const PUBLISHES: Step = {
  name: "publishes",
  editorOnly: true,
  from: ALL,
  move: "/publish",
  plan: ({ story, now }) => ({
    body: {},
    makes: () => {
      if (!isPublic(story) || story.published?.revision !== story.revisions.length)
        goUp(story, story.revisions.length, now);
    },
  }),
};

const schedules = (name: string, ms: number): Step => ({
  name: `schedules for ${name}`,
  editorOnly: true,
  from: IN_HAND,
  move: "/publish",
  plan: ({ story, now }) => ({
    body: { at: iso(now + ms) },
    makes: () => {
      story.seq++;
      story.scheduled = { at: now + ms, revision: story.revisions.length, from: story.status };
      story.status = "scheduled";
    },
  }),
});

const withdraws = (mode: "gone" | "notice" | "to a section" | "to the other story"): Step => ({
  name: `withdraws ${mode}`,
  editorOnly: true,
  from: ["published"],
  move: "/withdraw",
  plan: ({ story, other }) => {
    const [withdrawal, more] = withdrawalOf(mode, other);
    return {
      body: { mode: withdrawal.mode, reason: "Theo yêu cầu.", ...more },
      invalid: mode === "to the other story" && !isPublic(other),
      makes: () => {
        story.seq++;
        story.status = "withdrawn";
        story.withdrawal = withdrawal;
      },
    };
  },
});

const withdrawalOf = (mode: Parameters<typeof withdraws>[0], other: Story): [Withdrawal, Record<string, string>] => {
  switch (mode) {
    case "gone":
      return [{ mode }, {}];
    case "notice":
      return [{ mode }, { notice: "Tòa soạn xin lỗi." }];
    case "to a section":
      return [{ mode: "redirect", to: "/kinh-te" }, { to: "/kinh-te" }];
    case "to the other story":
      return [{ mode: "redirect", to: other }, { to: other.published?.path ?? "/thoi-su/khong-co" }];
  }
};

/** `keys` are the ids of the people's keys. */
const handsOver = (to: Who, keys: () => Record<Who, string>): Step => ({
  name: `hands over to ${to}`,
  editorOnly: true,
  from: ALL,
  move: "/handover",
  plan: ({ story }) => ({
    body: { to: keys()[to] },
    makes: () => {
      if (story.owner !== to) story.seq++;
      story.handedOver ||= story.owner !== to;
      story.owner = to;
    },
  }),
});

const always = (...steps: Step[]): fc.Arbitrary<Step> => fc.constantFrom(...steps);

/** Every kind of step, as often as it is worth: what brings stories before readers more often than what refuses most of the time. */
export const steps = (keys: () => Record<Who, string>): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 6, arbitrary: changes.map(edits) },
    { weight: 5, arbitrary: always(PUBLISHES) },
    { weight: 3, arbitrary: always(...review) },
    { weight: 3, arbitrary: changes.map(corrects) },
    { weight: 2, arbitrary: fc.constantFrom("gone", "notice", "to a section").map(withdraws) },
    { weight: 2, arbitrary: always(withdraws("to the other story")) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map(restores) },
    { weight: 2, arbitrary: always(schedules("the next minute", 60_000)) },
    { weight: 1, arbitrary: always(schedules("next week", 7 * 24 * 3_600_000)) },
    { weight: 1, arbitrary: always(unschedules) },
    { weight: 1, arbitrary: fc.constantFrom(...REPORTERS, "editor" as const).map((to) => handsOver(to, keys)) },
  );
