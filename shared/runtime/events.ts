/**
 * Business events: one JSON line each, which CloudWatch reads as a metric too
 * (Embedded Metric Format, https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 * Fields are allow-listed by type: ids, counts, codes and times. No headline, body, note, key or secret can be said here.
 */
export type BusinessEvent =
  | { event: "article.committed"; article: string; seq: number; revision: number; action: string; key: string }
  | { event: "article.live" | "article.dark"; article: string; seq: number; ms: number }
  | { event: "article.done"; article: string; seq: number; ms: number; objects: number }
  | { event: "render.failed"; work: string; article?: string; attempt: number; code: string }
  | { event: "render.body-unreadable"; article: string; digest: string }
  | { event: "render.contended"; page: string; attempts: number }
  | { event: "purge.asked"; work: string; tags: number; phase: string }
  | { event: "render.fanned-out"; image: string; stories: number }
  | { event: "sweep.sent"; works: number; images: number }
  | { event: "image.added"; image: string; key: string }
  | { event: "image.changed"; image: string; key: string }
  | { event: "image.ready"; image: string; avif: boolean; ms: number }
  | { event: "image.same"; image: string; as: string }
  | { event: "image.refused"; image: string; code: string }
  | { event: "image.failed"; image: string; code: string }
  | { event: "api.fault"; request: string; route: string; code: string }
  | { event: "key.created" | "key.revoked"; key: string; by: string }
  | { event: "site.changed"; what: string; by: string };

export type Events = (event: BusinessEvent) => void;

/** Metric name and unit of each event that is counted or timed. */
const UNITS: Partial<Record<BusinessEvent["event"], { field: string; unit: "Milliseconds" | "Count" }>> = {
  "article.live": { field: "ms", unit: "Milliseconds" },
  "article.done": { field: "ms", unit: "Milliseconds" },
  "image.ready": { field: "ms", unit: "Milliseconds" },
  "sweep.sent": { field: "works", unit: "Count" },
};

/** Writes each event as an EMF line: the event's name is a metric that counts it; some have a value besides. */
export const emf =
  (write: (line: string) => void, now: () => number): Events =>
  (event) => {
    const timed = UNITS[event.event];
    const metrics = [
      { Name: event.event, Unit: "Count" },
      ...(timed ? [{ Name: `${event.event}.${timed.field}`, Unit: timed.unit }] : []),
    ];
    const values = timed ? { [`${event.event}.${timed.field}`]: Reflect.get(event, timed.field) } : {};
    write(
      JSON.stringify({
        _aws: {
          Timestamp: now(),
          CloudWatchMetrics: [{ Namespace: "Broadsheet", Dimensions: [[]], Metrics: metrics }],
        },
        [event.event]: 1,
        ...values,
        ...event,
      }),
    );
  };
