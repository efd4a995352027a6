import { CopyObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Rendition } from "../domain/rendition.ts";
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

/** Pictures over S3: `media` is the private bucket, `site` the public one. */
export const s3Pictures = (client: S3Client, media: string, site: string): Pictures => ({
  publish: async ({ image, hash, rendition }, folder, { cacheControl, metadata }) => {
    try {
      await client.send(
        new CopyObjectCommand({
          Bucket: site,
          Key: objectKey(picturePath(folder, hash, rendition)),
          CopySource: `${media}/${renditionKey(image, hash, rendition)}`,
          MetadataDirective: "REPLACE",
          ContentType: CONTENT_TYPES[rendition.format],
          CacheControl: cacheControl,
          Metadata: metadata,
          IfNoneMatch: "*",
        }),
      );
    } catch (error) {
      if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
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
