import type { MetricName } from "../shared/runtime/events.ts";
import type { FunctionName, QueueName } from "./topology.ts";

/** A metric of CloudWatch, by the topology's names of what it is about; ours are about the stage as a whole. */
export type Watched =
  | { of: "events"; metric: MetricName }
  | { of: "function"; name: FunctionName; metric: "Errors" | "Invocations" | "IteratorAge" | "Throttles" }
  | { of: "queue"; name: QueueName; metric: "ApproximateAgeOfOldestMessage" | "ApproximateNumberOfMessagesVisible" }
  | { of: "table"; metric: "ReadThrottleEvents" | "WriteThrottleEvents" }
  | { of: "api"; metric: "5xx" };

/** How several metrics become the one number that is looked at: the first is alone, or all are added up, or the greatest counts. */
export type Combined = "sum" | "greatest" | "first-less-second";

export type AlarmShape = {
  /** The heading in RUNBOOK.md, and the end of the alarm's name. */
  id: string;
  metrics: readonly [Watched, ...Watched[]];
  combine?: Combined;
  statistic: "Sum" | "Maximum";
  /** The alarm is on at `least` and above, or below `less`. */
  threshold: { least: number } | { less: number };
  periodSeconds: number;
  /** Looks back at `evaluations` periods; `breaching` of them have to be bad. */
  evaluations: number;
  breaching: number;
  /** What it means when nothing is told. Most metrics are told only when something happens. */
  missing: "notBreaching" | "breaching";
  /** One sentence for a tired person. */
  description: string;
};

const MINUTE = 60;

/** So many in five minutes, and again: what passes by itself wakes nobody. */
const AGAIN_AND_AGAIN = {
  statistic: "Sum",
  periodSeconds: 5 * MINUTE,
  evaluations: 3,
  breaching: 2,
  missing: "notBreaching",
} as const;
/** So many in five minutes are enough. */
const SOME_AT_ONCE = {
  statistic: "Sum",
  periodSeconds: 5 * MINUTE,
  evaluations: 1,
  breaching: 1,
  missing: "notBreaching",
} as const;

/**
 * What can go wrong quietly, and when somebody is told. A fault that heals by itself (each failure is tried again within a minute) is none
 * of these; each heading in RUNBOOK.md says what to do. CloudFront's own metrics are in us-east-1, where this stack has nothing:
 * they are on the dashboard, and no alarm goes by them. Of the functions' throttles those of the API and of the sweep show
 * as api-faults and sweep-silent. What the API says of its own faults (api.fault) is part of its 5xx, and not billed twice. A round of
 * functions/notify that does not come wakes nobody: the stream brings what is new, and one that fails is among webhook-faults.
 */
export const alarms = [
  {
    id: "stream-behind",
    metrics: [{ of: "function", name: "render", metric: "IteratorAge" }],
    statistic: "Maximum",
    threshold: { least: 120_000 },
    periodSeconds: MINUTE,
    evaluations: 5,
    breaching: 3,
    missing: "notBreaching",
    description: "The renderer is more than two minutes behind the table's stream: new stories go up late.",
  },
  {
    id: "work-overdue",
    metrics: [{ of: "events", metric: "work.overdue.works" }],
    statistic: "Maximum",
    threshold: { least: 1 },
    periodSeconds: MINUTE,
    evaluations: 3,
    breaching: 2,
    missing: "notBreaching",
    description: "Something that an editor published or changed more than ten minutes ago is still not done.",
  },
  {
    id: "release-late",
    metrics: [{ of: "events", metric: "release.late.ms" }],
    statistic: "Maximum",
    threshold: { least: 120_000 },
    periodSeconds: 5 * MINUTE,
    // What cannot go up is tried every five minutes: the alarm stays on meanwhile.
    evaluations: 2,
    breaching: 1,
    missing: "notBreaching",
    description: "A scheduled story went up more than two minutes after its time, or could not go up yet.",
  },
  {
    id: "render-queue-old",
    metrics: [{ of: "queue", name: "render", metric: "ApproximateAgeOfOldestMessage" }],
    statistic: "Maximum",
    threshold: { least: 600 },
    periodSeconds: MINUTE,
    evaluations: 5,
    breaching: 5,
    missing: "notBreaching",
    description: "Messages have waited ten minutes for the renderer: what failed once is not tried again.",
  },
  {
    id: "images-queue-old",
    metrics: [
      { of: "queue", name: "images", metric: "ApproximateAgeOfOldestMessage" },
      { of: "queue", name: "images-later", metric: "ApproximateAgeOfOldestMessage" },
    ],
    combine: "greatest",
    statistic: "Maximum",
    threshold: { least: 1800 },
    periodSeconds: 5 * MINUTE,
    evaluations: 3,
    breaching: 3,
    missing: "notBreaching",
    description: "Photos have waited half an hour to be made ready: stories stand without them.",
  },
  {
    id: "inbox-queue-old",
    metrics: [{ of: "queue", name: "inbox", metric: "ApproximateAgeOfOldestMessage" }],
    statistic: "Maximum",
    // A message whose function was ended comes again after twelve minutes: once is no alarm.
    threshold: { least: 900 },
    periodSeconds: MINUTE,
    evaluations: 5,
    breaching: 5,
    missing: "notBreaching",
    description: "What editors' tools sent has waited a quarter of an hour: their stories are not filed.",
  },
  {
    id: "dead-letters",
    metrics: [
      { of: "queue", name: "render-dead", metric: "ApproximateNumberOfMessagesVisible" },
      { of: "queue", name: "images-dead", metric: "ApproximateNumberOfMessagesVisible" },
      { of: "queue", name: "schedule-dead", metric: "ApproximateNumberOfMessagesVisible" },
      { of: "queue", name: "inbox-dead", metric: "ApproximateNumberOfMessagesVisible" },
    ],
    combine: "sum",
    statistic: "Maximum",
    threshold: { least: 1 },
    periodSeconds: 5 * MINUTE,
    // The newest period may have no data yet, and count as none.
    evaluations: 2,
    breaching: 1,
    missing: "notBreaching",
    description: "A message ended a function five times over and was put aside: its story or photo may not be up.",
  },
  {
    id: "render-faults",
    metrics: [
      { of: "events", metric: "render.failed" },
      { of: "function", name: "render", metric: "Errors" },
    ],
    combine: "sum",
    threshold: { least: 3 },
    ...AGAIN_AND_AGAIN,
    description: "Pages keep failing to be written: stories are missing, old or without their text.",
  },
  {
    id: "image-faults",
    metrics: [
      { of: "events", metric: "image.failed" },
      { of: "function", name: "images", metric: "Errors" },
    ],
    combine: "sum",
    threshold: { least: 3 },
    ...AGAIN_AND_AGAIN,
    description: "Photos keep failing to be made ready: stories stand without them.",
  },
  {
    id: "webhooks-dead",
    metrics: [{ of: "events", metric: "hook.dead" }],
    threshold: { least: 1 },
    ...SOME_AT_ONCE,
    description: "An editor's tool sent something that could not be done: a story that was filed there is not here.",
  },
  {
    id: "webhook-faults",
    metrics: [
      { of: "function", name: "webhooks", metric: "Errors" },
      { of: "function", name: "notify", metric: "Errors" },
    ],
    combine: "sum",
    threshold: { least: 3 },
    ...AGAIN_AND_AGAIN,
    description:
      "The functions for webhooks keep ending in errors: editors' tools, or whoever is to be told, must wait.",
  },
  {
    id: "notify-disabled",
    metrics: [{ of: "events", metric: "notify.disabled" }],
    threshold: { least: 1 },
    ...SOME_AT_ONCE,
    description:
      "A webhook was switched off, for its receiver has failed for days or is gone: it is told nothing more.",
  },
  {
    id: "purge-failures",
    metrics: [{ of: "events", metric: "purge.failed" }],
    threshold: { least: 2 },
    ...SOME_AT_ONCE,
    description: "The CDN takes no purges: corrected and withdrawn stories can be read as they were, for minutes.",
  },
  {
    id: "throttles",
    metrics: [
      { of: "function", name: "render", metric: "Throttles" },
      { of: "function", name: "images", metric: "Throttles" },
      { of: "function", name: "webhooks", metric: "Throttles" },
      { of: "function", name: "notify", metric: "Throttles" },
      { of: "table", metric: "ReadThrottleEvents" },
      { of: "table", metric: "WriteThrottleEvents" },
    ],
    combine: "sum",
    threshold: { least: 10 },
    ...AGAIN_AND_AGAIN,
    description: "AWS holds the functions or the table back: everything is slower, and some calls are refused.",
  },
  {
    id: "api-faults",
    metrics: [{ of: "api", metric: "5xx" }],
    threshold: { least: 3 },
    ...SOME_AT_ONCE,
    description: "The API answers with faults of its own: editors cannot file or change stories.",
  },
  {
    id: "sweep-silent",
    metrics: [
      { of: "function", name: "schedule", metric: "Invocations" },
      { of: "function", name: "schedule", metric: "Errors" },
    ],
    combine: "first-less-second",
    statistic: "Sum",
    threshold: { less: 1 },
    periodSeconds: MINUTE,
    evaluations: 5,
    breaching: 5,
    missing: "breaching",
    description:
      "The minute sweep has not run for five minutes: what fails is not tried again, and nobody would be told.",
  },
] as const satisfies readonly AlarmShape[];

/** The monthly budget's warnings, by e-mail from AWS Budgets and not by CloudWatch: per cent of the operator's `budget`. */
export const budget = { id: "budget", actual: 80, forecast: 100 } as const;

export type AlarmId = (typeof alarms)[number]["id"] | typeof budget.id;
export const ALARM_IDS: readonly AlarmId[] = [...alarms.map(({ id }) => id), budget.id];
