import { display, listTime } from "../site/format.ts";
import { colourClass } from "./colours.ts";
import type { SiteView, StoryView } from "./view.ts";

type ItemProps = { site: SiteView; story: StoryView; label?: boolean | undefined };

const Item = ({ site, story, label, className, dek, heading }: ItemProps & ItemStyle) => {
  const Heading = heading;
  const section = label ? site.sections.find(({ slug }) => slug === story.section) : undefined;
  return (
    <article class={`${className} ${colourClass(story.section)}`}>
      <hgroup>
        {story.kicker && <p class="kicker">{display(story.kicker)}</p>}
        <Heading>
          <a href={story.path}>{display(story.headline)}</a>
        </Heading>
      </hgroup>
      {dek && story.standfirst && <p class="dek">{display(story.standfirst)}</p>}
      <p class="meta">
        {section && <span>{display(section.title)}</span>}
        <time datetime={story.publishedAt}>{listTime(story.publishedAt, site.timeZone)}</time>
      </p>
    </article>
  );
};
type ItemStyle = { className: string; dek: boolean; heading: "h2" | "h3" };

const LEAD: ItemStyle = { className: "lead", dek: true, heading: "h2" };
const CARD: ItemStyle = { className: "card", dek: true, heading: "h2" };
const ROW: ItemStyle = { className: "row", dek: false, heading: "h3" };

/** Beside the lead stand up to two cards, below it full rows of four; what would leave a hole goes to the river. */
const BESIDE = 2;
const BELOW = 8;

/** Stories in the order given, each once: a lead, cards beside and below it, a river of headlines. */
export const StoryList = ({
  site,
  stories,
  label,
}: {
  site: SiteView;
  stories: readonly StoryView[];
  label?: boolean;
}) => {
  const [lead, ...others] = stories;
  const beside = others.slice(0, BESIDE);
  const rest = others.slice(BESIDE);
  const full = Math.min(BELOW, rest.length - (rest.length % 4));
  const below = rest.slice(0, full);
  const river = rest.slice(full);
  const item = (story: StoryView, style: ItemStyle) => <Item site={site} story={story} label={label} {...style} />;
  return (
    <>
      <div class={`top n${beside.length}`}>
        {lead && item(lead, LEAD)}
        {beside.map((story) => item(story, CARD))}
      </div>
      {below.length > 0 && <div class="grid">{below.map((story) => item(story, CARD))}</div>}
      {river.length > 0 && (
        <section class="river">
          <h2>Tin khác</h2>
          <div>{river.map((story) => item(story, ROW))}</div>
        </section>
      )}
    </>
  );
};
