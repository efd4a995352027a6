import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Rendition } from "../domain/rendition.ts";
import type { Clock } from "../runtime/clock.ts";
import { objectKey, picturePath, renditionKey, renditionPrefix } from "../site/paths.ts";
import { CONTENT_TYPES } from "./media.ts";
import { statusOf } from "./objects.ts";

export type PublicObject = { contentType: string; cacheControl: string; metadata: Record<string, string> };

/** From private storage to the public site, and off it again. */
export type Pictures = {
  /**
   * Copies a rendition to its public path, unless something stands there: the same copy by a twin, or the tombstone of
   * a picture that was taken off meanwhile, which no late copy may replace.
   */
  publish(
    from: { image: string; hash: string; rendition: Rendition },
    folder: string,
    object: Omit<PublicObject, "contentType">,
  ): Promise<void>;
  /** Names of all renditions that were ever made of a picture: a copy of each may be public, or on its way. */
  names(image: string): Promise<string[]>;
  /** Writes a tombstone at a public path, whatever stands there: it stays for ever. */
  darken(path: string, object: PublicObject & { body: string }): Promise<void>;
};

/** Times a copy is tried while other writes are under way at its key. */
const TRIES = 5;

/** Pictures over S3: `media` is the private bucket, `site` the public one. */
export const s3Pictures = (client: S3Client, media: string, site: string, clock: Clock): Pictures => ({
  publish: async ({ image, hash, rendition }, folder, { cacheControl, metadata }) => {
    const copy = new CopyObjectCommand({
      Bucket: site,
      Key: objectKey(picturePath(folder, hash, rendition)),
      CopySource: `${media}/${renditionKey(image, hash, rendition)}`,
      MetadataDirective: "REPLACE",
      ContentType: CONTENT_TYPES[rendition.format],
      CacheControl: cacheControl,
      Metadata: metadata,
      IfNoneMatch: "*",
    });
    for (let attempt = 1; ; attempt++) {
      try {
        await client.send(copy);
        return;
      } catch (error) {
        if (statusOf(error) === 412) return;
        // 409: another write is under way at this key, and may yet fail.
        if (statusOf(error) !== 409 || attempt === TRIES) throw error;
        await clock.sleep(Math.random() * 20 * 2 ** attempt);
      }
    }
  },
  names: async (image) => {
    const Prefix = renditionPrefix(image);
    const names: string[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await client.send(new ListObjectsV2Command({ Bucket: media, Prefix, ContinuationToken }));
      names.push(...(page.Contents ?? []).flatMap(({ Key }) => Key?.slice(Prefix.length) ?? []));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return names;
  },
  darken: async (path, { body, contentType, cacheControl, metadata }) => {
    await client.send(
      new PutObjectCommand({
        Bucket: site,
        Key: objectKey(path),
        Body: body,
        ContentType: contentType,
        CacheControl: cacheControl,
        Metadata: metadata,
      }),
    );
  },
});
