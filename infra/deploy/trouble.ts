/** Why a call of AWS came to nothing, as far as it matters to whoever has to mend it. */
export type Trouble =
  | { kind: "no-credentials" }
  | { kind: "expired" }
  /** Credentials that AWS does not know, or does not know in this region. */
  | { kind: "invalid-credentials" }
  | { kind: "denied"; detail: string }
  /** There is no such host: a region that does not exist, or no network. */
  | { kind: "no-host" }
  | { kind: "unreachable"; code: string }
  | { kind: "other"; name: string; detail: string };

const EXPIRED = new Set(["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"]);
const INVALID = new Set([
  "InvalidClientTokenId",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "InvalidSignatureException",
  "SignatureDoesNotMatch",
  "IncompleteSignature",
  "AuthFailure",
  "OptInRequired",
]);
const DENIED = new Set(["AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized"]);
const UNREACHABLE = new Set(["ECONNREFUSED", "ECONNRESET", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "EPIPE"]);

/**
 * Tells by name and code what an error of the SDK means; the names are AWS's common errors
 * (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html) and those of its JSON services.
 */
export const troubleOf = (error: unknown): Trouble => {
  if (!(error instanceof Error)) return { kind: "other", name: "Error", detail: String(error) };
  const code = "code" in error ? String(error.code) : "";
  const detail = error.message.split("\n", 1)[0] ?? "";
  if (error.name === "CredentialsProviderError" || error.name === "TokenProviderError")
    // An SSO or console login that has run out is a matter of logging in again, not of having nothing.
    return { kind: /\bexpired\b|sso login|aws login/i.test(detail) ? "expired" : "no-credentials" };
  if (EXPIRED.has(error.name)) return { kind: "expired" };
  if (INVALID.has(error.name)) return { kind: "invalid-credentials" };
  if (DENIED.has(error.name)) return { kind: "denied", detail };
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return { kind: "no-host" };
  if (UNREACHABLE.has(code)) return { kind: "unreachable", code };
  if (error.name === "TimeoutError") return { kind: "unreachable", code: error.name };
  return { kind: "other", name: error.name, detail };
};

/** The trouble in one plain sentence, with its remedy; `doing` says what was wanted ("read the stack"). */
export const sayTrouble = (trouble: Trouble, doing: string): string => {
  switch (trouble.kind) {
    case "no-credentials":
      return "No AWS credentials were found: log in (aws sso login, or aws configure) and name the profile in AWS_PROFILE if it is not the default one.";
    case "expired":
      return "The AWS credentials have expired: log in again (aws sso login, or new keys in the environment).";
    case "invalid-credentials":
      return "AWS does not know these credentials: they are mistyped, revoked, or of another partition; log in again or make new ones.";
    case "denied":
      return `These AWS credentials may not ${doing}: ask for the right, or use the credentials of an administrator (${trouble.detail}).`;
    case "no-host":
      return "AWS cannot be found by name: look at the network and its DNS.";
    case "unreachable":
      return `AWS cannot be reached (${trouble.code}): look at the network, its proxy and AWS_ENDPOINT_URL.`;
    case "other":
      return `AWS would not ${doing}: ${trouble.name}, ${trouble.detail}.`.replace(/\.+$/, ".");
  }
};

/** What was looked up; or why that could not be. */
export type Looked<Value> = { known: true; value: Value } | { known: false; action: string; trouble: Trouble };

/** Looks something up; `action` is the IAM action it needs, named to whoever lacks it. */
export const look = async <Value>(action: string, task: () => Promise<Value>): Promise<Looked<Value>> => {
  try {
    return { known: true, value: await task() };
  } catch (error) {
    return { known: false, action, trouble: troubleOf(error) };
  }
};
