import * as z from "zod";

/**
 * What a function is told about its surroundings, read once and whole. Every function gets the same names and only the
 * ones that it needs: `infra/topology.ts` says which, and asking for another is a fault of ours, found at the cold start.
 */
export const variables = z.object({
  TABLE: z.string().min(1),
  CONTENT_BUCKET: z.string().min(1),
  SITE_BUCKET: z.string().min(1),
  MEDIA_BUCKET: z.string().min(1),
  /** Where readers find the site until an administrator says otherwise: the CDN's own address. */
  SITE_URL: z.url(),
  RENDER_QUEUE_URL: z.url(),
  IMAGE_QUEUE_URL: z.url(),
  LATER_QUEUE_URL: z.url(),
  SCHEDULE_QUEUE_URL: z.url(),
  INBOX_QUEUE_URL: z.url(),
  DISTRIBUTION_ID: z.string().min(1),
  /** Raised by a deployment that changes what pages look like; an older renderer never overwrites a newer one's page. */
  DEPLOY_EPOCH: z.coerce.number().int().min(0),
  /** The SSM parameter with the keys under which secrets are sealed. */
  SEALING_KEY_PARAMETER: z.string().min(1),
  /** Where CloudWatch keeps the metrics of this stage. */
  NAMESPACE: z.string().min(1),
});
/** This process's environment as `schema` (a pick of {@link variables}) wants it; throws naming all that is missing or wrong. */
export const readEnv = <Schema extends z.ZodObject>(schema: Schema): z.output<Schema> => schema.parse(process.env);
