import { Hono } from "hono";
import { articles } from "./articles.ts";
import type { ApiEnv, ApiServices } from "./context.ts";
import { keys } from "./keys.ts";
import openapi from "./openapi.json" with { type: "json" };
import { fault, problem } from "./problem.ts";
import { site } from "./site.ts";

/** The API as a Hono app over its services. What is not there yet answers 404, as a problem. */
export const createApi = (services: ApiServices): Hono<ApiEnv> => {
  const app = new Hono<ApiEnv>();
  app.use(async (c, next) => {
    c.set("services", services);
    await next();
    c.header("X-Content-Type-Options", "nosniff");
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
  });
  app.get("/health", (c) => c.json({ status: "ok" }));
  app.get("/openapi.json", (c) => c.json(openapi));
  app.route("/articles", articles);
  app.route("/", site);
  app.route("/keys", keys);
  app.notFound((c) => problem(c, { kind: "missing", detail: "There is no such resource." }));
  app.onError((error, c) => fault(c, error));
  return app;
};
