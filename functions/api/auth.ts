import { createMiddleware } from "hono/factory";
import { atLeast, parseToken, type Role } from "../../shared/domain/access.ts";
import { findKey } from "../../shared/store/keys.ts";
import type { ApiEnv } from "./context.ts";
import { problem } from "./problem.ts";

/** Lets keys of at least this role through. What cannot be a token of ours costs no look-up; a false one costs one. */
export const needs = (role: Role) =>
  createMiddleware<ApiEnv>(async (c, next) => {
    const { table, clock } = c.get("services");
    const token = parseToken(c.req.header("authorization"));
    const key = token && (await findKey(table, token, clock.now()));
    if (!key)
      return problem(c, { kind: "unauthenticated", detail: "Send `Authorization: Bearer bs_...` with a valid key." });
    if (!atLeast(key.role, role))
      return problem(c, {
        kind: "forbidden",
        detail: `This needs the key of an ${role === "admin" ? "admin" : role === "editor" ? "editor" : "reporter"}.`,
      });
    c.set("key", key);
    return next();
  });
