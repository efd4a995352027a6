import { display, storyTime } from "../site/format.ts";
import { FRONT } from "../site/paths.ts";
import { documentOf } from "./layout.tsx";
import { styleOf } from "./styles.ts";
import { paragraphsOf } from "./text.ts";
import type { SiteView } from "./view.ts";

/**
 * The page where a withdrawn story stood: that it is gone, when (`at`: ISO 8601, UTC), and what the newsroom says of it. It knows
 * nothing of the story itself.
 */
export const renderNotice = (site: SiteView, { at, notice }: { at: string; notice: string }): string =>
  documentOf({
    site,
    locale: site.locale,
    title: `Bài viết đã được gỡ | ${site.title}`,
    css: styleOf("plain", []),
    head: <meta name="robots" content="noindex" />,
    children: (
      <div class="lost">
        <h1>Bài viết đã được gỡ</h1>
        {paragraphsOf(notice).map((text) => (
          <p>{display(text)}</p>
        ))}
        <p class="when">
          {"Tòa soạn gỡ bài lúc "}
          <time datetime={at}>{storyTime(at, site.timeZone)}</time>
        </p>
        <p>
          <a href={FRONT}>Về trang nhất</a>
        </p>
      </div>
    ),
  });
