import { expect } from "vitest";
import { asAdmin, deliveriesOf, subscribe } from "../fixtures/desk-of-webhooks.ts";
import { bytes, type foreignWeb, status } from "../fixtures/foreign-web.ts";
import { photo } from "../fixtures/pictures.ts";
import { articleOf, eventsOf, settled, standardSource, told } from "../hooks.ts";
import { story, type TestHouse } from "../house.ts";

export type Web = Awaited<ReturnType<typeof foreignWeb>>;

const PICTURE = "https://anh.example.vn/cho.jpg";
const RECEIVER = "https://ban-doc.example.vn/hook";

/** What an editor's tool sends: a story with a picture, changed, moved, taken off, told twice, replayed; and one whose message was lost. */
export const inbound = async (house: TestHouse, web: Web): Promise<void> => {
  web.pages.set(PICTURE, bytes(await photo({ width: 640, height: 480, seed: 4100 })));
  const { send } = await standardSource(house, "cong-cu");
  let version = house.clock.now();
  const does = async (data: Record<string, unknown>, action: string, type?: string): Promise<void> => {
    version += 1000;
    const payload = told({ externalId: "t-1", ...data }, new Date(version).toISOString(), type);
    const event = await settled(house, "cong-cu", send(payload));
    expect(event.outcomes, JSON.stringify(event)).toMatchObject([{ externalId: "t-1", action }]);
  };
  const picture = { url: PICTURE, alt: "Chợ" };
  await does({ picture }, "created");
  expect((await articleOf(house, "cong-cu", "t-1"))?.leadImage).toMatchObject({ alt: "Chợ" });
  await does({ picture, headline: "Chợ phiên đông hơn", section: "kinh-te" }, "updated");
  await does({}, "withdrawn", "article.unpublished");
  const once = { id: "msg_once" };
  const again = told({ externalId: "t-2" }, new Date(version).toISOString());
  expect((await send(again, once)).body.duplicate).toBe(false);
  expect((await send(again, once)).body.duplicate).toBe(true);
  await house.quiet();
  const [newest] = await eventsOf(house, "cong-cu");
  expect((await asAdmin(house, "POST", `/sources/cong-cu/events/${newest.id}/replay`)).status).toBe(202);
  await house.quiet();

  const { send: review } = await standardSource(house, "xem-truoc", { publish: "review" });
  await settled(house, "xem-truoc", review(told({ externalId: "t-3" }, new Date(version).toISOString())));

  house.sqs.paused = true;
  await send(told({ externalId: "t-4" }, new Date(version).toISOString()));
  for (let n = 0; n < 3; n++) await house.clock.move(61_000);
  house.sqs.paused = false;
  await house.quiet();
  expect(await articleOf(house, "cong-cu", "t-4")).toMatchObject({ status: "published" });
};

/** Three minutes, each with its round. */
const minutes = async (house: TestHouse): Promise<void> => {
  for (let n = 0; n < 3; n++) {
    await house.clock.move(61_000);
    await house.quiet();
  }
};

/** Whom we tell: a story, a test, a delivery made again, news that the stream did not bring; and a receiver that wants no more. */
export const outbound = async (house: TestHouse, web: Web): Promise<void> => {
  web.pages.set(RECEIVER, status(503));
  const hook = await subscribe(house, { url: RECEIVER });
  const publish = async (headline: string): Promise<void> => {
    const sent = await house.call("POST", "/articles", { body: story({ headline }) });
    expect(sent.status, sent.text).toBe(201);
    await house.quiet();
  };
  const states = async (): Promise<string[]> => (await deliveriesOf(house, hook)).map(({ state }) => state);
  await publish("Tin báo ra ngoài");
  expect(await states()).toEqual(["pending"]);
  web.pages.set(RECEIVER, status(200));
  await minutes(house);
  expect(await states()).toEqual(["delivered"]);

  house.newsPump.held = true;
  await publish("Tin bị bỏ quên");
  await minutes(house);
  expect(await states()).toEqual(["delivered", "delivered"]);
  house.newsPump.held = false;
  expect((await asAdmin(house, "POST", `/webhooks/${hook.id}/rotate`, {})).status).toBe(200);
  expect((await asAdmin(house, "POST", `/webhooks/${hook.id}/test`, {})).status).toBe(202);
  const [last] = await deliveriesOf(house, hook);
  await house.quiet();
  expect((await asAdmin(house, "POST", `/deliveries/${last?.id}/resend`, {})).status).toBe(202);
  await house.quiet();
  expect(await states()).toEqual(["delivered", "delivered", "delivered"]);

  web.pages.set(RECEIVER, status(410));
  await publish("Tin không ai nghe");
  expect((await asAdmin(house, "GET", `/webhooks/${hook.id}`)).body).toMatchObject({ state: "disabled" });
  expect((await asAdmin(house, "DELETE", `/webhooks/${hook.id}`)).status).toBe(204);
};
