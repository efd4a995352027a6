import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "webhooks in";

const shown = {
  id: "01J9H3V6T8Q2W4E6R8T0Y2U4I6",
  name: "msg_2f9c1e",
  receivedAt: "2024-10-05T01:31:04.118Z",
  bytes: 5120,
  state: "dead",
  attempts: 1,
  replays: 0,
  finishedAt: "2024-10-05T01:31:05.003Z",
  reason: "The story has faults.",
  errors: [{ pointer: "/section", detail: "is no section of this site" }],
  outcomes: [
    {
      externalId: "66ff3a1c",
      action: "refused",
      reason: "The story has faults.",
      errors: [{ pointer: "/section", detail: "is no section of this site" }],
    },
  ],
};

/** The paths of a source's events. */
export const sourceEvents = (): Paths => ({
  "/sources/{name}/events": {
    parameters: [parameterOf("Source")],
    get: operation({
      id: "listSourceEvents",
      tag: TAG,
      role: "admin",
      summary: "List what a source has sent",
      description:
        "Newest first, for 30 days. A sender posts to /hooks/{name}, and is answered 202 with {event, duplicate} once its event is kept, or 401. `retrying` is tried again by itself; `dead` waits to be put right and replayed, and says why.",
      parameters: paging,
      done: {
        200: answer("Events without what was sent", json("SourceEventList", { items: [shown] }), { Link: "Next" }),
      },
      refused: [404, 422],
    }),
  },
  "/sources/{name}/events/{event}": {
    parameters: [parameterOf("Source"), parameterOf("Event")],
    get: operation({
      id: "getSourceEvent",
      tag: TAG,
      role: "admin",
      summary: "Read an event with what was sent",
      description: "Secrets in it are masked; `payload` is null when it is no text, or not kept any more.",
      done: { 200: answer("The event", json("SourceEventWithRequest")) },
      refused: [404],
    }),
  },
  "/sources/{name}/events/{event}/replay": {
    parameters: [parameterOf("Source"), parameterOf("Event")],
    post: operation({
      id: "replaySourceEvent",
      tag: TAG,
      role: "admin",
      summary: "Work on an event once more",
      description: "By the source as it is now. What came after it stays newer: then its outcome is `stale`.",
      parameters: [parameterOf("DryRun")],
      done: {
        200: answer("With dryRun: the event as it is", json("SourceEvent")),
        202: answer("It is worked on", json("SourceEvent")),
      },
      refused: [404, 409],
    }),
  },
});
