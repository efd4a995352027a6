import { randomUUID } from "node:crypto";
import { type Report, startRuntimeApi } from "./api.ts";
import { startClient } from "./client.ts";

export type HostedFunction = {
  name: string;
  /** Where the bundle is. */
  folder: string;
  memoryMb: number;
  timeoutSeconds: number;
  /** Its own environment; what Lambda adds is added. */
  environment: Record<string, string>;
};

/** What became of an event, as Lambda sees it: the last two end the process. */
export type Outcome = Report | { type: "timed-out"; message: string } | { type: "exited"; message: string };

/** `ms` from handing the event to its outcome; of a cold one from the start of the process. `mb`: the most it has had resident. */
export type Invoked = Outcome & { cold: boolean; ms: number; mb: number | undefined; pid: number };

export type RuntimeHost = {
  /** Has one event handled, after those before it, in the process that is there, or a new one. */
  invoke(event: unknown): Promise<Invoked>;
  /** All that the processes printed. */
  log(): string;
  /** Ends the process, if there is one. */
  close(): Promise<void>;
};

const REGION = "local";

/** The variables that Lambda sets, as far as a function could look at them. https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const surroundings = (
  { name, folder, memoryMb, environment }: HostedFunction,
  api: string,
): Record<string, string> => ({
  ...environment,
  AWS_LAMBDA_RUNTIME_API: api,
  _HANDLER: "index.handler",
  LAMBDA_TASK_ROOT: folder,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: "local",
  AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
  AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_SESSION_TOKEN: "local",
  LANG: "en_US.UTF-8",
  TZ: ":UTC",
});

type Instance = { run(event: unknown): Promise<Invoked>; isAlive(): boolean; end(): Promise<void> };

const startInstance = async (hosted: HostedFunction, write: (text: string) => void): Promise<Instance> => {
  let settle: (outcome: Outcome) => void = () => {};
  let alive = true;
  let cold = true;
  const api = await startRuntimeApi((report) => settle(report));
  const started = performance.now();
  const client = await startClient(hosted.folder, surroundings(hosted, api.address), write).catch(async (error) => {
    await api.close();
    throw error;
  });
  void client.ended.then((message) => {
    alive = false;
    return settle({ type: "exited", message });
  });
  const mostMb = (): number | undefined => (alive ? client.mostMb() : undefined);
  return {
    isAlive: () => alive,
    run: async (event) => {
      const wasCold = cold;
      cold = false;
      let [handed, mb] = [started, mostMb()];
      let timer: NodeJS.Timeout | undefined;
      const outcome = await new Promise<Outcome>((resolve) => {
        settle = (outcome) => {
          mb = mostMb() ?? mb;
          resolve(outcome);
        };
        const { timeoutSeconds: seconds, name } = hosted;
        const deadline = Date.now() + seconds * 1000;
        const arn = `arn:aws:lambda:${REGION}:000000000000:function:${name}`;
        api.give({ id: randomUUID(), event, deadline, arn }, () => {
          if (!wasCold) handed = performance.now();
          timer = setTimeout(() => {
            settle({ type: "timed-out", message: `Task timed out after ${seconds.toFixed(2)} seconds` });
          }, seconds * 1000);
        });
      });
      clearTimeout(timer);
      settle = () => {};
      return { ...outcome, cold: wasCold, ms: performance.now() - handed, mb, pid: client.pid };
    },
    end: async () => {
      await client.kill();
      await api.close();
    },
  };
};

/** Whether the process may have the next event. */
const goesOn = ({ type }: Outcome): boolean => type === "response" || type === "error";

/**
 * Lambda's host for one function: AWS's own runtime client, over the Runtime API, on the bundle as it is deployed. One event at a
 * time; a process that takes longer than the function may is killed, and the next event begins a new one.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export const runtimeHost = (hosted: HostedFunction): RuntimeHost => {
  let log = "";
  let instance: Instance | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = async (): Promise<void> => {
    const ending = instance;
    instance = undefined;
    await ending?.end();
  };
  const one = async (event: unknown): Promise<Invoked> => {
    if (!instance?.isAlive()) await end();
    instance ??= await startInstance(hosted, (text) => (log += text));
    const invoked = await instance.run(event);
    if (!goesOn(invoked)) await end();
    return invoked;
  };
  return {
    invoke: (event) => {
      const invoked = last.then(() => one(event));
      last = invoked.catch(() => {});
      return invoked;
    },
    log: () => log,
    close: async () => {
      await last;
      await end();
    },
  };
};
