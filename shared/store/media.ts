import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Rendition } from "../domain/rendition.ts";
import { originalKey, renditionKey, uploadKey } from "../site/paths.ts";
import { isMissing, statusOf } from "./objects.ts";

/** Pictures in private storage: what came, the originals that were looked at, and the renditions made of them. */
export type Media = {
  /** What was uploaded, and its ETag; undefined when nothing has come (or has gone). */
  upload(image: string): Promise<{ bytes: Uint8Array; etag: string } | undefined>;
  /** Makes the upload with this ETag the picture's original, once and for ever; false when the upload is another by now. */
  keepOriginal(image: string, etag: string): Promise<boolean>;
  original(image: string): Promise<Uint8Array | undefined>;
  /** Gives one picture's original to another that has none. */
  shareOriginal(from: string, to: string): Promise<void>;
  dropUpload(image: string): Promise<void>;
  /** Removes upload and original: of a picture that is none, nothing is kept. */
  drop(image: string): Promise<void>;
  putRendition(image: string, hash: string, rendition: Rendition, bytes: Uint8Array): Promise<void>;
};

export const CONTENT_TYPES = { jpg: "image/jpeg", webp: "image/webp", avif: "image/avif" } as const;

/** Pictures over S3. */
export const s3Media = (client: S3Client, bucket: string): Media => {
  const read = async (Key: string): Promise<{ bytes: Uint8Array; etag: string } | undefined> => {
    try {
      const { Body, ETag = "" } = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return Body && { bytes: await Body.transformToByteArray(), etag: ETag };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  const put = async (Key: string, Body: Uint8Array, ContentType: string): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ContentType }));
  };
  const copy = async (from: string, to: string, etag?: string): Promise<boolean> => {
    try {
      await client.send(
        new CopyObjectCommand({
          Bucket: bucket,
          Key: to,
          CopySource: `${bucket}/${from}`,
          ...(etag === undefined ? {} : { CopySourceIfMatch: etag }),
          IfNoneMatch: "*",
        }),
      );
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 409 || status === 412) return false;
      // Also said of a source that is gone; of one that can be read it is the copy itself that was denied.
      if (status === 403 && !(await read(from))) return false;
      throw error;
    }
  };
  const remove = async (Key: string): Promise<void> => {
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
  };
  return {
    upload: (image) => read(uploadKey(image)),
    // False: either an original stands already, or the upload has moved: whoever comes next reads what is there.
    keepOriginal: (image, etag) => copy(uploadKey(image), originalKey(image), etag),
    shareOriginal: async (from, to) => {
      const isThere = (await copy(originalKey(from), originalKey(to))) || (await read(originalKey(to)));
      if (!isThere) throw new Error("an original could not be shared");
    },
    original: async (image) => (await read(originalKey(image)))?.bytes,
    dropUpload: (image) => remove(uploadKey(image)),
    drop: async (image) => {
      await Promise.all([remove(uploadKey(image)), remove(originalKey(image))]);
    },
    putRendition: (image, hash, rendition, bytes) =>
      put(renditionKey(image, hash, rendition), bytes, CONTENT_TYPES[rendition.format]),
  };
};
