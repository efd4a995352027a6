import { post, standardSource } from "../hooks.ts";
import { testHouse } from "../house.ts";
import { progress, quantile, type Row } from "./table.ts";

const EVENTS = 400;
/** Events before the first that is timed. */
const WARM = 50;
const SENDERS = 8;

/** About as much text as a story has. */
const TEXT = "Sáng nay chợ phiên họp lại bên sông, người mua kẻ bán đông như trước. ".repeat(40);
const payload = (n: number) => ({
  type: "article.published",
  timestamp: "2026-11-20T01:00:00Z",
  data: { externalId: `tin-${n}`, headline: `Tin số ${n}`, body: { format: "text", content: TEXT } },
});

/**
 * Signed events through verification and into the inbox, the workers stopped: how long a sender waits for its answer, and how many are
 * taken a second. Senders and house share a process here: on AWS neither waits for the other.
 */
export const hooks = async (): Promise<Row[]> => {
  const house = await testHouse();
  const { sign } = await standardSource(house, "ban-tin");
  house.sqs.paused = true;
  const times: number[] = [];
  const one = async (n: number): Promise<void> => {
    const delivery = await sign(payload(n));
    const began = performance.now();
    const answer = await post(house, "/hooks/ban-tin", delivery);
    if (answer.status !== 202 || answer.body.duplicate) throw new Error(`not taken: ${answer.status}`);
    if (n >= WARM) times.push(performance.now() - began);
  };
  for (let n = 0; n < WARM + EVENTS / 2; n++) await one(n);
  const alone = times.splice(0);
  const before = { ...house.calls };
  const began = performance.now();
  const numbers = Array.from({ length: EVENTS }, (_, n) => 10_000 + n).values();
  const sender = async (): Promise<void> => {
    for (const n of numbers) await one(n);
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
  const seconds = (performance.now() - began) / 1000;
  const calls = Object.entries(house.calls)
    .map(([name, count]) => ({ name, each: (count - (before[name] ?? 0)) / EVENTS }))
    .filter(({ each }) => each > 0.01);
  await house.close();
  progress("events", EVENTS, EVENTS);
  const ms = (values: number[]): string =>
    `p50 ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms`;
  return [
    { what: "signed event -> 202, workers stopped", figure: ms(alone), goal: "p95 <= 100 ms" },
    { what: `the same, ${SENDERS} senders at once`, figure: ms(times) },
    { what: "events through verification and inbox", figure: `${(EVENTS / seconds).toFixed(0)} a second` },
    {
      what: "SDK calls of an event until its answer",
      figure: calls.map(({ name, each }) => `${name} ${each.toFixed(1)}`).join(", "),
    },
  ];
};
