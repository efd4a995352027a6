import { absolute, FRONT } from "../site/paths.ts";
import type { SiteView } from "./view.ts";

/** robots.txt (RFC 9309): every page may be read by every crawler; the comment says whose file it is. */
export const renderRobots = (site: SiteView): string =>
  `# ${encodeURI(absolute(site.baseUrl, FRONT))}\nUser-agent: *\nDisallow:\n`;
