import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "webhooks out";

const example = { url: "https://tools.example/broadsheet", events: ["article.published", "article.withdrawn"] };
const shown = {
  id: "01J9H3V6T8Q2W4E6R8T0Y2V4X6",
  ...example,
  state: "active",
  secrets: [{ id: "4fK9sQ2m", since: "2024-10-01T02:00:00.000Z" }],
  createdAt: "2024-10-01T02:00:00.000Z",
  updatedAt: "2024-10-01T02:00:00.000Z",
};

const made = { Location: "Location", "Idempotency-Replayed": "Replayed" } as const;
const replayed = { "Idempotency-Replayed": "Replayed" } as const;
const asked = [parameterOf("DryRun"), parameterOf("IdempotencyKey")];

/** The paths of /webhooks and /deliveries. */
export const webhooks = (): Paths => ({
  "/webhooks": {
    post: operation({
      id: "createWebhook",
      tag: TAG,
      role: "admin",
      summary: "Have an address told of what is published",
      description:
        "Messages are POSTed as Standard Webhooks says, signed with the secret of the answer: {type, timestamp, data: {id, sequence, url, headline, standfirst, section, bylines, publishedAt, modifiedAt}}, once the page is live. `sequence` rises with every message of an article, and may skip. What readers do not see (any more) is not told: then there are ids, url and sequence; article.scheduled has `scheduledFor` and no url. An answer other than 2xx within 10 s is tried again, 12 times over 24 hours; messages of one article come in order, each at least once: know them by webhook-id. 410 disables the webhook, and so do three days in which every try failed.",
      parameters: asked,
      body: json("WebhookInput", example),
      done: {
        200: answer("With dryRun: what would be made", json("WebhookInput")),
        201: answer("Made", json("Webhook"), made),
      },
      refused: [400, 404, 409, 413, 415, 422],
    }),
    get: operation({
      id: "listWebhooks",
      tag: TAG,
      role: "admin",
      summary: "List the webhooks",
      parameters: paging,
      done: { 200: answer("Without their secrets", json("WebhookList"), { Link: "Next" }) },
      refused: [422],
    }),
  },
  "/webhooks/{id}": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getWebhook",
      tag: TAG,
      role: "admin",
      summary: "Read a webhook",
      done: { 200: answer("Without its secrets", json("Webhook", shown)) },
      refused: [404],
    }),
    patch: operation({
      id: "changeWebhook",
      tag: TAG,
      role: "admin",
      summary: "Change a webhook, or switch one on again",
      parameters: [parameterOf("DryRun")],
      body: json("WebhookPatch", { state: "active" }),
      done: { 200: answer("Changed", json("Webhook")) },
      refused: [400, 404, 413, 415, 422],
    }),
    delete: operation({
      id: "deleteWebhook",
      tag: TAG,
      role: "admin",
      summary: "Take a webhook off at once",
      parameters: [parameterOf("DryRun")],
      done: {
        200: answer("With dryRun: the webhooks that would be left", json("WebhookList")),
        204: answer("Taken off"),
      },
      refused: [404],
    }),
  },
  "/webhooks/{id}/rotate": {
    parameters: [parameterOf("Id")],
    post: operation({
      id: "rotateSecret",
      tag: TAG,
      role: "admin",
      summary: "Give a webhook a new secret",
      description: "The one before signs beside it for 24 hours; what was older signs no more.",
      parameters: asked,
      done: { 200: answer("With the new secret; with dryRun without", json("Webhook"), replayed) },
      refused: [404, 409, 422],
    }),
  },
  "/webhooks/{id}/test": {
    parameters: [parameterOf("Id")],
    post: operation({
      id: "testWebhook",
      tag: TAG,
      role: "admin",
      summary: "Send a message of no article, `webhook.test`",
      parameters: asked,
      done: {
        200: answer("With dryRun: what would be sent", json("Delivery")),
        202: answer("On its way", json("Delivery"), replayed),
      },
      refused: [404, 409, 422],
    }),
  },
  "/webhooks/{id}/deliveries": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "listDeliveries",
      tag: TAG,
      role: "admin",
      summary: "List what was sent, newest first, for 30 days",
      parameters: paging,
      done: { 200: answer("Deliveries", json("DeliveryList"), { Link: "Next" }) },
      refused: [404, 422],
    }),
  },
  "/deliveries/{id}/resend": {
    parameters: [parameterOf("Id")],
    post: operation({
      id: "resendDelivery",
      tag: TAG,
      role: "admin",
      summary: "Send a message again, under its id, as soon as those before it are through",
      parameters: asked,
      done: {
        200: answer("With dryRun: what would be sent", json("Delivery")),
        202: answer("On its way", json("Delivery"), replayed),
      },
      refused: [404, 409, 422],
    }),
  },
});
