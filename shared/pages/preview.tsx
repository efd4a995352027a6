import { storyTime } from "../site/format.ts";
import { Story, styleOfStory } from "./article.tsx";
import { FACE } from "./fonts.ts";
import { documentOf } from "./layout.tsx";
import previewCss from "./preview.css";
import { titleOf } from "./text.ts";
import type { ArticleView, SiteView } from "./view.ts";

/** The headline face within the page: it stands on another host than the site, whose files it cannot use. */
const FACE_DATA = `data:${FACE.contentType};base64,${Buffer.from(FACE.body).toString("base64")}`;

const Notice = ({ until }: { until: string }) => (
  <p class="preview" lang="vi" role="note">
    <strong>Bản xem trước</strong>
    {` – chưa phải bản đã đăng, xin đừng chuyển tiếp. Đường dẫn hết hạn lúc ${until}.`}
  </p>
);

/**
 * A story as readers would see it, for whoever has the link until `expiresAt` (ISO 8601): under a notice, with nothing that a machine
 * would take for a publication, nothing to pass on, and no file of the site's. Links lead to the site. `expiresAt` is shown in the site's zone.
 */
export const renderPreview = (site: SiteView, article: ArticleView, expiresAt: string): string =>
  documentOf({
    site,
    locale: article.locale,
    title: `Bản xem trước: ${titleOf(article) || "chưa có tiêu đề"} | ${site.title}`,
    css: styleOfStory(article).replace(FACE.path, FACE_DATA) + previewCss,
    head: (
      <>
        <meta name="robots" content="noindex,nofollow" />
        <meta name="referrer" content="no-referrer" />
      </>
    ),
    current: { path: `/${article.section}`, as: "true" },
    notice: <Notice until={storyTime(expiresAt, site.timeZone)} />,
    children: <Story site={site} article={article} />,
    // Quotation marks in a text are escaped: these are attributes.
  }).replaceAll(' href="/', () => ` href="${site.baseUrl}/`);
