import * as z from "zod";

/** POST .../restore. */
export const restoreInput = z.strictObject({ revision: z.int().min(1) });

const DAY = 24 * 3600;

/** POST .../previews; `ttl` in seconds. */
export const previewInput = z.strictObject({
  /** The newest unless said. */
  revision: z.int().min(1).optional(),
  ttl: z
    .int()
    .min(1)
    .max(30 * DAY)
    .default(7 * DAY),
});
