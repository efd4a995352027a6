import type { SiteView } from "../../shared/pages/view.ts";
import { sectionPath } from "../../shared/site/paths.ts";
import type { LoadedSite } from "../../shared/store/site.ts";

/** The settings as pages need them; unless an administrator chose, the navigation is every section. */
export const siteView = (site: LoadedSite): SiteView => ({
  title: site.title,
  description: site.description,
  baseUrl: site.baseUrl,
  locale: site.locale,
  timeZone: site.timeZone,
  logo: site.logo,
  nav: site.nav ?? site.sections.map(({ slug, title }) => ({ title, path: sectionPath(slug) })),
  imprint: site.imprint ?? [],
  sections: site.sections,
});
