import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Bundle, buildFunctions } from "../../infra/build/functions.ts";
import { type FunctionName, functions } from "../../infra/topology.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { photo } from "../fixtures/pictures.ts";
import { asAdmin, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { standardSource, told } from "../hooks.ts";
import { minute, queued, request, streamed } from "../runtime/events.ts";
import { hostFunction } from "../runtime/function.ts";
import type { Invoked } from "../runtime/host.ts";
import { progress, quantile, type Row } from "./table.ts";

const STARTS = 5;
/** Events for each process, the cold one included: enough for the first of the warm ones, which compile, to be few. */
const EVENTS: Record<FunctionName, number> = { api: 20, render: 20, images: 4, schedule: 20, webhooks: 20, notify: 20 };

/** A house that renders nothing and looks at no picture itself: that is left to the functions that are measured. */
const heldHouse = async (): Promise<TestHouse> => {
  const house = await testHouse({ allow: () => true });
  house.pump.held = true;
  house.newsPump.held = true;
  house.sqs.paused = true;
  return house;
};

const posted = (): object => story({ headline: "Tin của phép đo" });

/** What an editor's tool sends to its source, signed by Standard Webhooks. */
const sent = async (house: TestHouse, n: number): Promise<object> => {
  const { sign } = await standardSource(house, "phep-do");
  const payload = told({ externalId: String(n), headline: "Tin của phép đo" }, new Date().toISOString());
  const { headers, body } = await sign(payload);
  const [route] = functions.webhooks.triggers[0].routes;
  return request("POST", "/hooks/phep-do", { headers, body: Buffer.from(body).toString() }, route);
};

/** News of a story that is up, for one receiver. Its address is none of the Internet's, where a function goes: all but the answer is measured. */
const news = async (house: TestHouse): Promise<object> => {
  const { items } = (await asAdmin(house, "GET", "/webhooks")).body;
  const { id } = items[0] ?? (await subscribe(house, { url: "https://127.0.0.1/" }));
  // As if its last try had not failed.
  await asAdmin(house, "PATCH", `/webhooks/${id}`, { state: "active" });
  const { body } = await house.call("POST", "/articles", { body: posted() });
  await house.functions.render(await streamed(house, [body.id]));
  return streamed(house, [body.id], "notify");
};

/** For each function, what it does most: an event of its own each time. */
const events: Record<FunctionName, (house: TestHouse, n: number) => Promise<object>> = {
  api: async (house) => request("POST", "/articles", { key: house.editorKey, body: posted() }),
  render: async (house) => {
    const { body } = await house.call("POST", "/articles", { body: posted() });
    return streamed(house, [body.id]);
  },
  images: async (house, n) => {
    const bytes = await photo({ width: 1920, height: 1280, seed: n });
    await house.call("POST", "/images", { body: new Uint8Array(bytes), type: "image/jpeg" });
    return queued(house, "images");
  },
  schedule: async () => minute(),
  webhooks: sent,
  notify: news,
};
const WHAT: Record<FunctionName, string> = {
  api: "POST of a story",
  render: "the stream's record of a story",
  images: "S3's word of a photo of 1920 x 1280",
  schedule: "the minute's sweep",
  webhooks: "POST of a signed event",
  notify: "the stream's record of news for one receiver",
};

const measure = async (name: FunctionName, bundle: Bundle): Promise<Row> => {
  // One each: what one function leaves to be done is no work of the next.
  const house = await heldHouse();
  const all: Invoked[] = [];
  for (let start = 0; start < STARTS; start++) {
    const host = hostFunction(house, name, bundle);
    for (let n = 0; n < EVENTS[name]; n++) {
      const invoked = await host.invoke(await events[name](house, start * EVENTS[name] + n));
      if (invoked.type !== "response") throw new Error(`${name} failed: ${JSON.stringify(invoked)}\n${host.log()}`);
      all.push(invoked);
    }
    await host.close();
    progress(name, start + 1, STARTS);
  }
  await house.close();
  const median = (cold: boolean): string =>
    quantile(
      all.filter((one) => one.cold === cold).map(({ ms }) => ms),
      0.5,
    ).toFixed(cold ? 0 : 1);
  const most = Math.max(...all.map(({ mb = 0 }) => mb)).toFixed(0);
  return {
    what: `${name} under AWS's runtime client: ${WHAT[name]}`,
    figure: `cold ${median(true)} ms, warm ${median(false)} ms, at most ${most} of ${functions[name].memoryMb} MB resident`,
  };
};

/** Each function as it is deployed, under AWS's own runtime client: medians of its first event in a fresh process, and of later ones. */
export const lambda = async (): Promise<Row[]> => {
  // Inside the repository: sharp's machine code for this machine is found further up.
  const dir = mkdtempSync(join(process.cwd(), "dist", "lambda-"));
  const bundles = await buildFunctions({ outDir: dir });
  const rows: Row[] = [];
  for (const name of Object.keys(events) as FunctionName[]) {
    const bundle = bundles[name];
    if (bundle) rows.push(await measure(name, bundle));
  }
  rmSync(dir, { recursive: true, force: true });
  return rows;
};
