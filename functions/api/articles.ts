import { Hono } from "hono";
import { readable } from "../../shared/domain/access.ts";
import { ok } from "../../shared/domain/error.ts";
import { ULID } from "../../shared/domain/ulid.ts";
import { writeCopy } from "../../shared/intake/copy/write.ts";
import { loadState } from "../../shared/store/state.ts";
import { prefersText } from "./accept.ts";
import { needs } from "./auth.ts";
import { answer, bodyOf, noArticle } from "./command.ts";
import { conditional, find } from "./conditional.ts";
import type { ApiEnv, Call } from "./context.ts";
import { create } from "./create.ts";
import { listArticles } from "./listing.ts";
import { handover } from "./handover.ts";
import { approve, correct, publish, reject, submit, unschedule, withdraw } from "./moves.ts";
import { patched } from "./patched.ts";
import { articleJson, contentOf, fieldsJson, seqOf } from "./present.ts";
import { problem } from "./problem.ts";
import { takes } from "./query.ts";
import { receiptOf } from "./receipt.ts";
import { etagOf, ifNoneMatch, readJsonBody } from "./request.ts";
import { recentSiteOf } from "./site-of.ts";

const get = async (c: Call): Promise<Response> => {
  const [found, site] = await Promise.all([find(c), recentSiteOf(c)]);
  if (!found) return problem(c, noArticle());
  const { head, view } = found;
  const headers = { ETag: etagOf(seqOf(head, view)), Vary: "Accept" };
  if (ifNoneMatch(c, headers.ETag)) return c.body(null, 304, headers);
  if (!prefersText(c.req.header("accept"))) return answer(c, 200, head, view, site, { headers });
  const fields = fieldsJson(contentOf(head, view), site.timeZone);
  const copy = writeCopy(
    { ...fields, ...articleJson(head, view, site), body: await bodyOf(c, head, view) },
    site.timeZone,
  );
  return c.text(copy, 200, headers);
};

const patch = async (c: Call): Promise<Response> => {
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  return conditional(c, "edit", async ({ head }, site) => {
    const made = await patched(c, head, site, body.value);
    if (!made.ok) return made;
    return ok({ command: { type: "edit", content: made.value.content }, body: made.value.body });
  });
};

const live = async (c: Call): Promise<Response> => {
  const id = c.req.param("id") ?? "";
  if (!ULID.test(id)) return problem(c, noArticle());
  const [state, site] = await Promise.all([loadState(c.get("services").table, id), recentSiteOf(c)]);
  const seen = state.head && readable(c.get("key"), state.head);
  return seen === undefined || seen === "nothing" ? problem(c, noArticle()) : c.json(receiptOf(state, site));
};

/** The routes of /articles. */
export const articles = new Hono<ApiEnv>()
  .post("/", needs("reporter"), takes("any"), create)
  .get("/", needs("reporter"), takes("any"), listArticles)
  .get("/:id", needs("reporter"), get)
  .patch("/:id", needs("reporter"), takes(), patch)
  .post("/:id/submit", needs("reporter"), takes(), submit)
  .post("/:id/approve", needs("reporter"), takes(), approve)
  .post("/:id/reject", needs("reporter"), takes(), reject)
  .post("/:id/publish", needs("reporter"), takes(), publish)
  .post("/:id/unschedule", needs("reporter"), takes(), unschedule)
  .post("/:id/correct", needs("reporter"), takes(), correct)
  .post("/:id/withdraw", needs("reporter"), takes(), withdraw)
  .post("/:id/handover", needs("reporter"), takes(), handover)
  .get("/:id/live", needs("reporter"), live);
