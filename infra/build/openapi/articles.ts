import { LIMITS } from "../../../shared/domain/limits.ts";
import * as examples from "./examples.ts";
import { article, changed, reading, versioned } from "./article.ts";
import { answer, json, operation, type Paths } from "./operation.ts";
import { fields, listing, paging, parameterOf } from "./parameters.ts";

const TAG = "articles";
const written = (type: string, example: string) => ({ [type]: { schema: { type: "string" }, example } });

const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
/** Any other field of the article may be a part of its name. */
const form = {
  type: "object" as const,
  required: ["article"],
  properties: {
    article: { type: "string" as const, description: "The article in any of the other forms, by the part's own type." },
    photo: {
      type: "array" as const,
      items: { type: "string" as const },
      description: "Pictures, which fill the figures in order.",
    },
  },
};

/** The paths of /articles. */
export const articles = (): Paths => ({
  "/articles": {
    post: operation({
      id: "createArticle",
      tag: TAG,
      role: "reporter",
      summary: "Submit an article",
      description:
        "With `status` published it is published at once (editor; before `embargoUntil` only with `breakEmbargo`, else 409). A draft may lack headline, body and section. " +
        "Newspaper copy (as text or DOCX), Markdown with YAML front matter and HTML are understood; what was guessed or dropped stands in `warnings`. " +
        "With multipart/form-data photos come along, and every other part is a field of its name (`leadImage`, `series` and `seo` as JSON). " +
        "With `source` and `externalId` of an article that is there, that one is updated, by a key that may edit it: what is not sent is gone, and `status` published publishes it, " +
        "unless another key has edited it since, it was withdrawn, or it is scheduled: then the new revision waits for an editor, and `warnings` says why. " +
        `At most ${LIMITS.requestBytes / 2 ** 20} MB, JSON ${LIMITS.jsonBytes / 2 ** 20} MB, ${LIMITS.blocks} blocks, ${LIMITS.figures} figures.`,
      parameters: [parameterOf("DryRun"), parameterOf("IdempotencyKey"), parameterOf("Prefer"), ...fields()],
      body: {
        ...json("ArticleInput", examples.submission),
        ...written("text/plain", examples.copy),
        ...written("text/markdown", examples.markdown),
        ...written("text/html", examples.html),
        [DOCX]: { schema: { type: "string", contentMediaType: DOCX } },
        "multipart/form-data": { schema: form },
      },
      done: {
        200: answer("Updated under its `source` and `externalId`; with dryRun: what would result", article, {
          Location: "Location",
          ...changed,
        }),
        201: answer("Kept", article, { Location: "Location", ...changed }),
      },
      refused: [...reading, 403, 409],
    }),
    get: operation({
      id: "listArticles",
      tag: TAG,
      role: "reporter",
      summary: "List articles",
      description:
        "Newest first, without bodies: a reporter's own, and what is published of others', in its published revision; all for an editor.",
      parameters: [...listing, ...paging],
      done: {
        200: answer(
          "A page of them; it may be short and still have a next",
          json("ArticleList", { items: [examples.summary] }),
          { Link: "Next" },
        ),
      },
      refused: [422],
    }),
  },
  "/articles/{id}": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getArticle",
      tag: TAG,
      role: "reporter",
      summary: "Read an article",
      parameters: [parameterOf("IfNoneMatch")],
      done: {
        200: answer(
          "The article; with `Accept: text/plain` as newspaper copy",
          { ...article, ...written("text/plain", examples.copy) },
          versioned,
        ),
        304: answer("Not changed", undefined, versioned),
      },
      refused: [404],
    }),
    patch: operation({
      id: "editArticle",
      tag: TAG,
      role: "reporter",
      summary: "Edit an article",
      description:
        "A published story stays as readers see it until it is published again. A reporter's edit after submit takes the story back to draft; anybody's after approve takes the approval back.",
      parameters: [parameterOf("DryRun"), parameterOf("IfMatch")],
      body: {
        ...json("ArticlePatch", { headline: "Phố đi bộ ven sông đón 20.000 lượt khách", kicker: null }),
        ...json("ArticlePatch", undefined, "application/merge-patch+json"),
      },
      done: { 200: answer("The article as it is now", article, versioned) },
      refused: [...reading, 403, 404, 409, 412, 428],
    }),
  },
  "/articles/{id}/live": {
    parameters: [parameterOf("Id")],
    get: operation({
      id: "getReceipt",
      tag: TAG,
      role: "reporter",
      summary: "Ask whether the last change is live",
      done: { 200: answer("The receipt", json("Receipt", examples.receipt)) },
      refused: [404],
    }),
  },
});
