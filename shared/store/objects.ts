import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { BODY_PREFIX } from "./layout.ts";
import { memo } from "./memo.ts";
import { type Body, blocks } from "../domain/body.ts";

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
  /** What this instance put at the key last, unless it has learnt of another: a look that was taken then, and costs nothing now. */
  recall(key: string): Standing | undefined;
  /** Puts if what stands there is still `seen` (undefined: nothing); false when it is not. RFC 9110, 13.1.1 and 13.1.2. */
  put(object: SiteObject, seen: Standing | undefined): Promise<boolean>;
};

export const statusOf = (error: unknown): number | undefined =>
  error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;

/** Whether S3 says that there is no such object: without the right to list its bucket, it answers 403 instead of 404. */
export const isMissing = (error: unknown): boolean => statusOf(error) === 404 || statusOf(error) === 403;

/** The site over S3; `epoch` is this renderer's. 404, 409 and 412 all mean that somebody else was there meanwhile. */
export const s3Site = (client: S3Client, bucket: string, epoch: number): SiteObjects => {
  const last = memo<Standing>(256);
  return {
    head: async (Key) => {
      try {
        const found = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
        return { etag: found.ETag ?? "", epoch: Number(found.Metadata?.["epoch"] ?? 0) };
      } catch (error) {
        // If it is there all the same, If-None-Match tells at the put.
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    recall: last.get,
    put: async ({ key, body, contentType, cacheControl, metadata }, seen) => {
      last.drop(key);
      try {
        const { ETag } = await client.send(
          new PutObjectCommand({
            Bucket: bucket,
            Key: key,
            Body: body,
            ContentType: contentType,
            CacheControl: cacheControl,
            Metadata: metadata,
            ...(seen ? { IfMatch: seen.etag } : { IfNoneMatch: "*" }),
          }),
        );
        if (ETag !== undefined) last.set(key, { etag: ETag, epoch });
        return true;
      } catch (error) {
        const status = statusOf(error);
        if (status === 404 || status === 409 || status === 412) return false;
        throw error;
      }
    },
  };
};

/** Bodies: immutable objects, filed under their own digest, never swept. */
export type Bodies = {
  put(article: string, digest: string, json: string): Promise<void>;
  /** The stored body; undefined when its object cannot be had or is damaged. */
  get(article: string, digest: string): Promise<Body | undefined>;
};

export const bodyKey = (article: string, digest: string): string => `${BODY_PREFIX}${article}/${digest}.json`;

/** Blocks of a body that a warm instance does not remember. */
const LONG = 500;

/** A stored body; undefined when the bytes are none: damage is no reason to show half of a story. */
const parseBody = (json: string): Body | undefined => {
  try {
    return blocks.safeParse(JSON.parse(json)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Bodies over S3. What was read is remembered, for it can never change. */
export const s3Bodies = (client: S3Client, bucket: string): Bodies => {
  const load = async (Key: string): Promise<Body | undefined> => {
    try {
      const found = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      return parseBody((await found.Body?.transformToString()) ?? "");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  };
  // What the feeds of a front ask for again and again; and what is on its way, so that nobody asks for it twice.
  const known = memo<Promise<Body | undefined>>(64);
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
    get: (article, digest) => {
      const key = bodyKey(article, digest);
      const body = known.get(key) ?? load(key);
      known.set(key, body);
      const forget = (): boolean => known.drop(key);
      // What could not be had may be there the next time; the rare very long one is not worth the memory.
      body.then((found) => (found && found.length <= LONG) || forget(), forget);
      return body;
    },
  };
};
