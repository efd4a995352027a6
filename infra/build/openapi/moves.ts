import type { Role } from "../../../shared/domain/access.ts";
import { article, changed, reading } from "./article.ts";
import * as examples from "./examples.ts";
import { answer, json, operation, type PathItem, type Paths } from "./operation.ts";
import { parameterOf } from "./parameters.ts";

type Ask = {
  id: string;
  role: Role;
  summary: string;
  description?: string;
  body?: ReturnType<typeof json>;
  bodyOptional?: boolean;
};

/** A move of the workflow: conditional, and answered with the article as it is then. */
const move = (ask: Ask): PathItem => ({
  parameters: [parameterOf("Id")],
  post: operation({
    tag: "moves",
    ...ask,
    parameters: [parameterOf("DryRun"), parameterOf("IfMatch"), parameterOf("IdempotencyKey"), parameterOf("Prefer")],
    done: { 200: answer("The article as it is now", article, changed) },
    refused: [...reading, 403, 404, 409, 412, 428],
  }),
});

/** What moves an article from state to state: `shared/domain/moves.ts` is the table. */
export const moves = (): Paths => ({
  "/articles/{id}/submit": move({ id: "submitArticle", role: "reporter", summary: "Hand a draft in for review" }),
  "/articles/{id}/approve": move({
    id: "approveArticle",
    role: "editor",
    summary: "Let a story in review pass, in this revision",
  }),
  "/articles/{id}/reject": move({
    id: "rejectArticle",
    role: "editor",
    summary: "Give a story back to its reporter, with a note",
    body: json("RejectInput", examples.rejection),
  }),
  "/articles/{id}/publish": move({
    id: "publishArticle",
    role: "editor",
    summary: "Publish the newest revision, now or at a time to come",
    description:
      "With `at` in the future the story is scheduled, pinned to this revision: from draft, in-review and approved. " +
      "Before `embargoUntil` it is 409, unless `breakEmbargo` says why.",
    body: json("PublishInput", examples.publication),
    bodyOptional: true,
  }),
  "/articles/{id}/unschedule": move({
    id: "unscheduleArticle",
    role: "editor",
    summary: "Take a scheduled story back to the state before",
  }),
  "/articles/{id}/correct": move({
    id: "correctArticle",
    role: "editor",
    summary: "Put right what readers see, and tell them",
    description: "On the published revision: 409 while there are edits that are not published.",
    body: json("CorrectInput", examples.correction),
  }),
  "/articles/{id}/withdraw": move({
    id: "withdrawArticle",
    role: "editor",
    summary: "Take a published story off every page, list, feed and picture",
    description:
      "Its address answers 410 (`gone`), 410 with `notice`, or 301 to `to`, a page of this site. `reason` is for the record, and never shown.",
    body: json("WithdrawInput", examples.withdrawal),
  }),
  "/articles/{id}/handover": move({
    id: "handOverArticle",
    role: "editor",
    summary: "Give a story to another key",
    description:
      "It is that key's from then on, to see and to edit; to the former owner it is anybody else's. `to` is the key's id, or the exact name of one key that is in force.",
    body: json("HandoverInput", { to: examples.key.id }),
  }),
});
