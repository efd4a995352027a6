import type { Body } from "../domain/body.ts";
import { BodyBlocks } from "./body.tsx";
import { FeedFigure, pictureOf } from "./figure.tsx";
import type { Show } from "./spans.tsx";
import { stringOf } from "./string.ts";
import type { FeedItemView, SiteView } from "./view.ts";

/** hono/jsx emits an object that says `isEscaped` as it is; slice() lets only true strings by. */
const plain: Show = (text) => text.slice();

/**
 * A story as HTML for feeds: the picture above it, the standfirst, the body; text unchanged (no display spaces), pictures as
 * one JPEG each, by absolute addresses.
 */
export const storyHtml = (site: SiteView, item: FeedItemView & { body: Body }): string => {
  const shown = (picture: FeedItemView["hero"]) =>
    picture && <FeedFigure picture={picture} show={plain} baseUrl={site.baseUrl} />;
  return stringOf(
    <>
      {shown(item.hero)}
      {item.standfirst && <p>{plain(item.standfirst)}</p>}
      <BodyBlocks
        body={item.body}
        show={plain}
        zone={site.timeZone}
        figure={(block) => shown(pictureOf(block, item.pictures))}
      />
    </>,
  );
};
