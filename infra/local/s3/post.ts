import type { IncomingMessage } from "node:http";
import { type Answer, answer, invalidArgument, notImplemented, type Refused, refused } from "./answer.ts";
import type { Operation } from "./operation.ts";
import { refusedByPolicy, sizeBy } from "./post-conditions.ts";
import { type FormHead, formReader } from "./post-form.ts";
import { type Policy, policyIn } from "./post-policy.ts";
import { type Credentials, refusedSignature } from "./post-signature.ts";
import { element, xmlAnswer } from "./xml.ts";

/** A form that may be carried out: its key is the operation's now, its fields are the operation's headers. */
export type Post = { kind: "post"; operation: Operation; bytes: Buffer };

/** Who may post, when, and how much of a file is taken where the policy does not say. */
export type PostRules = { credentials: Credentials; now: number; largest: number };

/** Fields that say something of the object, as the header of that name would in a PutObject. */
const OF_OBJECT =
  /^(?:content-(?:type|encoding|disposition|language|md5)|cache-control|expires|x-amz-checksum-\w+|x-amz-meta-[\w!#$%&'*+.^`|~-]+)$/;
const OF_FORM =
  /^(?:bucket|key|policy|success_action_status|x-amz-(?:algorithm|credential|date|signature)|x-ignore-.*)$/;

/** The key, `${filename}` filled in before the policy is asked, as S3 has it. */
const keyOf = ({ fields, filename }: FormHead): string | Refused => {
  const given = fields.get("key");
  if (given === undefined) {
    const message =
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.";
    return invalidArgument("key", "", message);
  }
  // A function, for a file may be called $&.
  const key = given.replaceAll("${filename}", () => filename);
  if (key === "") return invalidArgument("key", "", "User key must have a length greater than 0.");
  if (Buffer.byteLength(key) > 1024) return refused(400, "KeyTooLongError", "Your key is too long");
  return key;
};

const allowed = (fields: ReadonlyMap<string, string>, { credentials, now }: PostRules): Policy | Refused => {
  const document = fields.get("policy");
  // Without a policy it is a request of nobody's, and no bucket here is open to the public.
  if (document === undefined) return refused(403, "AccessDenied", "Access Denied");
  const unsigned = refusedSignature(fields, document, credentials);
  if (unsigned) return unsigned;
  const policy = policyIn(document);
  if (policy.kind === "refused") return policy;
  const no = refusedByPolicy(policy, fields, now);
  if (no) return no;
  const unknown = [...fields.keys()].find((name) => !OF_OBJECT.test(name) && !OF_FORM.test(name));
  return unknown === undefined ? policy : notImplemented(`the form field ${unknown}`);
};

/**
 * Reads a form that a browser sends to a bucket and holds it against its own signed policy, the fields when the
 * first 20 KB are here, the file's size while the rest comes. Errors are those of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html; a field that is not known here is NotImplemented.
 */
export const receivePost = async (
  request: IncomingMessage,
  operation: Operation,
  rules: PostRules,
): Promise<Post | Refused> => {
  const reader = formReader(request);
  if (reader.kind === "refused") return reader;
  const head = await reader.head();
  if (head.kind === "refused") return head;
  const key = keyOf(head);
  if (typeof key !== "string") return key;
  // The bucket is the one that was posted to, whatever the form says it is.
  const fields = new Map([...head.fields, ["bucket", operation.bucket], ["key", key]]);
  const policy = allowed(fields, rules);
  if (policy.kind === "refused") return policy;
  const file = await reader.file(head, sizeBy(policy, rules.largest));
  if (file.kind === "refused") return file;

  const ofObject = [...fields].filter(([name]) => OF_OBJECT.test(name));
  const headers = {
    ...Object.fromEntries(ofObject),
    host: request.headers.host ?? "localhost",
    success_action_status: fields.get("success_action_status"),
  };
  return { kind: "post", operation: { ...operation, key, headers }, bytes: file.bytes };
};

/** The answer to a form that was carried out: 204 unless it asked for 200, or 201 with a document. `etag` is quoted. */
export const postAnswer = ({ bucket, key, headers }: Operation, etag: string): Answer => {
  // S3 encodes the slashes of the key, too.
  const location = `http://${headers.host}/${bucket}/${encodeURIComponent(key)}`;
  const named = { etag, location };
  const wanted = headers["success_action_status"];
  if (wanted !== "201") return answer(wanted === "200" ? 200 : 204, named);
  const inner = { Location: location, Bucket: bucket, Key: key, ETag: etag };
  const elements = Object.entries(inner).map(([name, value]) => element(name, value));
  return xmlAnswer(201, "PostResponse", elements.join(""), named);
};
