import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Rendition } from "../domain/rendition.ts";
import { renditionKey } from "../site/paths.ts";
import { isMissing } from "./objects.ts";

/** Renditions in private storage, to be looked at before their story is public. */
export type Renditions = {
  /** Undefined when there is no such rendition. */
  get(image: string, hash: string, rendition: Rendition): Promise<Uint8Array<ArrayBuffer> | undefined>;
};

/** Renditions over S3. */
export const s3Renditions = (client: S3Client, bucket: string): Renditions => ({
  get: async (image, hash, rendition) => {
    try {
      const Key = renditionKey(image, hash, rendition);
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Body && new Uint8Array(await Body.transformToByteArray());
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
});
