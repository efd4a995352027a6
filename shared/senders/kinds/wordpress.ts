import type { Result } from "../../domain/error.ts";
import { isObject } from "../../intake/article.ts";
import type { Delivery } from "../kind.ts";
import { ignored, payloadOf, type Reading } from "./reading.ts";
import { readPluginPost } from "./wordpress-plugin.ts";
import type { WordpressMapping } from "./wordpress-post.ts";
import { readRestPost } from "./wordpress-rest.ts";

/** Whether a plugin says that the post was deleted or put into the trash (and not taken out of it: untrash, undelete). */
const saysDeleted = (payload: Record<string, unknown>): boolean =>
  ["event", "action", "hook"].some((name) => {
    const value = payload[name];
    return typeof value === "string" && /(?<!un)(?:delete|trash)/i.test(value);
  });

/**
 * A post of WordPress, in the two shapes in which webhooks send it: as the REST API has it
 * (https://developer.wordpress.org/rest-api/reference/posts/), or as the database has it ({post_id, post: {ID, post_title, ...}}, by
 * WP Webhooks and the like). What is published is public. A draft, pending or scheduled post is kept, and withdrawn should it have
 * been public; a private post, and one with a password, is withdrawn and not taken over, as its writer has hidden it; one that is in
 * the trash or deleted is withdrawn. Autosaves, revisions and other post types are ignored.
 */
export const readWordpress = (delivery: Delivery, mapping: WordpressMapping = {}): Result<Reading> => {
  const payload = payloadOf(delivery);
  if (!payload.ok) return payload;
  const { value } = payload;
  if (!isObject(value)) return ignored("The payload is no post.");
  const isDeletion = saysDeleted(value);
  if (isObject(value["title"]) || isObject(value["content"]) || value["deleted"] === true)
    return readRestPost(value, mapping, isDeletion);
  if (isObject(value["post"]) || value["post_id"] !== undefined) return readPluginPost(value, mapping, isDeletion);
  return ignored("The payload is no post, neither as the REST API has it nor as webhook plugins send it.");
};
