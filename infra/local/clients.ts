import { CloudFrontClient, CloudFrontServiceException } from "@aws-sdk/client-cloudfront";
import { DynamoDBClient, DynamoDBServiceException } from "@aws-sdk/client-dynamodb";
import { DynamoDBStreamsClient } from "@aws-sdk/client-dynamodb-streams";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { SQSClient, SQSServiceException } from "@aws-sdk/client-sqs";
import { SSMClient, SSMServiceException } from "@aws-sdk/client-ssm";
import type { HttpRequest, InitializeMiddleware } from "@smithy/types";
import { CLIENT, lean } from "../../shared/store/client.ts";
import { NEWS_PREFIX, WORK_PREFIX } from "../../shared/store/layout.ts";
import type { Guard } from "./iam/guard.ts";
import { type Denial, refusing } from "./iam/refusing.ts";

/** SDK calls made so far, by name (`PutObject`, `TransactWriteItems`); the stream's polling is not counted. */
export type Calls = Record<string, number>;

/** The stand-ins check no signatures, and making them is a tenth of a call's CPU; only their form is kept. */
const signer = {
  sign: async <Request>(request: Request & Pick<HttpRequest, "headers">): Promise<Request> => {
    request.headers["authorization"] =
      "AWS4-HMAC-SHA256 Credential=local/20260101/local/local/aws4_request, SignedHeaders=host, Signature=0";
    request.headers["x-amz-date"] = "20260101T000000Z";
    return request;
  },
};

const common = {
  ...CLIENT,
  region: "local",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
  signer: async () => signer,
};

type Watch = {
  calls: Calls;
  filed: (what: Filed) => void;
  /** Who may do what; none: everybody everything. */
  guard?: Guard;
};

/** What each service says of a call that IAM does not allow: by AWS's pages on the errors that are common to its calls. */
const denial = (name: string, httpStatusCode: number, message: string) => ({
  name,
  message,
  $fault: "client" as const,
  $metadata: { httpStatusCode },
});
export const denials = {
  dynamo: (message) => new DynamoDBServiceException(denial("AccessDeniedException", 400, message)),
  s3: (message) => new S3ServiceException(denial("AccessDenied", 403, message)),
  sqs: (message) => new SQSServiceException(denial("AccessDeniedException", 400, message)),
  ssm: (message) => new SSMServiceException(denial("AccessDeniedException", 400, message)),
  cloudfront: (message) => new CloudFrontServiceException(denial("AccessDenied", 403, message)),
} satisfies Record<string, Denial>;

/** What a transaction puts for the readers of the stream. */
export type Filed = { work: boolean; news: boolean };

const filedBy = (input: object): Filed => {
  const text = JSON.stringify(input);
  return { work: text.includes(`"S":"${WORK_PREFIX}`), news: text.includes(`"S":"${NEWS_PREFIX}`) };
};

/** Counts commands by name, and tells when WORK or NEWS has been filed: the stream has something for somebody. */
const watching =
  <Input extends object, Output extends object>({ calls, filed }: Watch): InitializeMiddleware<Input, Output> =>
  (next, context) =>
  async (args) => {
    const call = (context.commandName ?? "").replace(/Command$/, "");
    calls[call] = (calls[call] ?? 0) + 1;
    const result = await next(args);
    if (call === "TransactWriteItems") filed(filedBy(args.input));
    return result;
  };

/** The AWS clients of the functions, as on AWS but for their endpoints; each call is counted in `calls`, and `guard` is asked first. */
export const localClients = (
  endpoints: { dynamo: string; s3: string; sqs: string; ssm: string; cloudfront: string },
  watch: Watch,
) => {
  const clients = {
    dynamo: lean(new DynamoDBClient({ ...common, endpoint: endpoints.dynamo })),
    s3: lean(new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true })),
    sqs: lean(new SQSClient({ ...common, endpoint: endpoints.sqs })),
    ssm: lean(new SSMClient({ ...common, endpoint: endpoints.ssm })),
    cloudfront: new CloudFrontClient({ ...common, endpoint: endpoints.cloudfront }),
  };
  const first = { step: "initialize" } as const;
  clients.dynamo.middlewareStack.add(watching(watch), first);
  clients.s3.middlewareStack.add(watching(watch), first);
  clients.sqs.middlewareStack.add(watching(watch), first);
  clients.ssm.middlewareStack.add(watching(watch), first);
  clients.cloudfront.middlewareStack.add(watching(watch), first);
  const { guard } = watch;
  if (guard) {
    clients.dynamo.middlewareStack.add(refusing(guard, denials.dynamo), first);
    clients.s3.middlewareStack.add(refusing(guard, denials.s3), first);
    clients.sqs.middlewareStack.add(refusing(guard, denials.sqs), first);
    clients.ssm.middlewareStack.add(refusing(guard, denials.ssm), first);
    clients.cloudfront.middlewareStack.add(refusing(guard, denials.cloudfront), first);
  }
  return { ...clients, streams: lean(new DynamoDBStreamsClient({ ...common, endpoint: endpoints.dynamo })) };
};
export type LocalClients = ReturnType<typeof localClients>;
