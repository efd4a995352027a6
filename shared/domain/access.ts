import * as z from "zod";
import type { Actor, Head } from "./article.ts";
import type { Refusal } from "./error.ts";
import { LIMITS } from "./limits.ts";
import { sectionSlug } from "./site.ts";
import { cleanLine } from "./text.ts";

export const ROLES = ["reporter", "editor", "admin"] as const;
export type Role = (typeof ROLES)[number];

/** An API key without its secret: one key a person. */
export type ApiKey = {
  id: string;
  name: string;
  role: Role;
  /** The sections it may write to; all when absent. */
  sections?: string[] | undefined;
  createdAt: string;
  expiresAt?: string | undefined;
};

/** The name of the person that a key belongs to, as it is kept. */
export const keyName = z
  .string()
  .transform((raw) => cleanLine(raw).text)
  .pipe(z.string().min(1).max(LIMITS.line));

/** POST /keys. */
export const keyInput = z.strictObject({
  name: keyName,
  role: z.enum(ROLES),
  sections: z.array(sectionSlug).min(1).max(100).optional(),
  expiresAt: z.string().max(40).optional(),
});

export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

export const actorOf = (key: ApiKey): Actor => ({ key: key.id, name: key.name });

export const owns = (key: ApiKey, head: Pick<Head, "owner">): boolean => head.owner.key === key.id;

/** How much of an article a key may read: its newest revision, only what readers see, or nothing (then it is a 404). */
export const readable = (key: ApiKey, head: Head): "newest" | "published" | "nothing" => {
  if (atLeast(key.role, "editor") || owns(key, head)) return "newest";
  return head.published && head.status !== "withdrawn" ? "published" : "nothing";
};

/** Whether the key may write to a section; a story without one is nobody's ground yet. */
export const mayWriteTo = (key: ApiKey, section: string | undefined): boolean =>
  key.sections === undefined || section === undefined || key.sections.includes(section);

type Forbidden = Extract<Refusal, { kind: "forbidden" }>;

/** Why a key may not write to a section; undefined when it may. */
export const sectionBar = (key: ApiKey, section: string | undefined): Forbidden | undefined =>
  mayWriteTo(key, section)
    ? undefined
    : { kind: "forbidden", detail: `This key may not write to the section ${section ?? ""}.` };

/** Why a key may not publish anything; undefined when it may. */
export const publishBar = (key: ApiKey): Forbidden | undefined =>
  atLeast(key.role, "editor") ? undefined : { kind: "forbidden", detail: "Publishing needs an editor's key." };

const TOKEN = /^Bearer bs_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})$/i;

/** Takes a bearer token (RFC 6750) apart; undefined when it cannot be one of ours, so no look-up is due. */
export const parseToken = (header: string | undefined): { id: string; secret: string } | undefined => {
  const match = TOKEN.exec(header ?? "");
  return match?.[1] && match[2] ? { id: match[1], secret: match[2] } : undefined;
};
