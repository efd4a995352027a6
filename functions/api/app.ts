import { Hono } from "hono";
import { articles } from "./articles.ts";
import { deliveries } from "./deliveries.ts";
import type { ApiEnv, ApiServices } from "./context.ts";
import { articlesHistory, history } from "./history.ts";
import { images } from "./images.ts";
import { keys } from "./keys.ts";
import { lead } from "./lead.ts";
import { articlesPreviews, previews } from "./previews.ts";
import { fault, problem } from "./problem.ts";
import { revisions } from "./revisions.ts";
import { site } from "./site.ts";
import { sourceEvents } from "./source-events.ts";
import { sources } from "./sources.ts";
import { webhooks } from "./webhooks.ts";

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
  // Seldom asked for, and as large as a fifth of the code: not read at a cold start.
  app.get("/openapi.json", async (c) => c.json((await import("./openapi.json")).default));
  for (const routes of [articles, revisions, articlesHistory, articlesPreviews]) app.route("/articles", routes);
  app.route("/history", history);
  app.route("/previews", previews);
  app.route("/images", images);
  app.route("/", site);
  app.route("/", lead);
  app.route("/keys", keys);
  app.route("/sources", sources);
  app.route("/webhooks", webhooks);
  app.route("/deliveries", deliveries);
  app.route("/sources", sourceEvents);
  app.notFound((c) => problem(c, { kind: "missing", detail: "There is no such resource." }));
  app.onError((error, c) => fault(c, error));
  return app;
};
