import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { type HttpServer, readBody, serve } from "./http.ts";

/** `value` makes a parameter that is not there yet, as whoever deploys to AWS would. */
export type LocalParameter = { name: string; value: () => string };

/** What is asked for, and nothing besides. Versions (`name:1`) are not kept here. */
const getParameter = z.strictObject({
  Name: z.string().regex(/^[\w./-]+$/),
  WithDecryption: z.boolean().optional(),
});
const stored = z.record(z.string(), z.object({ value: z.string(), at: z.number() }));
type Stored = z.output<typeof stored>;

/** Reads the parameters of the file, and adds what it lacks. Only this user can read it: here nothing encrypts what is at rest. */
const open = (file: string, wanted: readonly LocalParameter[], now: number): Stored => {
  const kept = existsSync(file) ? stored.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
  const lacking = wanted.filter(({ name }) => !Object.hasOwn(kept, name));
  if (lacking.length === 0) return kept;
  const all = { ...kept, ...Object.fromEntries(lacking.map(({ name, value }) => [name, { value: value(), at: now }])) };
  writeFileSync(`${file}.new`, JSON.stringify(all, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return all;
};

const fault = (type: string, message: string) => ({ status: 400, body: { __type: type, message } });

const answerTo = (parameters: Stored, target: string, text: string): { status: number; body: object } => {
  if (target !== "AmazonSSM.GetParameter")
    return fault("UnknownOperationException", `This stand-in for SSM does not know the action ${target}.`);
  const input = getParameter.safeParse(JSON.parse(text));
  if (!input.success) return fault("ValidationException", z.prettifyError(input.error));
  const { Name, WithDecryption = false } = input.data;
  const found = Object.hasOwn(parameters, Name) ? parameters[Name] : undefined;
  if (!found) return fault("ParameterNotFound", "");
  // Who forgets to have it decrypted is given, as by AWS, something that is of no use.
  const Value = WithDecryption ? found.value : randomBytes(140).toString("base64");
  const Parameter = {
    ARN: `arn:aws:ssm:local:000000000000:parameter/${Name.replace(/^\//, "")}`,
    DataType: "text",
    LastModifiedDate: found.at / 1000,
    Name,
    Type: "SecureString",
    Value,
    Version: 1,
  };
  return { status: 200, body: { Parameter } };
};

/**
 * SSM's parameter store as far as this project uses it, on 127.0.0.1: SecureStrings, read one at a time, in a file that survives
 * the process. AWS JSON 1.1 (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html). Rejects when the
 * port is taken or the file is no such file.
 */
export const startSsm = async (options: {
  file: string;
  parameters: readonly LocalParameter[];
  now: () => number;
  port?: number;
}): Promise<HttpServer> => {
  const parameters = open(options.file, options.parameters, options.now());
  return serve(async (request, response) => {
    const text = String(await readBody(request, 64 * 1024));
    const { status, body } = answerTo(parameters, String(request.headers["x-amz-target"]), text);
    response.writeHead(status, { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() });
    response.end(JSON.stringify(body));
  }, options.port);
};
