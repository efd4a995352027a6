import type { SiteView } from "./view.ts";

type OpenGraph = {
  type: "article" | "website";
  title: string;
  url: string;
  description?: string | undefined;
  locale: string;
  image?: ShareImage | undefined;
};
/** The picture of a shared link; its address absolute. */
export type ShareImage = { url: string; width: number; height: number; alt?: string | undefined };

/** `vi` -> `vi_VN`: OpenGraph wants a territory (https://ogp.me/#optional); CLDR's likely one, when the tag names none. */
export const openGraphLocale = (tag: string): string => {
  const { language, region } = new Intl.Locale(tag).maximize();
  return region ? `${language}_${region}` : language;
};

/** https://ogp.me/#structured; and X shows the picture large only where it is told so. */
const SharePicture = ({ image: { url, width, height, alt } }: { image: ShareImage }) => (
  <>
    <meta property="og:image" content={url} />
    <meta property="og:image:type" content="image/jpeg" />
    <meta property="og:image:width" content={String(width)} />
    <meta property="og:image:height" content={String(height)} />
    {alt && <meta property="og:image:alt" content={alt} />}
    <meta name="twitter:card" content="summary_large_image" />
  </>
);

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
    {og.image && <SharePicture image={og.image} />}
  </>
);
