import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";

/** What stands at a public key: its ETag, and the deploy epoch of the renderer that wrote it. */
export type Standing = { etag: string; epoch: number };

/** An object to be put on the site. `metadata` values are ASCII of our own making (ids, paths, numbers), never text of a contributor. */
export type SiteObject = {
  key: string;
  body: string | Uint8Array;
  contentType: string;
  cacheControl: string;
  metadata: Record<string, string>;
};

/** The public bucket: every page is written under compare-and-swap. */
export type SiteObjects = {
  head(key: string): Promise<Standing | undefined>;
  /** Puts if what stands there is still `seen` (undefined: nothing); false when it is not. RFC 9110, 13.1.1 and 13.1.2. */
  put(object: SiteObject, seen: Standing | undefined): Promise<boolean>;
};

const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** The site over S3. 404, 409 and 412 all mean that somebody else was there meanwhile. */
export const s3Site = (client: S3Client, bucket: string): SiteObjects => ({
  head: async (Key) => {
    try {
      const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      return { etag: found.ETag ?? "", epoch: Number(found.Metadata?.["epoch"] ?? 0) };
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  },
  put: async ({ key, body, contentType, cacheControl, metadata }, seen) => {
    try {
      const condition = seen ? { IfMatch: seen.etag } : { IfNoneMatch: "*" };
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentType: contentType,
          CacheControl: cacheControl,
          Metadata: metadata,
          ...condition,
        }),
      );
      return true;
    } catch (error) {
      const status = statusOf(error);
      if (status === 404 || status === 409 || status === 412) return false;
      throw error;
    }
  },
});

/** Bodies: immutable objects, filed under their own digest, never swept. */
export type Bodies = {
  put(article: string, digest: string, json: string): Promise<void>;
  /** The stored JSON; undefined when it cannot be had. */
  get(article: string, digest: string): Promise<string | undefined>;
};

export const bodyKey = (article: string, digest: string): string => `body/${article}/${digest}.json`;

/** Bodies a warm invocation keeps: those that a front's feed asks for again and again. */
const KEPT = 64;

/** Bodies over S3. What was read or written is remembered, for it can never change. */
export const s3Bodies = (client: S3Client, bucket: string): Bodies => {
  const known = new Map<string, string>();
  const keep = (key: string, json: string): void => {
    known.delete(key);
    known.set(key, json);
    for (const oldest of known.keys()) {
      if (known.size <= KEPT) break;
      known.delete(oldest);
    }
  };
  return {
    put: async (article, digest, json) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: bodyKey(article, digest),
          Body: json,
          ContentType: "application/json",
        }),
      );
    },
    get: async (article, digest) => {
      const key = bodyKey(article, digest);
      const kept = known.get(key);
      if (kept !== undefined) return kept;
      try {
        const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const json = (await found.Body?.transformToString()) ?? "";
        keep(key, json);
        return json;
      } catch (error) {
        // Without the right to list, S3 answers 403 for what is missing.
        if (statusOf(error) === 404 || statusOf(error) === 403) return undefined;
        throw error;
      }
    },
  };
};
