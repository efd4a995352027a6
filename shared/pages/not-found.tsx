import { FRONT } from "../site/paths.ts";
import { documentOf } from "./layout.tsx";
import { styleOf } from "./styles.ts";
import type { SiteView } from "./view.ts";

/** The page that answers 404: the site's frame and a way back, nothing of any story. */
export const renderNotFound = (site: SiteView): string =>
  documentOf({
    site,
    locale: site.locale,
    title: `Không tìm thấy trang | ${site.title}`,
    css: styleOf("plain", []),
    head: <meta name="robots" content="noindex" />,
    children: (
      <div class="lost">
        <h1>Không tìm thấy trang</h1>
        <p>Địa chỉ này không có trên báo: có thể đường dẫn đã bị gõ thiếu, hoặc bài không còn nữa.</p>
        <p>
          <a href={FRONT}>Về trang nhất</a>
        </p>
      </div>
    ),
  });
