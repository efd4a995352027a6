import type { Head } from "../../shared/domain/article.ts";
import type { Command } from "../../shared/domain/decide/command.ts";
import { type Fault, invalid, ok, type Result } from "../../shared/domain/error.ts";
import { withdrawInput } from "../../shared/domain/move-input.ts";
import { isReservedSegment } from "../../shared/domain/site.ts";
import { isObject } from "../../shared/intake/article.ts";
import { bounded, faultsOf } from "../../shared/intake/faults.ts";
import type { ParsedJson } from "../../shared/intake/json.ts";
import { pageOfPath, sitePathOf } from "../../shared/site/redirect.ts";
import { claimantOf, loadHead } from "../../shared/store/articles.ts";
import type { Table } from "../../shared/store/dynamo.ts";
import type { LoadedSite } from "../../shared/store/site.ts";

type Withdrawal = Extract<Command, { type: "withdraw" }>;
type At = { table: Table; head: Head; site: Pick<LoadedSite, "baseUrl" | "sections"> };
/** The page that a redirect is to lead to, and the article that it is, or was, a page of. */
type Target = { page: string; article: string | undefined };

/** Which members only one mode has: it needs them, and they mean nothing with another. */
const ONLY = { notice: "notice", to: "redirect" } as const;

const strays = (sent: Record<string, unknown>): Fault[] =>
  (["notice", "to"] as const).flatMap((name): Fault[] => {
    const [isThere, isDue] = [sent[name] !== undefined, sent["mode"] === ONLY[name]];
    if (isThere === isDue) return [];
    const pointer = `/${name}`;
    return [
      isDue
        ? { pointer, detail: `is needed with the mode ${ONLY[name]}` }
        : { pointer, detail: `goes with the mode ${ONLY[name]} alone` },
    ];
  });

const targetOf = async (path: string, { table }: At): Promise<Target> => {
  const page = pageOfPath(path) ?? path;
  return { page, article: await claimantOf(table, page) };
};

/** Fronts, and what the site keeps for pages of its own. */
const isSitePage = (page: string, { site }: At): boolean => {
  const [first = "", ...rest] = page.slice(1).split("/");
  return first === "" || isReservedSegment(first) || (!rest.length && site.sections.some(({ slug }) => slug === first));
};

/**
 * What is wrong with the page that a redirect is to lead to: one of the story's own is a loop, one that redirects itself may
 * become one, and one that is not there helps nobody.
 */
const targetFaults = async ({ page, article }: Target, at: At): Promise<Fault[]> => {
  if (article === undefined) return isSitePage(page, at) ? [] : [{ pointer: "/to", detail: "is no page of this site" }];
  if (article === at.head.id)
    return [{ pointer: "/to", detail: "is an address of this very story: readers would go in circles" }];
  const target = await loadHead(at.table, article);
  if (target?.status === "withdrawn")
    return [
      {
        pointer: "/to",
        detail: "is the address of a story that was withdrawn itself: name a page that readers can see",
      },
    ];
  return target?.published ? [] : [{ pointer: "/to", detail: "is the address of a story that is not public yet" }];
};

/** POST .../withdraw: why, for the record, and what readers find from now on; or every fault at once. */
export const withdrawalOf = async ({ value, faults: found }: ParsedJson, at: At): Promise<Result<Withdrawal>> => {
  const result = withdrawInput.safeParse(value);
  const sent = isObject(value) ? value : {};
  const faults = [...found, ...(result.success ? [] : faultsOf(result.error))];
  const isNamed = (name: string): boolean => faults.some(({ pointer }) => pointer === name);
  if (!isNamed("/mode")) faults.push(...strays(sent).filter(({ pointer }) => !isNamed(pointer)));
  const path = typeof sent["to"] === "string" ? sitePathOf(sent["to"], at.site.baseUrl) : undefined;
  if (typeof sent["to"] === "string" && path === undefined && !isNamed("/to"))
    faults.push({
      pointer: "/to",
      detail: `must be a path of this site, such as /thoi-su, or under ${at.site.baseUrl}`,
    });
  const target = path === undefined || isNamed("/to") ? undefined : await targetOf(path, at);
  if (target) faults.push(...(await targetFaults(target, at)));
  if (!result.success || faults.length) return invalid(...bounded(faults));
  const { mode, reason, notice = "" } = result.data;
  const type = "withdraw";
  switch (mode) {
    case "gone":
      return ok({ type, reason, mode });
    case "notice":
      return ok({ type, reason, mode, notice });
    case "redirect":
      return ok({ type, reason, mode, to: path ?? "", target: target?.article });
  }
};
