import type { Delivery } from "../shared/senders/kind.ts";
import { type Signer, signerOf } from "./fixtures/webhook-signers.ts";
import type { Answer, Json, TestHouse } from "./house.ts";

/** Makes a source of a house; whatever is wrong with it is told. */
export const makeSource = async (house: TestHouse, name: string, source: Record<string, unknown>): Promise<void> => {
  const made = await house.call("PUT", `/sources/${name}`, { key: house.adminKey, body: source });
  if (made.status > 201) throw new Error(made.text);
};

/** A delivery as it goes over the wire. */
export const post = async (
  house: Pick<TestHouse, "apiUrl">,
  path: string,
  { headers, body }: Pick<Delivery, "headers" | "body">,
): Promise<Answer> => {
  const response = await fetch(`${house.apiUrl}${path}`, { method: "POST", headers, body: new Uint8Array(body) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined, text };
};

/** The events of a source as an administrator sees them, newest first. */
export const eventsOf = async (house: TestHouse, name: string): Promise<Json[]> =>
  (await house.call("GET", `/sources/${name}/events?limit=100`, { key: house.adminKey })).body.items;

/** One event with what was sent. */
export const eventOf = async (house: TestHouse, name: string, id: string): Promise<Json> =>
  (await house.call("GET", `/sources/${name}/events/${id}`, { key: house.adminKey })).body;

const WHSEC = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
let count = 0;

/** A source of Standard Webhooks whose `data` is an article as POST /articles takes it, and its sender. */
export const standardSource = async (house: TestHouse, name: string, over: Record<string, unknown> = {}) => {
  const section = "thoi-su";
  await makeSource(house, name, { kind: "standard-webhooks", publish: "live", section, secrets: [WHSEC], ...over });
  const sign = (payload: unknown, { id = `msg_${++count}`, at = house.clock.now() } = {}): Promise<Delivery> =>
    Promise.resolve(signerOf("standard-webhooks").sign(JSON.stringify(payload), WHSEC, at, id));
  return {
    sign,
    send: async (payload: unknown, options?: { id?: string; at?: number }): Promise<Answer> =>
      post(house, `/hooks/${name}`, await sign(payload, options)),
  };
};

/** A source of another kind, signed by its sender's own library, and that sender; `secrets` are the signer's. */
export const signedSource = async (
  house: TestHouse,
  name: string,
  source: Record<string, unknown>,
  signer: Signer = signerOf(String(source["kind"])),
) => {
  const [secret] = signer.secrets;
  await makeSource(house, name, { publish: "live", section: "thoi-su", secrets: [secret], ...source });
  const sign = async (
    payload: unknown,
    { headers = {}, at = house.clock.now(), id = `evt-${++count}`, by = secret }: Sending = {},
  ): Promise<Delivery> => {
    const text = typeof payload === "string" ? payload : JSON.stringify(payload);
    const delivery = await signer.sign(text, by, at, id, headers);
    return { ...delivery, headers: { ...delivery.headers, ...headers } };
  };
  return {
    sign,
    send: async (payload: unknown, sending?: Sending): Promise<Answer> => {
      const delivery = await sign(payload, sending);
      // Contentful signs the path.
      return post(house, signer.name === "contentful" ? delivery.path : `/hooks/${name}`, delivery);
    },
  };
};

type Sending = { headers?: Record<string, string>; at?: number; id?: string; by?: string };

/** Sends an event, and the event as it stands once it was worked on. */
export const settled = async (house: TestHouse, name: string, sending: Promise<Answer>): Promise<Json> => {
  const sent = await sending;
  if (sent.status !== 202) throw new Error(sent.text);
  await house.quiet();
  return eventOf(house, name, sent.body.event);
};

/** An article of Standard Webhooks' `article.published`, or of another type. */
export const told = (data: Record<string, unknown>, version: string, type = "article.published") => ({
  type,
  timestamp: version,
  data: {
    headline: "Chợ phiên họp lại",
    body: { format: "text", content: "Sáng nay chợ họp lại bên sông." },
    ...data,
  },
});

/** The article that a source made of a story; undefined while there is none. */
export const articleOf = async (house: TestHouse, source: string, externalId: string): Promise<Json> => {
  const events = await eventsOf(house, source);
  const id = events
    .flatMap(({ outcomes = [] }) => outcomes)
    .find((outcome: Json) => outcome.externalId === externalId && outcome.article)?.article;
  return id && (await house.call("GET", `/articles/${id}`)).body;
};
