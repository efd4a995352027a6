import type { Content } from "../domain/article.ts";
import type { Command } from "../domain/decide/command.ts";
import { naturalKeyOf } from "../domain/natural-key.ts";
import { LEAD_POINTER, pictureOfLead, picturesOfBody } from "../domain/picture.ts";
import type { Submission } from "../intake/submission.ts";
import { bodyDigest, bodyJson, canonicalJson, sha256 } from "./digest.ts";

/** What a submission says, as content; without a body of its own it keeps the one of `before`. */
export const contentFrom = (
  { fields, body, warnings }: Pick<Submission, "fields" | "body" | "warnings">,
  before?: Content,
): Content => ({
  ...fields,
  bodyDigest: body || !before ? bodyDigest(bodyJson(body ?? [])) : before.bodyDigest,
  hasBody: body ? body.length > 0 : (before?.hasBody ?? false),
  pictures: [
    ...pictureOfLead(fields.leadImage),
    ...(body ? picturesOfBody(body) : (before?.pictures ?? []).filter(({ pointer }) => pointer !== LEAD_POINTER)),
  ],
  warnings,
});

/** What is wanted by a submission, in what stays the same when it is sent again: texts by their digests, hex SHA-256. */
export type Wanted = Pick<Submission, "fields" | "status"> & { body: string; breakEmbargo?: string; photos?: string[] };

/**
 * What a retry has to ask again to be one: the fields, the body as it was sent, and the photos by their digests (hex SHA-256, in order),
 * whether they came along or were fetched.
 */
export const asked = (
  { fields, body = [], status, breakEmbargo }: Omit<Submission, "photos" | "warnings">,
  photos: readonly string[],
): Wanted => ({
  fields,
  body: bodyDigest(bodyJson(body)),
  status,
  ...(breakEmbargo === undefined ? {} : { breakEmbargo }),
  ...(photos.length ? { photos: [...photos] } : {}),
});

/** A story as it is to be filed; `breakEmbargo` is the reason for publishing before its embargo ends. */
export type Filed = { content: Content; publish: boolean; breakEmbargo: string | undefined };

/**
 * The command that files a story: a new article with this id; or, without one, the one that has the natural key already, sent again.
 * The digest by which sending again is known is kept with a natural key alone.
 */
export const commandOf = (id: string | undefined, filed: Filed, { fields, body, photos }: Wanted): Command => {
  const digest = sha256(canonicalJson({ fields, body, photos }));
  if (id === undefined) return { type: "resubmit", ...filed, digest };
  return { type: "create", id, ...filed, ...(naturalKeyOf(filed.content) ? { digest } : {}) };
};
