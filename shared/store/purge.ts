import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";

/** Asks the CDN to forget everything that carries one of the tags. A `reference` that was used before does nothing again. */
export type Purge = (tags: string[], reference: string) => Promise<void>;

/**
 * Cache-tag invalidation (Paths items `#<tag>`). A new story purges nothing, so the client is made, and its code
 * loaded, only when a change comes along.
 */
export const cloudfrontPurge =
  (connect: () => Promise<CloudFrontClient>, distribution: string): Purge =>
  async (tags, reference) => {
    const { CreateInvalidationCommand } = await import("@aws-sdk/client-cloudfront");
    const client = await connect();
    const Items = tags.map((tag) => `#${tag}`);
    await client.send(
      new CreateInvalidationCommand({
        DistributionId: distribution,
        InvalidationBatch: { CallerReference: reference, Paths: { Quantity: Items.length, Items } },
      }),
    );
  };
