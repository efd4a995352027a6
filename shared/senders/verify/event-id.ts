import { createHash } from "node:crypto";
import type { Delivery, Verdict } from "../kind.ts";

/**
 * The name under which an event of a source is taken once: the sender's id where that is signed (Standard Webhooks, and Contentful
 * where it signs it), else `sha256:` and the hex digest of what is: the signed time in ms, a full stop and the body, or, with no
 * time, the body alone. A header that nobody signs has no part in it: a body that was overheard, sent again under another
 * `x-github-delivery` or `idempotency-key`, is the event that is there already.
 *
 * So a delivery that the sender repeats as it was ("Redeliver" at GitHub) does nothing: whoever wants the event to be worked on
 * again replays it here. One that is signed anew, with a new time, is another event, in which there is nothing new. And where no
 * time is signed, a body that comes back byte for byte is taken for a repetition, even if the sender meant a change back to it; what
 * GitHub and WordPress send has the time of the change in it, and so must what a generic sender sends.
 */
export const eventId = ({ body }: Pick<Delivery, "body">, { id, at }: Extract<Verdict, { ok: true }>): string => {
  if (id !== undefined) return id;
  const digest = createHash("sha256");
  if (at !== undefined) digest.update(`${at}.`);
  return `sha256:${digest.update(body).digest("hex")}`;
};
