import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Delivery } from "../../shared/senders/kind.ts";
import { type Dump, dumpedHouse } from "../dump.ts";
import { SIGNERS, signerOf } from "../fixtures/webhook-signers.ts";
import {
  articleOf,
  eventOf,
  eventsOf,
  makeSource,
  post,
  settled,
  signedSource,
  standardSource,
  told,
} from "../hooks.ts";
import type { Answer, TestHouse } from "../house.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
});
afterAll(() => house.close());

const MAPPING = { externalId: "/id", headline: "/headline", body: { pointer: "/body", format: "text" } };
const story = { headline: "Giá điện tăng", body: "“Tăng” 3% từ đầu tháng." };

/** A source that is signed in one of the ways there are, under the name that Contentful's signer signs. */
const sourceOf = async (signer: (typeof SIGNERS)[number], name: string) => {
  const { scheme, ...signature } = signer.scheme;
  const isFree = scheme === "generic" || scheme === "wordpress";
  const kind = scheme === "unsigned" ? "generic" : scheme;
  return signedSource(
    house,
    name,
    {
      kind,
      publish: "draft",
      ...(isFree && { signature }),
      ...(kind === "generic" && { mapping: MAPPING }),
    },
    signer,
  );
};

const isRefused = (answer: Answer): void => {
  expect(answer.status, answer.text).toBe(401);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.headers.get("www-authenticate")).toBeTruthy();
  expect(answer.body).toMatchObject({ type: "urn:broadsheet:problem:unauthenticated", status: 401 });
};

describe.each(SIGNERS.map((signer) => [signer.name, signer] as const))("%s", (_name, signer) => {
  test("what is not the sender's is refused, and nothing of it kept", async () => {
    await house.call("DELETE", "/sources/newsroom", { key: house.adminKey });
    const { sign } = await sourceOf(signer, "newsroom");
    const to = (delivery: Delivery): Promise<Answer> => post(house, delivery.path, delivery);
    // Of its own: where no time is signed, the body is the event's name.
    const text = JSON.stringify({ ...story, id: signer.name });
    const good = await sign(text);
    const now = house.clock.now();
    const before = await dump();
    isRefused(await to(await sign(text, { by: signer.secrets[1] })));
    if (signer.signs.time) {
      isRefused(await to(await sign(text, { at: now - 302_000 })));
      isRefused(await to(await sign(text, { at: now + 330_000 })));
    }
    isRefused(await to({ ...good, headers: { "content-type": "application/json" } }));
    if (signer.signs.body)
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: good.body.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, mask) => {
          isRefused(await to({ ...good, body: good.body.map((byte, i) => (i === at ? byte ^ mask : byte)) }));
        }),
        {
          numRuns: 40,
          examples: [
            [0, 1],
            [good.body.length - 1, 128],
          ],
        },
      );
    expect(await dump()).toEqual(before);
    expect((await to(good)).status).toBe(202);
    expect(await dump()).not.toEqual(before);
    await house.quiet();
  });
});

test("what comes again is taken once, under whatever headers nobody signs", async () => {
  const { sign } = await standardSource(house, "lai");
  const delivery = await sign(told({ externalId: "lai-1" }, "2026-11-20T01:00:00Z"));
  const answers: Answer[] = [];
  for (let n = 0; n < 3; n++) answers.push(await post(house, "/hooks/lai", delivery));
  const [first] = answers;
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [202, { event: first?.body.event, duplicate: false }],
    [202, { event: first?.body.event, duplicate: true }],
    [202, { event: first?.body.event, duplicate: true }],
  ]);
  await house.quiet();
  await post(house, "/hooks/lai", delivery);
  await house.quiet();
  expect(await eventsOf(house, "lai")).toMatchObject([{ state: "done", attempts: 1 }]);

  const git = await signedSource(house, "git", { kind: "github" });
  const push = await git.sign({ zen: "Keep it simple." }, { headers: { "x-github-event": "ping" } });
  const one = await post(house, "/hooks/git", push);
  const again = { ...push, headers: { ...push.headers, "x-github-delivery": "another" } };
  expect((await post(house, "/hooks/git", again)).body).toEqual({ event: one.body.event, duplicate: true });
});

test("while a secret is changed both are taken, and then the old one no more", async () => {
  const signer = signerOf("ghost");
  const [old, fresh] = signer.secrets;
  const { send } = await signedSource(house, "xoay", { kind: "ghost" });
  const event = { member: { current: {} } };
  const base = { kind: "ghost", publish: "live", section: "thoi-su" };
  const statuses = async () => [(await send(event, { by: old })).status, (await send(event, { by: fresh })).status];
  expect(await statuses()).toEqual([202, 401]);
  await makeSource(house, "xoay", { ...base, secrets: [fresh, old] });
  await house.clock.move(1000);
  expect(await statuses()).toEqual([202, 202]);
  await makeSource(house, "xoay", { ...base, secrets: [fresh] });
  await house.clock.move(1000);
  expect(await statuses()).toEqual([401, 202]);
});

test("no secret is shown, logged or kept in the clear, and no text of a payload is logged", async () => {
  const [secret] = signerOf("generic secret").secrets;
  const { send } = await sourceOf(signerOf("generic secret"), "kin");
  const canary = "KÍN-7f3a";
  const body = {
    id: "kin-1",
    headline: "Tin kín",
    body: `Chữ ${canary}.`,
    token: `${canary}-token`,
    pin_token: 48151623,
    echo: secret,
  };
  const headers = {
    authorization: `Bearer ${canary}-bearer`.replace("Í", "I"),
    cookie: "sid=kin-cookie",
    "x-api-key": "kin-api-key",
  };
  const event = await settled(house, "kin", send(body, { headers }));
  expect(event.state).toBe("done");
  expect(event.request.headers).toMatchObject({
    "x-token": "***",
    authorization: "***",
    cookie: "***",
    "x-api-key": "***",
  });
  expect(JSON.parse(event.request.payload)).toEqual({ ...body, token: "***", pin_token: "***", echo: "***" });
  const { send: sendStandard } = await standardSource(house, "kin-loi");
  const dead = await settled(
    house,
    "kin-loi",
    sendStandard(told({ externalId: "kin-3", [`la ${canary}`]: 1 }, "2026-11-20T01:00:00Z")),
  );
  expect(dead).toMatchObject({ state: "dead", errors: [{ pointer: `/la ${canary}` }] });
  const kept = JSON.stringify({
    ...(await dump()),
    list: [await eventsOf(house, "kin"), await eventOf(house, "kin", event.id)],
  });
  for (const hidden of [secret, "KIN-7f3a-bearer", "kin-cookie", "kin-api-key", `${canary}-token`])
    expect(kept.includes(hidden), hidden).toBe(false);
  for (const hidden of [
    secret,
    canary,
    "KIN-7f3a",
    "kin-cookie",
    "kin-api-key",
    "Tin kín",
    "Giá điện tăng",
    "Chợ phiên",
  ])
    expect(house.log().includes(hidden), hidden).toBe(false);
  expect((await articleOf(house, "kin", "kin-1"))?.headline).toBe("Tin kín");
});

test("a secret in the query or in a form is not shown either", async () => {
  const { sign } = await sourceOf(signerOf("generic sha256 in hex"), "truy-van");
  const form = `payload=${encodeURIComponent(JSON.stringify({ id: "q", headline: "Q", body: "q", token: "kin-form" }))}`;
  const sent = await post(house, "/hooks/truy-van?token=kin-query&from=desk", await sign(form));
  await house.quiet();
  const event = await eventOf(house, "truy-van", sent.body.event);
  expect(event).toMatchObject({ state: "done", request: { path: "/hooks/truy-van?token=***&from=desk" } });
  for (const hidden of ["kin-query", "kin-form"]) {
    expect(JSON.stringify(event).includes(hidden), hidden).toBe(false);
    expect(JSON.stringify(await dump()).includes(hidden), hidden).toBe(false);
  }
});
