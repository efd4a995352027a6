import { Hono } from "hono";
import { actorOf } from "../../shared/domain/access.ts";
import type { Content, Head } from "../../shared/domain/article.ts";
import { invalid, ok, refuse, type Result } from "../../shared/domain/error.ts";
import { movesOf } from "../../shared/domain/moves.ts";
import { previewInput } from "../../shared/domain/revision-input.ts";
import { iso } from "../../shared/domain/time.ts";
import { bounded } from "../../shared/intake/faults.ts";
import { loadHead } from "../../shared/store/articles.ts";
import { readReplay, type Replay } from "../../shared/store/idempotency.ts";
import { addPreview, findPreview, loadPreview, type Preview } from "../../shared/store/previews.ts";
import { loadContent } from "../../shared/store/revisions.ts";
import { needs } from "./auth.ts";
import { noArticle, untilSettled } from "./command.ts";
import { find, type Found } from "./conditional.ts";
import type { ApiEnv, Call } from "./context.ts";
import { idempotencyFor } from "./create.ts";
import { parsed } from "./input.ts";
import { problem } from "./problem.ts";
import { isDryRun, takes } from "./query.ts";
import { idempotencyKeyOf, readJsonBody } from "./request.ts";
import { namedContent } from "./revisions.ts";

/** The link's address on the host that was asked; hono's adapter takes every host for one that speaks TLS. */
const urlOf = (c: Call, token: string): string => {
  const url = new URL(`/previews/${token}`, c.req.url);
  if (c.req.header("x-forwarded-proto") === "http") url.protocol = "http:";
  return url.href;
};

/** The article, to whoever may make links to its previews. */
const findOwn = async (c: Call): Promise<Result<Found>> => {
  const found = await find(c);
  if (!found) return refuse(noArticle());
  if (found.view === "newest") return ok(found);
  return refuse({ kind: "forbidden", detail: "A reporter's key makes links to previews of its own articles only." });
};

/** A link is shown once: the replay says when it ends, and no more. */
const replayed = async (c: Call, replay: Replay): Promise<Response> => {
  if (!replay.same) return problem(c, { kind: "key-reused" });
  const { table, clock } = c.get("services");
  const preview = await loadPreview(table, replay.id, clock.now());
  if (!preview) return problem(c, { kind: "missing", detail: "The link that was made is not valid any more." });
  const { revision, expiresAt } = preview;
  return c.json({ revision, expiresAt }, 201, { "Idempotency-Replayed": "true" });
};

const create = async (c: Call): Promise<Response> => {
  const { events, table, clock } = c.get("services");
  const key = idempotencyKeyOf(c);
  if (!key.ok) return problem(c, key.refusal);
  const body = await readJsonBody(c);
  if (!body.ok) return problem(c, body.refusal);
  const found = await findOwn(c);
  if (!found.ok) return problem(c, found.refusal);
  const { head } = found.value;
  const use = isDryRun(c) ? undefined : idempotencyFor(c, key.value, 201, body.value.value);
  return untilSettled(c, async () => {
    const earlier = use && (await readReplay(table, use, clock.now()));
    if (earlier) return replayed(c, earlier);
    if (head.status === "withdrawn")
      return problem(c, {
        kind: "impossible",
        detail: "A story that is withdrawn has no preview.",
        moves: movesOf(c.get("key"), head),
      });
    const { data, faults } = parsed(previewInput, body.value);
    if (!data || faults.length) return problem(c, invalid(...bounded(faults)).refusal);
    const { revision = head.revision, ttl } = data;
    const named = await namedContent(c, found.value, revision);
    if (!named.ok) return problem(c, named.refusal);
    if (isDryRun(c)) return c.json({ revision, expiresAt: iso(clock.now() + ttl * 1000) });
    const by = actorOf(c.get("key"));
    const made = await addPreview(
      c.get("services"),
      { article: head.id, revision, seq: head.seq, by, ttlSeconds: ttl },
      use,
    );
    if (!made) return undefined;
    events({ event: "preview.created", article: head.id, revision, key: by.key });
    return c.json({ url: urlOf(c, made.token), revision, expiresAt: made.preview.expiresAt }, 201);
  });
};

export type Previewed = { preview: Preview; head: Head; content: Content };

/** What a token leads to, as long as it does: not when it has expired, nor ever after a withdrawal of its story. */
const previewed = async (c: Call): Promise<Previewed | undefined> => {
  const { table, clock } = c.get("services");
  const preview = await findPreview(table, c.req.param("token") ?? "", clock.now());
  if (!preview) return undefined;
  const [head, content] = await Promise.all([
    loadHead(table, preview.article),
    loadContent(table, preview.article, preview.revision),
  ]);
  const isVoid = !head || (head.withdrawnSeq ?? 0) >= preview.seq;
  return isVoid || !content ? undefined : { preview, head, content };
};

/**
 * What a browser is told with a preview: the site's policy, with the face that the page brings along; that nobody keeps or finds it,
 * and that no link out of it tells where it was followed from.
 */
export const HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy":
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Frame-Options": "DENY",
  "X-Robots-Tag": "noindex, nofollow",
} as const;

const noPreview = { kind: "missing" as const, detail: "There is no such preview, or not any more." };

// Templates and pictures are for previews alone: not read at a cold start.
const page = async (c: Call): Promise<Response> => {
  const found = await previewed(c);
  if (!found) return problem(c, noPreview);
  const { previewPage } = await import("./preview-page.ts");
  return c.html(await previewPage(c, found), 200, HEADERS);
};

const picture = async (c: Call): Promise<Response> => {
  const found = await previewed(c);
  if (!found) return problem(c, noPreview);
  const { previewPicture } = await import("./preview-page.ts");
  const picture = await previewPicture(c, found);
  if (!picture) return problem(c, { kind: "missing", detail: "The preview shows no such picture." });
  return c.body(picture.bytes, 200, { ...HEADERS, "Content-Type": picture.contentType });
};

/** POST /articles/{id}/previews. */
export const articlesPreviews = new Hono<ApiEnv>().post("/:id/previews", needs("reporter"), takes(), create);
/** What the links lead to: whoever has one needs no key. */
export const previews = new Hono<ApiEnv>().get("/:token", page).get("/:token/images/:image/:name", picture);
