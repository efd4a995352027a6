import { vi } from "vitest";
import { deploy } from "../../../infra/deploy/deploy.ts";
import { type Account, ACCOUNT, newAccount } from "./account.ts";
import { standInCdk, type StandInCdk } from "./cdk.ts";
import { CREDENTIALS, operatorShell } from "./environment.ts";
import { startAws } from "./stand-in.ts";

export const EMAIL = ["--email", "desk@example.org"];
export const SITE_CERTIFICATE = `arn:aws:acm:us-east-1:${ACCOUNT}:certificate/site-1`;
export const API_CERTIFICATE = `arn:aws:acm:ap-southeast-1:${ACCOUNT}:certificate/api-1`;
export const SITE = ["--site-domain", "news.example.org", "--site-certificate", SITE_CERTIFICATE];
export const API = ["--api-domain", "api.example.org", "--api-certificate", API_CERTIFICATE];
export const STREAM = `arn:aws:dynamodb:ap-southeast-1:${ACCOUNT}:table/restored/stream/2026-11-01T08:00:00.000`;

export type Run = { status: number; out: string; wrong: string; questions: string[] };

/** Whoever runs `npm run deploy`, before an account of their own and with a CDK that only notes what it was told. */
export type Operator = {
  account: Account;
  /** Where AWS is. */
  url: string;
  cdk: StandInCdk;
  /** The command, as whoever types `answer` to its question sees it (undefined: nobody is there). */
  run(argv: string[], answer?: string): Promise<Run>;
  /** A stack Broadsheet-prod (or of the stage that is among these settings) as a deployment of epoch 3 leaves it, with them and outputs besides. */
  deployed(given: Record<string, unknown>, outputs?: Record<string, string>, status?: string): void;
  certificate(arn: string, names: string[], status?: string): void;
  close(): Promise<void>;
};

export const newOperator = async (environment: Record<string, string> = {}): Promise<Operator> => {
  const account = newAccount();
  const aws = await startAws(account);
  const cdk = standInCdk();
  operatorShell(aws.url, { ...CREDENTIALS, ...environment });
  return {
    account,
    url: aws.url,
    cdk,
    run: async (argv, answer) => {
      const run = { out: [] as string[], wrong: [] as string[], questions: [] as string[] };
      const asking = async (question: string): Promise<string> => {
        run.questions.push(question);
        return answer ?? "";
      };
      const status = await deploy(argv, {
        env: process.env,
        say: (line) => void run.out.push(line),
        complain: (line) => void run.wrong.push(line),
        ask: answer === undefined ? undefined : asking,
        cdk: cdk.command,
      });
      return { status, out: run.out.join("\n"), wrong: run.wrong.join("\n"), questions: run.questions };
    },
    deployed: (given, outputs = {}, status = "UPDATE_COMPLETE") => {
      const settings = { stage: "prod", region: "ap-southeast-1", epoch: "3", ...given };
      account.stacks.set(`Broadsheet-${settings.stage}`, {
        status,
        protected: true,
        outputs: { Settings: JSON.stringify(settings), DeployEpoch: "3", ...outputs },
      });
    },
    certificate: (arn, names, status = "ISSUED") => void account.certificates.set(arn, { status, names }),
    close: async () => {
      vi.unstubAllEnvs();
      cdk.close();
      await aws.close();
    },
  };
};
