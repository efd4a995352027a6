import { createHmac } from "node:crypto";
import { invalidArgument, type Refused, refused } from "./answer.ts";

/** Whose signatures hold. */
export type Credentials = { accessKeyId: string; secretAccessKey: string };

const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Access key, date, region, service; the access key of an identity may hold anything but a slash. */
const CREDENTIAL = /^([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request$/;

const needed = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"] as const;

/**
 * Whether the form's policy is signed by `credentials`, for whichever region its credential names: 403 InvalidAccessKeyId
 * or SignatureDoesNotMatch, 400 InvalidArgument when the fields of Signature Version 4 are missing or contradict each other.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html
 */
export const refusedSignature = (
  fields: ReadonlyMap<string, string>,
  policy: string,
  { accessKeyId, secretAccessKey }: Credentials,
): Refused | undefined => {
  const missing = needed.find((name) => !fields.has(name));
  if (missing !== undefined) {
    const message = `Bucket POST must contain a field named '${missing}'.  If it is specified, please check the order of the fields.`;
    return invalidArgument(missing, "", message);
  }
  const [algorithm = "", credential = "", date = "", signature = ""] = needed.map((name) => fields.get(name));
  if (algorithm !== "AWS4-HMAC-SHA256") {
    return invalidArgument("x-amz-algorithm", algorithm, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
  }
  const [, accessKey, day, region] = CREDENTIAL.exec(credential) ?? [];
  if (accessKey === undefined || day === undefined || region === undefined) {
    return invalidArgument("x-amz-credential", credential, "Error parsing the X-Amz-Credential parameter.");
  }
  if (!/^\d{8}T\d{6}Z$/.test(date) || !date.startsWith(day)) {
    return invalidArgument("x-amz-date", date, "X-Amz-Date must be in ISO 8601 basic format, of the credential's day.");
  }
  if (accessKey !== accessKeyId) {
    return refused(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", {
      AWSAccessKeyId: accessKey,
    });
  }
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  if (hmac(key, policy).toString("hex") === signature) return undefined;
  return refused(
    403,
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
    { AWSAccessKeyId: accessKey, StringToSign: policy, SignatureProvided: signature },
  );
};
