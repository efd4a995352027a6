import type { Site } from "../domain/site.ts";
import { sectionPath } from "../site/paths.ts";
import type { SiteView } from "./view.ts";

/** The settings as pages need them; unless an administrator chose, the navigation is every section. */
export const siteViewOf = (site: Site): SiteView => ({
  title: site.title,
  description: site.description,
  baseUrl: site.baseUrl,
  locale: site.locale,
  timeZone: site.timeZone,
  logo: site.logo,
  nav: site.nav ?? site.sections.map(({ slug, title }) => ({ title, path: sectionPath(slug) })),
  imprint: site.imprint ?? [],
  sections: site.sections,
  hub: site.webSub?.hub,
});
