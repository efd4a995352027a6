import { LIMITS } from "../../shared/domain/limits.ts";
import { splitFrontMatter } from "../../shared/intake/markdown/front.ts";
import type { EventCommand } from "../../shared/senders/kind.ts";
import type { EventOutcome } from "../../shared/store/received.ts";
import type { HooksServices } from "./context.ts";
import type { Job } from "./find.ts";
import { mayPass } from "./may-pass.ts";

type Of<Type extends EventCommand["type"]> = Extract<EventCommand, { type: Type }>;

const DEADLINE_MS = 15_000;

/** Values as YAML has them for yes and no; fields are read as they are written. */
const DRAFT = /^draft[ \t]*:[ \t]*(?:true|false|yes|no)[ \t]*(?:#.*)?$/i;

/** What its author keeps to himself: `draft: true`, as site generators have it, or `status: draft`. */
const isPrivate = ({ draft, status }: Record<string, unknown>): boolean =>
  (draft !== undefined && !(typeof draft === "string" && /^(?:false|no)$/i.test(draft))) || status === "draft";

/** Without the line `draft: ...`, which is said to us and is no field of an article; the other lines keep their numbers. */
const withoutDraft = (markdown: string, line: number | undefined): string =>
  line === undefined
    ? markdown
    : markdown
        .split("\n")
        .map((text, n) => (n === line - 1 && DRAFT.test(text) ? "" : text))
        .join("\n");

/** Fetches the Markdown that an event only points at; or says why not, or not yet: a file may be served a moment after its push. */
export const fetchMarkdown = async (
  { fetch }: HooksServices,
  { command, isLast }: Job<Of<"fetch">>,
): Promise<Of<"upsert-markdown"> | EventOutcome> => {
  const { externalId, version, url, headers } = command;
  const maxBytes = LIMITS.requestBytes;
  const fetched = await fetch({ url, maxBytes, deadlineMs: DEADLINE_MS, ...(headers && { headers }) });
  if (fetched.ok) {
    const text = new TextDecoder("utf-8", { ignoreBOM: false }).decode(fetched.body).replace(/\r\n?/g, "\n");
    const { fields, lines } = splitFrontMatter(text);
    const [markdown, isPublic] = [withoutDraft(text, lines["draft"]), !isPrivate(fields)];
    return { type: "upsert-markdown", externalId, ...(version !== undefined && { version }), markdown, isPublic };
  }
  const isOpen = mayPass(fetched) || (fetched.reason === "status" && fetched.status === 404);
  return {
    externalId,
    action: isOpen && !isLast ? "waiting" : "refused",
    reason: `Its text could not be fetched. ${fetched.detail}`,
  };
};
