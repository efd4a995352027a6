import { display, storyTime } from "../site/format.ts";
import { paragraphsOf } from "./text.ts";
import type { ArticleView } from "./view.ts";

type Props = { corrections: ArticleView["corrections"] };

/** Says above the text that something in it was put right: whoever read it before shall not have to look for it. */
export const CorrectionsLink = ({ corrections = [] }: Props) =>
  corrections.length > 0 ? (
    <span>
      <a href="#corrections">Có đính chính</a>
    </span>
  ) : null;

/** What was put right, at the end of the text, the newest first. */
export const Corrections = ({ corrections = [], zone }: Props & { zone: string }) =>
  corrections.length > 0 ? (
    <section class="corrections" id="corrections" aria-label="Đính chính">
      <h2>Đính chính</h2>
      {corrections.toReversed().map(({ at, note }) => (
        <div>
          <time datetime={at}>{storyTime(at, zone)}</time>
          {paragraphsOf(note).map((text) => (
            <p>{display(text)}</p>
          ))}
        </div>
      ))}
    </section>
  ) : null;
