/** A section's colour on white and on the dark ground: contrast of at least 6.2 with either. */
type Colour = readonly [light: string, dark: string];

const PALETTE: readonly Colour[] = [
  ["#9b1b1e", "#ff8f86"],
  ["#23507d", "#93bdea"],
  ["#1d6338", "#7fd09a"],
  ["#6b4e16", "#e3bd76"],
  ["#0a6370", "#6fcbd8"],
  ["#a23b00", "#ffa470"],
  ["#4b3fa0", "#b3a8f5"],
  ["#8c2467", "#f39bcb"],
];
const KNOWN: Record<string, number> = {
  "thoi-su": 0,
  "chinh-tri": 1,
  "kinh-te": 2,
  "van-hoa": 3,
  "the-thao": 4,
  "y-kien": 5,
  "khoa-hoc": 6,
  "doi-song": 7,
};

/** The index of a section's colour: fixed for the usual sections, made of the slug's letters for others. */
const indexOf = (slug: string): number => {
  if (Object.hasOwn(KNOWN, slug)) return KNOWN[slug] ?? 0;
  let sum = 0;
  for (let at = 0; at < slug.length; at++) sum = (sum * 31 + slug.charCodeAt(at)) % PALETTE.length;
  return sum;
};

/** The class that gives an element and what is in it the colour of a section: `s0` to `s7`. */
export const colourClass = (slug: string): string => `s${indexOf(slug)}`;

/** The rules behind {@link colourClass}, for the sections that a page shows and no other. */
export const colourRules = (slugs: readonly string[]): string => {
  const used = [...new Set(slugs.map(indexOf))].sort((a, b) => a - b);
  if (used.length === 0) return "";
  const rules = (shade: 0 | 1): string => used.map((index) => `.s${index}{--s:${PALETTE[index]?.[shade]}}`).join("");
  return `${rules(0)}@media(prefers-color-scheme:dark){${rules(1)}}`;
};
