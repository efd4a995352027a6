/**
 * Functions that run in the page; each stands for itself, for it is sent there as text. What they use of the DOM is declared
 * here: nothing else in this repository has one, and its types would be global.
 */
type Element = { getBoundingClientRect(): { left: number; right: number; top: number; bottom: number; width: number } };
type Source = { type: string; srcset: string };
type Image = Element & {
  alt: string;
  src: string;
  srcset: string;
  currentSrc: string;
  naturalWidth: number;
  parentElement: { querySelectorAll(selector: "source"): Iterable<Source> };
  decode(): Promise<void>;
};
type ShiftObserver = {
  observe(what: { type: "layout-shift"; buffered: true }): void;
  takeRecords(): { value: number }[];
};
declare const document: {
  images: Iterable<Image>;
  documentElement: { scrollHeight: number; scrollWidth: number; clientWidth: number };
  addEventListener(
    name: "securitypolicyviolation",
    listener: (event: { violatedDirective: string; blockedURI: string }) => void,
  ): void;
};
declare const innerHeight: number;
declare const scrollTo: (x: number, y: number) => void;
declare const requestAnimationFrame: (next: () => void) => void;

/** A picture as it stands on the page. */
export type Shown = {
  /** The file that the browser took. */
  file: string;
  alt: string;
  top: number;
  /** How wide it is, in CSS pixels, and how wide `sizes` said that it would be (that is what a density is reckoned from). */
  drawn: number;
  said: number;
  /** The `srcset` of each format; of JPEG the `src`, where there is but one. */
  offers: Record<string, string>;
};

export const shownPictures = (): Shown[] =>
  [...document.images].map((image) => {
    const { top, width } = image.getBoundingClientRect();
    const sources = [...image.parentElement.querySelectorAll("source")];
    return {
      file: image.currentSrc,
      alt: image.alt,
      top,
      drawn: width,
      said: image.naturalWidth,
      offers: {
        jpg: image.srcset || image.src,
        ...Object.fromEntries(sources.map(({ type, srcset }) => [type.replace("image/", ""), srcset])),
      },
    };
  });

/** Reads the page from top to bottom, a screen at a time, each when its pictures have come. */
export const readThrough = async (): Promise<void> => {
  const frame = () => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight) {
    scrollTo(0, y);
    await frame();
    const seen = [...document.images].filter((image) => {
      const { top, bottom } = image.getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    });
    await Promise.all(seen.map((image) => image.decode()));
    await frame();
  }
  scrollTo(0, 0);
  await frame();
};

/** Cumulative Layout Shift of all that has happened, scrolling too. */
export const layoutShift = (): number => {
  // Node's types, which do not know shifts, are those at hand.
  const observer = new PerformanceObserver(() => {}) as unknown as ShiftObserver;
  observer.observe({ type: "layout-shift", buffered: true });
  return observer.takeRecords().reduce((sum, { value }) => sum + value, 0);
};

/** By how many pixels the page is wider than the screen. */
export const overflow = (): number => document.documentElement.scrollWidth - document.documentElement.clientWidth;

/** For the start of a page: what its policy stops is told on the console, whichever way it is stopped. */
export const tellViolations = (): void =>
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    console.error(`stopped by ${violatedDirective}: ${blockedURI}`),
  );
