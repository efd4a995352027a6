import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";

/** What S3 said of an object, as far as a cache cares. */
export type OriginAnswer =
  | { kind: "object"; headers: Record<string, string>; body: Buffer }
  | { kind: "unchanged"; headers: Record<string, string> }
  | { kind: "missing" }
  | { kind: "failed"; status: 502 | 503 | 504 };

export type Origin = {
  /** GETs the object of a URL path (with If-None-Match when `etag` is given). Never rejects. */
  get(path: string, etag?: string): Promise<OriginAnswer>;
  /** Ends the requests under way: they answer 502. */
  close(): void;
};

/**
 * The object key of a URL path, decoded; undefined when there can be none. Dot segments are refused because path-style
 * requests put the bucket into the path: `/../other/x` must not leave the bucket.
 */
const objectKey = (path: string): string | undefined => {
  try {
    const key = decodeURIComponent(path.slice(1));
    const isPlain = key !== "" && !key.split("/").some((segment) => segment === "." || segment === "..");
    return isPlain ? key : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const encodeKey = (key: string): string => key.split("/").map(encodeURIComponent).join("/");

const lines = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, [value].flat().join(", ")]],
    ),
  );

const read = async (response: IncomingMessage): Promise<OriginAnswer> => {
  const body = await buffer(response);
  const status = response.statusCode ?? 0;
  if (status === 200) return { kind: "object", headers: lines(response), body };
  if (status === 304) return { kind: "unchanged", headers: lines(response) };
  if (status >= 400 && status < 500) return { kind: "missing" };
  return { kind: "failed", status: status === 503 || status === 504 ? status : 502 };
};

/**
 * The bucket behind the distribution, spoken to over plain HTTP, path style. Any 4xx of it is an absence (S3 says 403
 * for a missing key where listing is not allowed, 400 for a key it cannot have); no answer within `timeoutMs` is 504;
 * anything else unexpected, a broken connection or a truncated body too, 502. Connections are
 * kept and used again, as CloudFront's to its origins; closing ends them.
 */
export const createOrigin = (options: { url: string; bucket: string; timeoutMs: number }): Origin => {
  const base = new URL(options.url);
  const root = `${base.pathname.replace(/\/$/, "")}/${encodeURIComponent(options.bucket)}/`;
  const open = new Set<ClientRequest>();
  const agent = new Agent({ keepAlive: true });

  const fetchKey = (key: string, headers: Record<string, string>): Promise<OriginAnswer> =>
    new Promise((resolve) => {
      const path = root + encodeKey(key);
      let failure: 502 | 504 = 502;
      const fail = (): void => resolve({ kind: "failed", status: failure });
      const req = request({ host: base.hostname, port: base.port, path, headers, agent }, (response) => {
        read(response).then(resolve, fail);
      });
      open.add(req);
      req.setTimeout(options.timeoutMs, () => {
        failure = 504;
        req.destroy(new Error("The origin did not answer in time."));
      });
      req.on("error", fail);
      req.on("close", () => open.delete(req));
      req.end();
    });

  return {
    get: async (path, etag) => {
      const key = objectKey(path);
      if (key === undefined) return { kind: "missing" };
      return await fetchKey(key, etag === undefined ? {} : { "if-none-match": etag });
    },
    close: () => {
      for (const req of open) req.destroy(new Error("The CDN is closing."));
      agent.destroy();
    },
  };
};
