/** An AWS account as far as the operator's commands look at it; a test changes what it likes, at any time. */
export type Account = {
  id: string;
  arn: string;
  /** What AWS makes of the caller's credentials. */
  credentials: "good" | "expired" | "unknown";
  /** Regions in which the credentials are not known, because they are not enabled. */
  disabled: Set<string>;
  /** IAM actions that the caller may not use. */
  denied: Set<string>;
  stacks: Map<string, { status: string; protected?: boolean; outputs?: Record<string, string> }>;
  /** The value of the bootstrap's version parameter. */
  bootstrap: string | undefined;
  /** Parameters but the bootstrap's, by region and name: `ap-southeast-1 /Broadsheet-prod/sealing-key`. */
  parameters: Map<string, { type: string; value: string }>;
  /** Whether SSM takes no value, and quotes what it does not take. */
  quotes: boolean;
  quota: { limit: number; unreserved: number };
  certificates: Map<string, { status: string; names: string[] }>;
  /** The folder that the CDK writes its templates to, and outputs that only CloudFormation can make. */
  assembly: string | undefined;
  made: Record<string, string>;
  /** IAM action and region of each call that came in. */
  asked: string[];
};

export const ACCOUNT = "123456789012";

/** An account in which nothing stands in the way, and nothing is deployed. */
export const newAccount = (): Account => ({
  id: ACCOUNT,
  arn: `arn:aws:iam::${ACCOUNT}:user/it`,
  credentials: "good",
  disabled: new Set(),
  denied: new Set(),
  stacks: new Map(),
  bootstrap: "28",
  parameters: new Map(),
  quotes: false,
  quota: { limit: 1000, unreserved: 1000 },
  certificates: new Map(),
  assembly: undefined,
  made: {},
  asked: [],
});

/** A refusal, by AWS's code for it. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, status: number, message: string) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
