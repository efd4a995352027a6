import * as examples from "./examples.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { paging, parameterOf } from "./parameters.ts";

const TAG = "keys";

/** The paths of /keys. */
export const keys = (): Paths => ({
  "/keys": {
    post: operation({
      id: "createKey",
      tag: TAG,
      role: "admin",
      summary: "Make a key",
      description: "One key a person. The token is shown this once; only a hash of it is kept.",
      parameters: [parameterOf("DryRun"), parameterOf("IdempotencyKey")],
      body: json("KeyInput", examples.keyInput),
      done: {
        200: answer("With dryRun: what would be made", json("KeyInput")),
        201: answer("Made", json("NewKey", examples.newKey), {
          Location: "Location",
          "Idempotency-Replayed": "Replayed",
        }),
      },
      refused: [400, 404, 413, 415, 422],
    }),
    get: operation({
      id: "listKeys",
      tag: TAG,
      role: "admin",
      summary: "List the keys",
      parameters: paging,
      done: { 200: answer("Keys without their secrets", json("KeyList", { items: [examples.key] }), { Link: "Next" }) },
      refused: [422],
    }),
  },
  "/keys/{id}": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getKey",
      tag: TAG,
      role: "admin",
      summary: "Read a key",
      done: { 200: answer("The key, without its secret", json("Key", examples.key)) },
      refused: [404],
    }),
    delete: operation({
      id: "revokeKey",
      tag: TAG,
      role: "admin",
      summary: "Revoke a key at once",
      parameters: [parameterOf("DryRun")],
      done: { 200: answer("With dryRun: the keys that would be left", json("KeyList")), 204: answer("Revoked") },
      refused: [404],
    }),
  },
});
