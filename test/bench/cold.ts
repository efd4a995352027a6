import { execFileSync } from "node:child_process";
import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildFunctions } from "../../infra/build/functions.ts";
import { testHouse } from "../house.ts";
import { valuesOf } from "../runtime/function.ts";
import { quantile, type Row } from "./table.ts";

const RUNS = 11;

/** Imports a bundle, has it handle one event, and prints the ms since the process began (its own start included). */
const runner = (bundle: string, event: unknown): string => `
const { handler } = await import(${JSON.stringify(pathToFileURL(bundle).href)});
await handler(${JSON.stringify(event)}, { awsRequestId: "bench" });
process.stdout.write(String(performance.now()));
process.exit(0);
`;

const httpEvent = (path: string, token: string) => ({
  version: "2.0",
  routeKey: "$default",
  rawPath: path,
  rawQueryString: "",
  headers: { authorization: `Bearer ${token}`, host: "localhost" },
  requestContext: {
    domainName: "localhost",
    http: { method: "GET", path, protocol: "HTTP/1.1", sourceIp: "127.0.0.1", userAgent: "bench" },
    requestId: "bench",
  },
  isBase64Encoded: false,
});

/** Bytes of each function's bundle, and the ms to its first handled event in a fresh process, against a running house. */
export const coldStarts = async (): Promise<Row[]> => {
  const house = await testHouse();
  // Inside the repository, where the picture function finds sharp.
  const dir = mkdtempSync(join(process.cwd(), "dist", "cold-"));
  const built = await buildFunctions({ outDir: join(dir, "functions") });
  const { dynamo, names } = house.surroundings;
  const env = {
    PATH: process.env["PATH"],
    AWS_REGION: "local",
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_ENDPOINT_URL_DYNAMODB: dynamo,
    AWS_ENDPOINT_URL_S3: house.s3.url,
    AWS_ENDPOINT_URL_SQS: house.sqs.url,
    ...valuesOf(names),
  };
  const gone = { Records: [{ body: JSON.stringify({ pk: "ARTICLE#0", sk: "WORK#0" }) }] };
  const noImage = { Records: [{ body: JSON.stringify({ image: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }) }] };
  const events: Record<string, unknown> = {
    api: httpEvent("/articles", house.editorKey),
    images: noImage,
    render: gone,
    schedule: {},
  };
  const timesOf = (name: string, file: string): number[] => {
    const script = join(dir, `${name}.mjs`);
    writeFileSync(script, runner(file, events[name]));
    return Array.from({ length: RUNS }, () => {
      const out = execFileSync(process.execPath, [script], {
        env,
        stdio: ["ignore", "pipe", "inherit"],
        encoding: "utf8",
      });
      return Number(/[\d.]+$/.exec(out)?.[0]);
    });
  };
  const rows: Row[] = [];
  for (const [name, bundle] of Object.entries(built)) {
    const kb = (bytes: number): string => `${(bytes / 1000).toFixed(0)} KB`;
    const times = timesOf(name, join(bundle.folder, "index.mjs"));
    rows.push({
      what: `${name}: bundle, and first handled event in a fresh process`,
      figure: `${kb(bundle.eager)} (${kb(bundle.lazy)} more when needed), ${quantile(times, 0.5).toFixed(0)} ms`,
      peer: "empty 39 ms, hono 114, + both SDK clients 282, + zod 361",
    });
  }
  await house.close();
  rmSync(dir, { recursive: true, force: true });
  return rows;
};
