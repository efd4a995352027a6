import type { Child } from "hono/jsx";
import { raw } from "hono/html";
import { display } from "../site/format.ts";
import { FEED, FRONT, sectionPath } from "../site/paths.ts";
import { FACE } from "./fonts.ts";
import { ICON } from "./icon.ts";
import { stringOf } from "./string.ts";
import type { SiteView } from "./view.ts";

type PageProps = {
  site: SiteView;
  /** Language of the page's own text; the masthead and footer are in the site's. */
  locale: string;
  title: string;
  css: string;
  /** More elements for the head: metadata of that page. */
  head?: Child;
  /** Path of the strip's link that is the page itself ("page") or the section it is in ("true"). */
  current?: { path: string; as: "page" | "true" };
  /** What stands above everything, and on no page of the site: such a page asks for no file of the site's, and offers no feed. */
  notice?: Child;
  /** The masthead is the page's heading, in full width: the front. */
  front?: { dateline?: Child };
  children: Child;
};

const Menu = ({ site }: { site: SiteView }) => (
  <details class="menu">
    <summary>Chuyên mục</summary>
    <nav aria-label="Tất cả chuyên mục">
      <ul>
        {site.sections.map(({ slug, title }) => (
          <li>
            <a href={sectionPath(slug)}>{display(title)}</a>
          </li>
        ))}
        <li>
          <a href={FEED}>RSS</a>
        </li>
      </ul>
    </nav>
  </details>
);

const Strip = ({ site, current }: Pick<PageProps, "site" | "current">) => {
  const links = site.nav.length > 0 ? site.nav : site.sections.map(({ slug, title }) => ({ title, path: `/${slug}` }));
  return (
    <nav class="strip" aria-label="Chuyên mục">
      <ul>
        {[{ title: "Trang nhất", path: FRONT }, ...links.filter(({ path }) => path !== FRONT)].map(
          ({ title, path }) => (
            <li>
              <a href={path} aria-current={path === current?.path ? current.as : undefined}>
                {display(title)}
              </a>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
};

const Masthead = ({
  site,
  current,
  front,
  lang,
}: Pick<PageProps, "site" | "current" | "front"> & { lang?: string }) => {
  const Brand = front ? "h1" : "p";
  return (
    <header class={front ? "site big" : "site"} lang={lang}>
      <div class="mast">
        <Menu site={site} />
        <Brand class="brand">
          <a href={FRONT}>{display(site.title)}</a>
        </Brand>
        {front?.dateline && <p class="dateline">{front.dateline}</p>}
      </div>
      <Strip site={site} current={current} />
    </header>
  );
};

const Footer = ({ site, lang }: { site: SiteView; lang?: string }) => (
  <footer class="foot" lang={lang}>
    <p class="brand">{display(site.title)}</p>
    {site.description && <p>{display(site.description)}</p>}
    {site.imprint.map((line) => (
      <p>{display(line)}</p>
    ))}
    <p class="ends">
      <a href={FEED}>RSS</a> <a href="#top">Về đầu trang</a>
    </p>
  </footer>
);

const Page = ({ site, locale, title, css, head, current, notice, front, children }: PageProps) => {
  const isOfSite = notice === undefined;
  const lang = locale === site.locale ? undefined : site.locale;
  return (
    <html lang={locale}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        {isOfSite && (
          <>
            <link rel="preload" href={FACE.path} as="font" type={FACE.contentType} crossorigin="anonymous" />
            <link rel="icon" href={ICON.path} type={ICON.contentType} />
          </>
        )}
        <title>{title}</title>
        {head}
        {isOfSite && <link rel="alternate" type="application/rss+xml" title={site.title} href={FEED} />}
        <style>{raw(css)}</style>
      </head>
      <body id="top">
        <a class="skip" href="#main">
          Đến nội dung chính
        </a>
        {notice}
        <Masthead site={site} current={current} front={front} lang={lang} />
        <main id="main">{children}</main>
        <Footer site={site} lang={lang} />
      </body>
    </html>
  );
};

/** A whole HTML document. Only the style sheet and JSON-LD pass unescaped; no other script is ever made. */
export const documentOf = (props: PageProps): string => `<!doctype html>${stringOf(<Page {...props} />)}`;
