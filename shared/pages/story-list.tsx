import { CARD, LEAD, LONE_CARD } from "./sizes.ts";
import { Item, type ItemStyle } from "./story-item.tsx";
import type { SiteView, StoryView } from "./view.ts";

/** Beside the lead stand up to two cards, below it full rows of four; what would leave a hole goes to the river. */
const BESIDE = 2;
const BELOW = 8;

const partsOf = (stories: readonly StoryView[]) => {
  const [lead, ...others] = stories;
  const rest = others.slice(BESIDE);
  const full = Math.min(BELOW, rest.length - (rest.length % 4));
  return { lead, beside: others.slice(0, BESIDE), below: rest.slice(0, full), river: rest.slice(full) };
};

/** Whether any story has a picture where {@link StoryList} would show it. */
export const showsPictures = (stories: readonly StoryView[]): boolean => {
  const { lead, beside, below } = partsOf(stories);
  return [lead, ...beside, ...below].some((story) => story?.picture);
};

const card = (sizes: string): ItemStyle => ({ className: "card", above: { crop: "4x3", sizes, least: 240 } });
const lead = (sizes: string): ItemStyle => ({ className: "lead", above: { crop: "16x9", sizes, least: 560 } });

type ListProps = { site: SiteView; stories: readonly StoryView[]; label?: boolean };

/** Stories in the order given, each once: a lead, cards beside and below it, a river of headlines. */
export const StoryList = ({ site, stories, label }: ListProps) => {
  const parts = partsOf(stories);
  const pictured = showsPictures(stories);
  const item = (story: StoryView, style: ItemStyle) => (
    <Item site={site} story={story} label={label} pictured={pictured} {...style} />
  );
  const beside = parts.beside.length;
  return (
    <>
      <div class={`top n${beside}`}>
        {parts.lead && item(parts.lead, lead(LEAD[beside] ?? LEAD[0]))}
        {parts.beside.map((story) => item(story, card(beside === 1 ? LONE_CARD : CARD)))}
      </div>
      {parts.below.length > 0 && <div class="grid">{parts.below.map((story) => item(story, card(CARD)))}</div>}
      {parts.river.length > 0 && (
        <section class="river">
          <h2>Tin khác</h2>
          <div>{parts.river.map((story) => item(story, { className: "row" }))}</div>
        </section>
      )}
    </>
  );
};
