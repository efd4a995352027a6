import type { Services } from "../../shared/store/services.ts";

export type HooksServices = Pick<
  Services,
  | "table"
  | "bodies"
  | "uploads"
  | "inbox"
  | "inboxQueue"
  | "fetch"
  | "sealingKeys"
  | "clock"
  | "ids"
  | "events"
  | "siteUrl"
>;
