export { siteViewOf as siteView } from "../../shared/pages/site-view.ts";
