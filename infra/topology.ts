import { ORIGINAL_PREFIX, RENDITION_PREFIX, UPLOAD_PREFIX } from "../shared/site/paths.ts";
import {
  ARTICLE_PREFIX,
  BODY_PREFIX,
  BYTES_PREFIX,
  DELIVERIES_PREFIX,
  EVENTS_PREFIX,
  HISTORY_PREFIX,
  HOME_PREFIX,
  HOOKS_PK,
  IMAGE_PREFIX,
  INBOX_PREFIX,
  LIST_PREFIX,
  NEWS_PREFIX,
  PATH_PREFIX,
  SEEN_PREFIX,
  SITE_PK,
  SITE_WORK_PK,
  SOURCE_PREFIX,
  STAMP_PREFIX,
  TURNS_PREFIX,
  WEBHOOKS_PK,
  WORK_PREFIX,
} from "../shared/store/layout.ts";

/**
 * The whole system as plain data: what there is, what wakes what, and who may do what. The local house runs from it, and
 * the CDK stacks are made from it, so that the two cannot drift apart.
 */
export type IndexShape = { name: string; partition: string; sort: string };

export const table = {
  partition: "pk",
  sort: "sk",
  /** DynamoDB may take days to act on it; the code never relies on it. */
  ttl: "ttl",
  /** Enough for the renderer to know where to look first; a head's image in it is no news to anybody. */
  stream: "NEW_IMAGE",
  indexes: [
    { name: "due", partition: "duePk", sort: "dueSk" },
    { name: "desk", partition: "deskPk", sort: "deskSk" },
  ] satisfies IndexShape[],
} as const;

/**
 * A bucket. `keep`: what is in it cannot be made again, so it is versioned, and outlives the stack in stage prod. `expire`: what
 * goes by itself, by the beginning of its key ("" is everything), with `former` the days that overwritten or deleted versions stay.
 */
export type BucketShape = {
  public: boolean;
  keep: boolean;
  expire: readonly { prefix: string; days?: number; former?: number }[];
};

export const buckets = {
  /** Bodies: private, immutable, kept; and what senders of webhooks sent, to be looked at and replayed for a month. */
  content: { public: false, keep: true, expire: [{ prefix: INBOX_PREFIX, days: 30, former: 1 }] },
  /** Pictures: uploads (which go after a week, done with or not), originals and renditions. Private. */
  media: {
    public: false,
    keep: true,
    expire: [
      { prefix: UPLOAD_PREFIX, days: 7, former: 1 },
      // Renditions can be made again; an original that was deleted by mistake can be had back for a month.
      { prefix: RENDITION_PREFIX, former: 1 },
      { prefix: ORIGINAL_PREFIX, former: 30 },
    ],
  },
  /** Pages: what the CDN reads. */
  site: { public: true, keep: false, expire: [] },
  /** Batches of the stream that failed for good, whole (keys and hints, no text): to look at, for a month. */
  failures: { public: false, keep: false, expire: [{ prefix: "", days: 30 }] },
} as const satisfies Record<string, BucketShape>;
export type BucketName = keyof typeof buckets;

export const queues = {
  /** Six times the function's time-out, as AWS advises: a message is not given out again while it is worked on. */
  render: { visibilityTimeoutSeconds: 360, maxReceiveCount: 5, deadLetter: "render-dead" },
  "render-dead": { visibilityTimeoutSeconds: 30 },
  images: { visibilityTimeoutSeconds: 720, maxReceiveCount: 5, deadLetter: "images-dead" },
  "images-later": { visibilityTimeoutSeconds: 720, maxReceiveCount: 5, deadLetter: "images-dead" },
  "images-dead": { visibilityTimeoutSeconds: 30 },
  /** Scheduled stories on the way to their time, by delayed messages. */
  schedule: { visibilityTimeoutSeconds: 300, maxReceiveCount: 5, deadLetter: "schedule-dead" },
  "schedule-dead": { visibilityTimeoutSeconds: 30 },
  /** Events of webhooks that are stored, and to be worked on. */
  inbox: { visibilityTimeoutSeconds: 720, maxReceiveCount: 5, deadLetter: "inbox-dead" },
  "inbox-dead": { visibilityTimeoutSeconds: 30 },
} as const satisfies Record<
  string,
  { visibilityTimeoutSeconds: number; maxReceiveCount?: number; deadLetter?: string }
>;

export type QueueName = keyof typeof queues;

/** S3's word that an object has come, through EventBridge to a queue. */
export const notifications = [{ bucket: "media", prefix: UPLOAD_PREFIX, queue: "images" }] as const satisfies {
  bucket: BucketName;
  prefix: string;
  queue: keyof typeof queues;
}[];

/**
 * SSM parameters of type SecureString. CloudFormation can make none
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ssm-parameter.html), and a template is no place for a
 * secret: whoever deploys makes them, and they outlive the stack.
 */
export const parameters = {
  "sealing-key": { why: "the key under which secrets of sources are sealed before they are kept in the table" },
} as const satisfies Record<string, { why: string }>;
export type ParameterName = keyof typeof parameters;

export type Trigger =
  /** Requests to the API's host: those of `routes` (a method, and a path with `{names}`), or all that are no other function's. */
  | { type: "http"; routes?: readonly string[] }
  /** The table's stream, filtered on the service's side to inserts of one kind. Order is kept per partition key. */
  | {
      type: "stream";
      filter: { eventName: "INSERT"; sortPrefix: string };
      batchSize: number;
      parallel: number;
      retries: number;
      /** Records older than this are given up, in seconds: a sweep has found what they stand for long since. */
      maxAgeSeconds: number;
      /** Where a batch goes that failed for good. */
      onFailure: BucketName;
    }
  | { type: "queue"; queue: keyof typeof queues; batchSize: number; parallel: number }
  | { type: "rate"; everySeconds: number };

export type Grant = {
  on:
    | "table"
    | `index:${string}`
    | `bucket:${BucketName}`
    | `queue:${string}`
    | `parameter:${ParameterName}`
    | "distribution";
  /** Of a bucket: the keys that begin so, and no others. */
  prefixes?: readonly string[];
  /** Of the table: these partitions and no others; `*` at the end is any that begins so. API keys are in none but the API's. */
  partitions?: readonly string[];
  actions: readonly string[];
  why: string;
};

export type FunctionShape = {
  entry: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** Concurrency set aside for it, where the operator wants any set aside: as many as its triggers run at once, or more. */
  reserve: number;
  triggers: readonly Trigger[];
  environment: readonly string[];
  grants: readonly Grant[];
};

export const functions = {
  api: {
    entry: "functions/api/index.ts",
    memoryMb: 1024,
    timeoutSeconds: 29,
    reserve: 20,
    triggers: [{ type: "http" }],
    environment: [
      "TABLE",
      "CONTENT_BUCKET",
      "MEDIA_BUCKET",
      "IMAGE_QUEUE_URL",
      "SCHEDULE_QUEUE_URL",
      "INBOX_QUEUE_URL",
      "SEALING_KEY_PARAMETER",
      "SITE_URL",
      "NAMESPACE",
    ],
    grants: [
      {
        on: "table",
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
        ],
        why: "heads, keys, settings; commits",
      },
      { on: "index:desk", actions: ["dynamodb:Query"], why: "GET /articles" },
      { on: "bucket:content", prefixes: [BODY_PREFIX], actions: ["s3:GetObject", "s3:PutObject"], why: "bodies" },
      {
        on: "bucket:media",
        prefixes: [UPLOAD_PREFIX],
        actions: ["s3:PutObject"],
        why: "uploads, and forms that allow one",
      },
      {
        on: "bucket:media",
        prefixes: [RENDITION_PREFIX],
        actions: ["s3:GetObject"],
        why: "pictures of a preview, which are not public",
      },
      { on: "queue:images", actions: ["sqs:SendMessage"], why: "crops around a new focal point" },
      { on: "queue:schedule", actions: ["sqs:SendMessage"], why: "stories that are scheduled" },
      {
        on: "bucket:content",
        prefixes: [INBOX_PREFIX],
        actions: ["s3:GetObject"],
        why: "what a sender sent, to be looked at",
      },
      { on: "queue:inbox", actions: ["sqs:SendMessage"], why: "events that are replayed" },
      { on: "parameter:sealing-key", actions: ["ssm:GetParameter"], why: "secrets of sources, which are kept sealed" },
    ],
  },
  render: {
    entry: "functions/render/index.ts",
    memoryMb: 1024,
    timeoutSeconds: 60,
    /** Three a shard of the stream, of which a new table has four, and three for the queue. */
    reserve: 16,
    triggers: [
      {
        type: "stream",
        filter: { eventName: "INSERT", sortPrefix: WORK_PREFIX },
        batchSize: 100,
        parallel: 3,
        retries: 3,
        maxAgeSeconds: 3600,
        onFailure: "failures",
      },
      { type: "queue", queue: "render", batchSize: 10, parallel: 3 },
    ],
    environment: [
      "TABLE",
      "CONTENT_BUCKET",
      "MEDIA_BUCKET",
      "SITE_BUCKET",
      "SITE_URL",
      "DISTRIBUTION_ID",
      "DEPLOY_EPOCH",
      "NAMESPACE",
    ],
    grants: [
      {
        on: "table",
        partitions: [
          `${ARTICLE_PREFIX}*`,
          `${IMAGE_PREFIX}*`,
          `${LIST_PREFIX}*`,
          `${NEWS_PREFIX}*`,
          SITE_PK,
          SITE_WORK_PK,
        ],
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
        ],
        why: "work, receipts, membership rows, news",
      },
      {
        on: "table",
        partitions: [`${PATH_PREFIX}*`],
        actions: ["dynamodb:GetItem"],
        why: "whose the path is that a withdrawn story leads to",
      },
      { on: "bucket:content", prefixes: [BODY_PREFIX], actions: ["s3:GetObject"], why: "bodies" },
      {
        on: "bucket:media",
        prefixes: [RENDITION_PREFIX],
        actions: ["s3:GetObject", "s3:ListBucket"],
        why: "copies renditions; knows all of a picture",
      },
      {
        on: "bucket:site",
        actions: ["s3:GetObject", "s3:PutObject"],
        why: "pages and pictures; HeadObject is GetObject's right",
      },
      { on: "distribution", actions: ["cloudfront:CreateInvalidation"], why: "purges of changed stories" },
    ],
  },
  images: {
    entry: "functions/images/index.ts",
    /** Two vCPUs for its two encoders, and room for an AVIF of 50 megapixels, which takes 890 MB. */
    memoryMb: 3008,
    timeoutSeconds: 120,
    reserve: 4,
    triggers: [
      { type: "queue", queue: "images", batchSize: 1, parallel: 2 },
      { type: "queue", queue: "images-later", batchSize: 1, parallel: 2 },
    ],
    environment: ["TABLE", "MEDIA_BUCKET", "IMAGE_QUEUE_URL", "LATER_QUEUE_URL", "NAMESPACE"],
    grants: [
      {
        on: "table",
        partitions: [`${IMAGE_PREFIX}*`, `${BYTES_PREFIX}*`],
        actions: ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem"],
        why: "pictures, and WORK for the stories that show them",
      },
      {
        on: "bucket:media",
        prefixes: [UPLOAD_PREFIX, ORIGINAL_PREFIX],
        actions: ["s3:GetObject", "s3:DeleteObject"],
        why: "looks at uploads; of what is refused nothing is kept but the bucket's former versions, for a while",
      },
      {
        on: "bucket:media",
        prefixes: [ORIGINAL_PREFIX, RENDITION_PREFIX],
        actions: ["s3:PutObject"],
        why: "uploads become originals and renditions",
      },
      { on: "queue:images", actions: ["sqs:SendMessage"], why: "bytes that a picture had lost have come" },
      { on: "queue:images-later", actions: ["sqs:SendMessage"], why: "AVIF comes behind" },
    ],
  },
  schedule: {
    entry: "functions/schedule/index.ts",
    /** A morning edition is fifty stories of one minute, and processor comes with memory. */
    memoryMb: 512,
    timeoutSeconds: 50,
    reserve: 5,
    triggers: [
      { type: "rate", everySeconds: 60 },
      { type: "queue", queue: "schedule", batchSize: 10, parallel: 4 },
    ],
    environment: [
      "TABLE",
      "RENDER_QUEUE_URL",
      "IMAGE_QUEUE_URL",
      "SCHEDULE_QUEUE_URL",
      "INBOX_QUEUE_URL",
      "SITE_URL",
      "NAMESPACE",
    ],
    grants: [
      { on: "index:due", actions: ["dynamodb:Query"], why: "work, pictures and scheduled stories that are due" },
      {
        on: "table",
        partitions: [`${ARTICLE_PREFIX}*`, `${IMAGE_PREFIX}*`, SITE_PK, SITE_WORK_PK],
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
        ],
        why: "publishes what is due: the story and its path, with what is known of its pictures; takes pins off whose time is up; nothing is deleted",
      },
      { on: "queue:schedule", actions: ["sqs:SendMessage"], why: "the rest of the way to a story's time" },
      { on: "queue:render", actions: ["sqs:SendMessage"], why: "wakes the renderer" },
      { on: "queue:images", actions: ["sqs:SendMessage"], why: "wakes the picture function" },
      { on: "queue:inbox", actions: ["sqs:SendMessage"], why: "events that are tried again, or were lost" },
    ],
  },
  webhooks: {
    entry: "functions/webhooks/index.ts",
    /** A sender waits 2 s for its answer, a cold start with it. */
    memoryMb: 1024,
    /** Of the work; a request is given up after 30 s by its gateway. */
    timeoutSeconds: 120,
    reserve: 10,
    triggers: [
      { type: "http", routes: ["POST /hooks/{name}"] },
      { type: "queue", queue: "inbox", batchSize: 1, parallel: 5 },
    ],
    environment: [
      "TABLE",
      "CONTENT_BUCKET",
      "MEDIA_BUCKET",
      "INBOX_QUEUE_URL",
      "SEALING_KEY_PARAMETER",
      "SITE_URL",
      "NAMESPACE",
    ],
    grants: [
      {
        on: "table",
        partitions: [
          `${ARTICLE_PREFIX}*`,
          `${BYTES_PREFIX}*`,
          `${EVENTS_PREFIX}*`,
          `${HOME_PREFIX}*`,
          HOOKS_PK,
          `${IMAGE_PREFIX}*`,
          `${PATH_PREFIX}*`,
          `${SEEN_PREFIX}*`,
          SITE_PK,
          `${SOURCE_PREFIX}*`,
          `${STAMP_PREFIX}*`,
        ],
        actions: [
          "dynamodb:GetItem",
          "dynamodb:BatchGetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
          "dynamodb:ConditionCheckItem",
        ],
        why: "the source, its events, and the stories and pictures that they bring",
      },
      { on: "bucket:content", prefixes: [BODY_PREFIX], actions: ["s3:PutObject"], why: "bodies" },
      {
        on: "bucket:content",
        prefixes: [INBOX_PREFIX],
        actions: ["s3:GetObject", "s3:PutObject"],
        why: "what was sent, as it came",
      },
      { on: "bucket:media", prefixes: [UPLOAD_PREFIX], actions: ["s3:PutObject"], why: "pictures that stories bring" },
      { on: "queue:inbox", actions: ["sqs:SendMessage"], why: "wakes its own worker" },
      { on: "parameter:sealing-key", actions: ["ssm:GetParameter"], why: "secrets of sources, which are kept sealed" },
    ],
  },
  notify: {
    entry: "functions/notify/index.ts",
    memoryMb: 512,
    timeoutSeconds: 60,
    reserve: 10,
    triggers: [
      {
        type: "stream",
        filter: { eventName: "INSERT", sortPrefix: NEWS_PREFIX },
        batchSize: 10,
        parallel: 2,
        retries: 3,
        maxAgeSeconds: 3600,
        onFailure: "failures",
      },
      { type: "rate", everySeconds: 60 },
    ],
    environment: ["TABLE", "SEALING_KEY_PARAMETER", "SITE_URL", "NAMESPACE"],
    grants: [
      { on: "index:due", actions: ["dynamodb:Query"], why: "news that was lost, and deliveries that are due" },
      {
        on: "table",
        partitions: [`${DELIVERIES_PREFIX}*`, `${HISTORY_PREFIX}*`, `${NEWS_PREFIX}*`, `${TURNS_PREFIX}*`, WEBHOOKS_PK],
        actions: [
          "dynamodb:GetItem",
          "dynamodb:Query",
          "dynamodb:PutItem",
          "dynamodb:UpdateItem",
          "dynamodb:DeleteItem",
        ],
        why: "news becomes deliveries; what became of them; webhooks that are switched off, and the record of it",
      },
      {
        on: "table",
        partitions: [`${ARTICLE_PREFIX}*`, SITE_PK],
        actions: ["dynamodb:GetItem", "dynamodb:Query"],
        why: "what is told of a story is what readers see now",
      },
      { on: "parameter:sealing-key", actions: ["ssm:GetParameter"], why: "secrets of webhooks, which are kept sealed" },
    ],
  },
} as const satisfies Record<string, FunctionShape>;

export type FunctionName = keyof typeof functions;

/** Routes of the API's host that are another function's than the API's. */
export const httpRoutes: readonly (readonly [FunctionName, string])[] = Object.entries(
  functions as Record<FunctionName, FunctionShape>,
).flatMap(([name, { triggers }]) =>
  triggers.flatMap((trigger) =>
    trigger.type === "http" ? (trigger.routes ?? []).map((route) => [name as FunctionName, route] as const) : [],
  ),
);

/**
 * Requests a second that the API takes, and how many at once beyond that: far over any newsroom. A flood that never stops costs
 * some $50 a month at this rate, whoever sends it.
 */
export const api = { perSecond: 10, burst: 50 } as const;

/** Days that log lines stay. */
export const LOG_DAYS = 30;

export const cdn = {
  /**
   * Lifetimes in seconds. At least 1, else CloudFront keeps no compressed copies; the default is for objects without
   * Cache-Control, and ours all have one. (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html)
   */
  ttl: { least: 1, default: 86_400, most: 31_536_000 },
  /** S3's metadata by which cached objects are purged. */
  tagHeader: "x-amz-meta-cache-tag",
  /** Statuses of S3 that are answered with the 404 page: keys it cannot have (400, 414), may not show (403), or has not (404). */
  missing: [400, 403, 404, 414],
  /** S3's own faults; how long such an answer is kept before S3 is asked again, when there is no older copy to serve. */
  failing: { statuses: [500, 502, 503, 504], ttlSeconds: 1 },
  /** Missing paths are cached this long: a story may be published at one in the next moment. */
  errorTtlSeconds: 1,
  errorKey: "404",
  edge: { viewerRequest: "functions/edge/viewer-request.js", viewerResponse: "functions/edge/viewer-response.js" },
  /** On every answer. Styles are inline and ours alone: no contributor's text can become one. */
  responseHeaders: {
    "content-security-policy":
      "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    /** Without includeSubDomains: the site may stand on a bare domain, whose other hosts are none of ours. */
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-frame-options": "DENY",
  },
  /** Kept off every answer, the 404 page too, for which no viewer-response function runs. */
  removeHeaders: ["server", "x-amz-id-2", "x-amz-request-id", "x-amz-server-side-encryption", "x-amz-version-id"],
} as const;
