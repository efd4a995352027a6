import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../../shared/runtime/clock.ts";
import { type ApiError, type Batch, parseBatch } from "./invalidation.ts";

/** An invalidation as it was asked for; `at` in ms since the epoch. */
export type Invalidation = { id: string; callerReference: string; paths: string[]; at: number };

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";
const MAX_BODY = 1_000_000;
const ROUTE = /^\/2020-05-31\/distribution\/([^/?]+)\/invalidation$/;

const escapeXml = (text: string): string => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

const send = (res: ServerResponse, status: number, xml: string, headers: Record<string, string> = {}): void => {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  res.writeHead(status, {
    "content-type": "text/xml",
    "content-length": Buffer.byteLength(body),
    "x-amzn-requestid": randomUUID(),
    connection: "close",
    ...headers,
  });
  res.end(body);
};

const sendError = (res: ServerResponse, { status, code, message }: ApiError): void =>
  send(
    res,
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${escapeXml(message)}</Message></Error><RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );

const sendInvalidation = (res: ServerResponse, host: string, route: string, made: Invalidation): void => {
  const items = made.paths.map((path) => `<Path>${escapeXml(path)}</Path>`).join("");
  const xml =
    `<Invalidation xmlns="${NAMESPACE}"><Id>${made.id}</Id><Status>Completed</Status>` +
    `<CreateTime>${new Date(made.at).toISOString()}</CreateTime><InvalidationBatch><Paths>` +
    `<Quantity>${made.paths.length}</Quantity><Items>${items}</Items></Paths>` +
    `<CallerReference>${escapeXml(made.callerReference)}</CallerReference></InvalidationBatch></Invalidation>`;
  send(res, 201, xml, { location: `http://${host}${route}/${made.id}` });
};

const readBody = async (req: IncomingMessage): Promise<string | undefined> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_BODY) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
};

const isSame = (batch: Batch, made: Invalidation): boolean =>
  JSON.stringify(batch.paths.toSorted()) === JSON.stringify(made.paths.toSorted());

/**
 * The part of CloudFront's API that the publisher uses: CreateInvalidation, restXml, version 2020-05-31. Each new one is
 * logged in `invalidations`, given to `purge` and completed at once. A used CallerReference is answered with what it
 * made, without purging; with other paths it is refused. Signatures are not checked.
 */
export const createControl = (options: {
  distributionId: string;
  clock: Clock;
  invalidations: Invalidation[];
  purge: (paths: readonly string[]) => void;
}): Server => {
  const { distributionId, clock, invalidations, purge } = options;
  const byReference = new Map<string, Invalidation>();

  const create = (batch: Batch): Invalidation => {
    const id = `I${randomBytes(7).toString("hex").slice(1).toUpperCase()}`;
    const made: Invalidation = { id, ...batch, at: clock.now() };
    byReference.set(batch.callerReference, made);
    invalidations.push(made);
    purge(batch.paths);
    return made;
  };

  const answer = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const route = ROUTE.exec(req.url ?? "");
    if (req.method !== "POST" || route === null) {
      return sendError(res, {
        status: 404,
        code: "NoSuchResource",
        message: "Only CreateInvalidation is served here.",
      });
    }
    if (decodeURIComponent(route[1] ?? "") !== distributionId) {
      return sendError(res, {
        status: 404,
        code: "NoSuchDistribution",
        message: "The specified distribution does not exist.",
      });
    }
    const body = await readBody(req);
    if (body === undefined) {
      return sendError(res, { status: 413, code: "BatchTooLarge", message: "The invalidation batch is too large." });
    }
    const parsed = parseBatch(body);
    if (!parsed.ok) return sendError(res, parsed.error);
    const before = byReference.get(parsed.batch.callerReference);
    if (before !== undefined && !isSame(parsed.batch, before)) {
      return sendError(res, {
        status: 400,
        code: "InvalidationBatchAlreadyExists",
        message: "Your previous invalidation batch with this caller reference has other paths.",
      });
    }
    sendInvalidation(res, req.headers.host ?? "localhost", route[0], before ?? create(parsed.batch));
  };

  return createServer((req, res) => {
    answer(req, res).catch((error: unknown) => {
      sendError(res, {
        status: 400,
        code: "InvalidArgument",
        message: `The request could not be read: ${String(error)}`,
      });
    });
  });
};
