import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { INBOX_PREFIX } from "./layout.ts";
import { isMissing } from "./objects.ts";

/** Bodies of webhooks as they came, private; they go by the bucket's rule after a month (infra/topology.ts). */
export type Inbox = {
  put(source: string, event: string, body: Uint8Array): Promise<void>;
  /** Undefined when it is gone. */
  get(source: string, event: string): Promise<Uint8Array | undefined>;
};

const keyOf = (source: string, event: string): string => `${INBOX_PREFIX}${source}/${event}`;

/** The inbox over S3. */
export const s3Inbox = (client: S3Client, bucket: string): Inbox => ({
  put: async (source, event, body) => {
    const ContentType = "application/octet-stream";
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(source, event), Body: body, ContentType }));
  },
  get: async (source, event) => {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: keyOf(source, event) }));
      return await Body?.transformToByteArray();
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
});
