import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { UploadInput } from "../domain/image.ts";
import { iso } from "../domain/time.ts";
import type { Clock } from "../runtime/clock.ts";
import { uploadKey } from "../site/paths.ts";

/** A form that uploads one file straight to S3: POST it as multipart/form-data, `fields` first, then `file`. */
export type UploadForm = { method: "POST"; url: string; fields: Record<string, string>; expiresAt: string };

/** The way in for a picture's bytes; what comes wakes the picture function. */
export type Uploads = {
  /** Those that came through the API. */
  put(image: string, bytes: Uint8Array, contentType: string): Promise<void>;
  /** A form for this picture's bytes and no others: of that type, and exactly that long. */
  form(image: string, declared: Pick<UploadInput, "contentType" | "bytes">): Promise<UploadForm>;
};

/** How long a form can be used, in seconds: a phone on a slow line needs some minutes for 50 MB. */
const FORM_SECONDS = 900;
/** An upload may begin in the form's last second, and take a while: when it is given up, in ms after the announcement. */
export const ARRIVES_WITHIN_MS = (FORM_SECONDS + 3600) * 1000;

/**
 * Presigned POSTs (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html): the policy binds key,
 * type and size, and S3 refuses whatever differs. The code is loaded when the first form is asked for.
 */
export const s3Uploads = (client: S3Client, bucket: string, clock: Clock): Uploads => ({
  put: async (image, bytes, contentType) => {
    await client.send(
      new PutObjectCommand({ Bucket: bucket, Key: uploadKey(image), Body: bytes, ContentType: contentType }),
    );
  },
  form: async (image, { contentType, bytes }) => {
    const { createPresignedPost } = await import("@aws-sdk/s3-presigned-post");
    const expiresAt = iso(clock.now() + FORM_SECONDS * 1000);
    // The policy's times are to be those of the clock that all else goes by.
    const config = { ...client.config, systemClockOffset: clock.now() - Date.now() };
    const timed: S3Client = Object.assign(Object.create(client), { config });
    const { url, fields } = await createPresignedPost(timed, {
      Bucket: bucket,
      Key: uploadKey(image),
      Fields: { "Content-Type": contentType, success_action_status: "204" },
      Conditions: [["content-length-range", bytes, bytes]],
      Expires: FORM_SECONDS,
    });
    return { method: "POST", url, fields, expiresAt };
  },
});
