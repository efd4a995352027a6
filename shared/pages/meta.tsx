import type { SiteView } from "./view.ts";

type OpenGraph = {
  type: "article" | "website";
  title: string;
  url: string;
  description?: string | undefined;
  locale: string;
};

/** `vi` -> `vi_VN`: OpenGraph wants a territory (https://ogp.me/#optional); CLDR's likely one, when the tag names none. */
export const openGraphLocale = (tag: string): string => {
  const { language, region } = new Intl.Locale(tag).maximize();
  return region ? `${language}_${region}` : language;
};

/** Canonical link, description and OpenGraph; `canonical` unless the text first stood elsewhere is `og.url`. */
export const Metadata = ({ site, canonical, og }: { site: SiteView; canonical: string; og: OpenGraph }) => (
  <>
    <link rel="canonical" href={canonical} />
    {og.description && <meta name="description" content={og.description} />}
    <meta property="og:type" content={og.type} />
    <meta property="og:title" content={og.title} />
    {og.description && <meta property="og:description" content={og.description} />}
    <meta property="og:url" content={og.url} />
    <meta property="og:site_name" content={site.title} />
    <meta property="og:locale" content={openGraphLocale(og.locale)} />
  </>
);
