import { cropSize } from "../domain/rendition.ts";
import { display, listTime } from "../site/format.ts";
import { colourClass } from "./colours.ts";
import { Picture } from "./picture.tsx";
import { THUMBNAIL } from "./sizes.ts";
import type { PictureView, SiteView, StoryView } from "./view.ts";

/** A picture above a text: its shape, how wide it stands, and the fewest pixels that it takes. */
export type Above = { crop: "16x9" | "4x3"; sizes: string; least: number };
export type ItemStyle = { className: "lead" | "card" | "row"; above?: Above };

type ItemProps = ItemStyle & {
  site: SiteView;
  story: StoryView;
  /** Whether it says its section. */
  label?: boolean | undefined;
  /** Whether others around it have pictures: without one it makes up for that by larger words. */
  pictured: boolean;
};

/** A picture too small to stand above the text is a thumbnail beside it everywhere, as all are on a phone. */
const fits = (picture: PictureView, { crop, least }: Above): boolean => cropSize(picture, crop).width >= least;

const classesOf = ({ className, above, story, pictured }: ItemProps): string => {
  if (!above || !pictured) return className;
  if (!story.picture) return `${className} words`;
  return fits(story.picture, above) ? `${className} pic up` : `${className} pic`;
};

const ItemPicture = ({ picture, above, eager }: { picture: PictureView; above: Above; eager: boolean }) => {
  const { crop, sizes } = fits(picture, above) ? above : ({ crop: "4x3", sizes: THUMBNAIL } as const);
  return <Picture picture={picture} crop={crop} sizes={sizes} alt="" eager={eager} />;
};

/** One story of a list. The headline's link covers its picture as well: one link, and one name for it. */
export const Item = (props: ItemProps) => {
  const { site, story, label, className, above } = props;
  const row = className === "row";
  const Heading = row ? "h3" : "h2";
  const section = label ? site.sections.find(({ slug }) => slug === story.section) : undefined;
  return (
    <article class={`${classesOf(props)} ${colourClass(story.section)}`}>
      {above && story.picture && <ItemPicture picture={story.picture} above={above} eager={className === "lead"} />}
      <hgroup>
        {story.kicker && <p class="kicker">{display(story.kicker)}</p>}
        <Heading>
          <a href={story.path}>{display(story.headline)}</a>
        </Heading>
      </hgroup>
      {!row && story.standfirst && <p class="dek">{display(story.standfirst)}</p>}
      <p class="meta">
        {section && <span>{display(section.title)}</span>}
        <time datetime={story.publishedAt}>{listTime(story.publishedAt, site.timeZone)}</time>
      </p>
    </article>
  );
};
