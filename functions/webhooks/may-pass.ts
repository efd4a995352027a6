import type { FetchRefusal } from "../../shared/runtime/guarded-fetch.ts";

/** Whether another try may help. */
export const mayPass = (refusal: FetchRefusal): boolean => {
  switch (refusal.reason) {
    case "unreachable":
    case "too-slow":
    case "cancelled":
      return true;
    case "status":
      return refusal.status >= 500 || refusal.status === 408 || refusal.status === 425 || refusal.status === 429;
    case "url":
    case "scheme":
    case "address":
    case "redirects":
    case "encoding":
    case "too-large":
      return false;
  }
};
