/**
 * Business events: one JSON line each; those that somebody watches are read by CloudWatch as a metric too
 * (Embedded Metric Format, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Fields are allow-listed by type: ids, counts, codes and times. No headline, body, note, key or secret can be said here.
 */
export type BusinessEvent =
  | { event: "article.committed"; article: string; seq: number; revision: number; action: string; key: string }
  | { event: "article.live" | "article.dark"; article: string; seq: number; ms: number }
  | { event: "article.released"; article: string; seq: number; ms: number }
  | { event: "release.failed"; article: string; attempt: number; code: string; ms: number }
  | { event: "release.unsent"; article: string; code: string }
  | { event: "article.done"; article: string; seq: number; ms: number; objects: number }
  | { event: "render.failed"; work: string; article?: string; attempt: number; code: string }
  | { event: "render.body-unreadable"; article: string; digest: string }
  | { event: "render.contended"; page: string; attempts: number }
  | { event: "purge.asked"; work: string; tags: number; phase: string }
  | { event: "purge.failed"; work: string; article?: string; attempt: number; phase: string; code: string }
  | { event: "render.fanned-out"; image: string; stories: number }
  | { event: "sweep.sent"; works: number; images: number; hooks: number }
  | { event: "work.overdue"; works: number; work: string; ms: number }
  | { event: "image.added"; image: string; key: string }
  | { event: "image.changed"; image: string; key: string }
  | { event: "image.ready"; image: string; avif: boolean; ms: number }
  | { event: "image.same"; image: string; as: string }
  | { event: "image.refused"; image: string; code: string }
  | { event: "image.failed"; image: string; code: string }
  | { event: "hook.received"; source: string; id: string; bytes: number }
  | { event: "hook.refused"; source: string }
  | { event: "hook.unsent"; source: string; id: string; code: string }
  | { event: "hook.done"; source: string; id: string; state: string; ms: number }
  | { event: "hook.failed"; source: string; id: string; attempt: number; code: string }
  | { event: "notify.sent"; target: string; delivery: string; type: string; status: number; ms: number }
  | { event: "notify.tried"; target: string; delivery: string; attempt: number; code: string; ms: number }
  | { event: "notify.failed"; target?: string; delivery?: string; subject?: string; attempt: number; code: string }
  | { event: "notify.disabled"; target: string; code: string }
  | { event: "hook.dead"; source: string; id: string; code: string }
  | { event: "api.fault"; request: string; route: string; code: string }
  | { event: "key.created" | "key.revoked"; key: string; by: string }
  | { event: "preview.created"; article: string; revision: number; key: string }
  | { event: "site.changed"; what: string; by: string };

export type Events = (event: BusinessEvent) => void;

type Metric = { metric: string; unit: "Milliseconds" | "Count"; field?: string };

/**
 * The events that are metrics: what alarms and the dashboard watch, and no others, since CloudWatch bills each metric for every
 * hour in which it is told. `field` is its value; without one the event counts. A timed one counts as well (SampleCount).
 */
const METRICS = {
  "article.live": { metric: "article.live.ms", unit: "Milliseconds", field: "ms" },
  "article.done": { metric: "article.done.ms", unit: "Milliseconds", field: "ms" },
  // How late a scheduled story went up, and how late one is that could not yet: whoever waits for it sees no difference.
  "article.released": { metric: "release.late.ms", unit: "Milliseconds", field: "ms" },
  "release.failed": { metric: "release.late.ms", unit: "Milliseconds", field: "ms" },
  "image.ready": { metric: "image.ready.ms", unit: "Milliseconds", field: "ms" },
  "work.overdue": { metric: "work.overdue.works", unit: "Count", field: "works" },
  "render.failed": { metric: "render.failed", unit: "Count" },
  // A page went up, but a story stands in it without its text: to whoever is on duty that is the same.
  "render.body-unreadable": { metric: "render.failed", unit: "Count" },
  "purge.failed": { metric: "purge.failed", unit: "Count" },
  "image.failed": { metric: "image.failed", unit: "Count" },
  "hook.dead": { metric: "hook.dead", unit: "Count" },
  "notify.disabled": { metric: "notify.disabled", unit: "Count" },
  "api.fault": { metric: "api.fault", unit: "Count" },
} as const satisfies Partial<Record<BusinessEvent["event"], Metric>>;

/** A metric of ours, as CloudWatch knows it in the namespace of the stage. */
export type MetricName = (typeof METRICS)[keyof typeof METRICS]["metric"];
export const METRIC_NAMES: readonly MetricName[] = [...new Set(Object.values(METRICS).map(({ metric }) => metric))];

const isWatched = (event: string): event is keyof typeof METRICS => Object.hasOwn(METRICS, event);

/**
 * Writes each event as a line of JSON with its time; one that is a metric has the format's header and its value besides.
 * Metrics have no dimensions: `namespace` keeps the stages of one account apart.
 */
export const emf =
  (write: (line: string) => void, now: () => number, namespace: string): Events =>
  (event) => {
    const at = now();
    const line = { time: new Date(at).toISOString(), ...event };
    if (!isWatched(event.event)) return write(JSON.stringify(line));
    const { metric, unit, field }: Metric = METRICS[event.event];
    const header = { Namespace: namespace, Dimensions: [[]], Metrics: [{ Name: metric, Unit: unit }] };
    const value: unknown = field === undefined ? 1 : Reflect.get(event, field);
    write(JSON.stringify({ _aws: { Timestamp: at, CloudWatchMetrics: [header] }, [metric]: value, ...line }));
  };

/**
 * A line of a function's log, as it is: console.log would put Lambda's own words around it, and in its JSON format those hide the
 * metrics (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html).
 */
export const logLine = (line: string): void => void process.stdout.write(`${line}\n`);
