import * as z from "zod";
import { keyName } from "./access.ts";
import { noteText } from "./article.ts";
import { LIMITS } from "./limits.ts";

/** POST .../submit, /approve, /unschedule: that it is asked says all. */
export const plainInput = z.strictObject({});

/** POST .../publish. */
export const publishInput = z.strictObject({
  /** A time as `publishedAt` is written. */
  at: z.string().max(40).optional(),
  breakEmbargo: noteText.optional(),
});

/** POST .../handover: whose story it is from then on, by the key's id or its name. */
export const handoverInput = z.strictObject({ to: keyName });

/** POST .../reject. */
export const rejectInput = z.strictObject({ note: noteText });

/** POST .../correct: `patch` is a merge patch, and looked at as that of a PATCH is. */
export const correctInput = z.strictObject({
  note: noteText.pipe(z.string().max(LIMITS.correction)),
  patch: z.record(z.string(), z.unknown()),
});

export const WITHDRAWAL_MODES = ["gone", "notice", "redirect"] as const;

/** POST .../withdraw; which of `notice` and `to` goes with which mode, `functions/api/withdrawal.ts` looks after. */
export const withdrawInput = z.strictObject({
  mode: z.enum(WITHDRAWAL_MODES),
  /** For the record alone. */
  reason: noteText,
  /** What readers are told. */
  notice: noteText.optional(),
  /** S3 keeps a redirect's target as metadata, of which an object has 2 KB. */
  to: z.string().min(1).max(LIMITS.sitePath).optional(),
});
