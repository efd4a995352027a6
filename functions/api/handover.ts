import { handoverInput } from "../../shared/domain/move-input.ts";
import { keysCalled } from "../../shared/store/keys.ts";
import { parsed, readOr } from "./input.ts";
import { moving } from "./moves.ts";

/** POST .../handover: an editor gives a story to another key. Which key that is, is looked up each time the decision is made. */
export const handover = moving("handover", async (sent, { c }) => {
  const { data, faults } = parsed(handoverInput, sent);
  const { table, clock } = c.get("services");
  const [to, ...others] = data && !faults.length ? await keysCalled(table, data.to, clock.now()) : [];
  if (others.length)
    faults.push({
      pointer: "/to",
      detail: `is the name of several keys: give the id of one, ${[to, ...others].map((key) => key?.id).join(" or ")}`,
    });
  return readOr(data, faults, () => ({ command: { type: "handover", to } }));
});
