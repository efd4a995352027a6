import { cachePolicy } from "../../shared/pages/cache.ts";
import { renderMoved } from "../../shared/pages/moved.tsx";
import { renderNotFound } from "../../shared/pages/not-found.tsx";
import { renderNotice } from "../../shared/pages/notice.tsx";
import { pathOf, publicOf } from "../../shared/site/impact.ts";
import { tagOf } from "../../shared/site/paths.ts";
import type { Table } from "../../shared/store/dynamo.ts";
import type { PublishedHead } from "../../shared/store/live.ts";
import type { LoadedSite } from "../../shared/store/site.ts";
import { wayTo } from "../../shared/store/way.ts";
import type { Rendered } from "./put.ts";
import { siteView } from "./view.ts";

/**
 * What stands where a story's page does not: at its old paths, and at its own once it is withdrawn. A public story's old paths lead
 * to its page; all paths of a withdrawn one say what its withdrawal says, and the same.
 */
export const standingOf = async (table: Table, site: LoadedSite, head: PublishedHead): Promise<Rendered> => {
  const { withdrawal } = head;
  if (publicOf(head)) return redirect(head.id, pathOf(head));
  switch (withdrawal?.mode) {
    case "notice":
      return gone(head.id, renderNotice(siteView(site), withdrawal));
    case "redirect": {
      const location = await wayTo(table, withdrawal.to, head.id);
      return location === undefined ? gone(head.id, renderNotFound(siteView(site))) : redirect(head.id, location);
    }
    case "gone":
    case undefined:
      return gone(head.id, renderNotFound(siteView(site)));
  }
};

const gone = (article: string, body: string): Rendered => ({
  ...cachePolicy("gone"),
  body,
  tags: [tagOf(article)],
  status: 410,
});

const redirect = (article: string, location: string): Rendered => ({
  ...cachePolicy("moved"),
  body: renderMoved(location),
  tags: [tagOf(article)],
  status: 301,
  location,
});
