import { handoverInput } from "../../shared/domain/move-input.ts";
import { loadKey } from "../../shared/store/keys.ts";
import { moving, parsed, readOr } from "./moves.ts";

/** POST .../handover: an editor gives a story to another key. Which key that is, is looked up each time the decision is made. */
export const handover = moving("handover", async (sent, { c }) => {
  const { data, faults } = parsed(handoverInput, sent);
  const to = data && (await loadKey(c.get("services").table, data.to));
  return readOr(data, faults, (submission) => ({ command: { type: "handover", to }, submission }));
});
