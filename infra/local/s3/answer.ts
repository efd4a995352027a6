/** What an operation answers. A body of type `file` is an open descriptor that the sender closes. */
export type Body =
  | { kind: "bytes"; bytes: Uint8Array }
  | { kind: "file"; descriptor: number; start: number; length: number };

export type Answer = { kind: "answer"; status: number; headers: Record<string, string>; body?: Body };

/** An error as S3 names it: its HTTP status, its code, and the further elements of its XML. */
export type Refused = {
  kind: "refused";
  status: number;
  code: string;
  message: string;
  fields: Record<string, string>;
  headers: Record<string, string>;
};

/**
 * An S3 error response. Codes and statuses are those of
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
 */
export const refused = (
  status: number,
  code: string,
  message: string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
): Refused => ({ kind: "refused", status, code, message, fields, headers });

/** What this stand-in does not know: answered with 501, so that nothing is ever taken for something else. */
export const notImplemented = (what: string): Refused =>
  refused(501, "NotImplemented", `This stand-in for S3 does not implement ${what}.`);

/** 400 InvalidArgument, naming the header or parameter and what it said. */
export const invalidArgument = (name: string, value: string, message: string): Refused =>
  refused(400, "InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });

/** 404 NoSuchKey. */
export const noSuchKey = (key: string): Refused =>
  refused(404, "NoSuchKey", "The specified key does not exist.", { Key: key });

/** 412 PreconditionFailed; `condition` is the header's name. */
export const preconditionFailed = (condition: string): Refused =>
  refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
    Condition: condition,
  });

/** An answer that is no error; header names in lower case. */
export const answer = (status: number, headers: Record<string, string> = {}, body?: Body): Answer => ({
  kind: "answer",
  status,
  headers,
  ...(body && { body }),
});
