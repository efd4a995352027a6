import type { Context } from "hono";
import type { ApiKey } from "../../shared/domain/access.ts";
import type { GuardedFetch } from "../../shared/runtime/guarded-fetch.ts";
import type { Services } from "../../shared/store/services.ts";

export type ApiServices = Pick<
  Services,
  | "table"
  | "bodies"
  | "renditions"
  | "uploads"
  | "imageQueue"
  | "scheduleQueue"
  | "inboxQueue"
  | "inbox"
  | "sealingKeys"
  | "clock"
  | "ids"
  | "events"
  | "siteUrl"
> & {
  /** Whether an address is one that a webhook may have; the API itself fetches nothing. */
  fetch: { judge(url: string): ReturnType<GuardedFetch["judge"]> | Promise<ReturnType<GuardedFetch["judge"]>> };
};

/** What hangs on a request: the event that brought it, the services, and after authentication whose key it carries. */
export type ApiEnv = {
  Bindings: { event?: { headers?: Record<string, string | undefined> } };
  Variables: { services: ApiServices; key: ApiKey };
};
export type Call = Context<ApiEnv>;
