import { type Fault, pointer, type Warning } from "../domain/error.ts";
import { parseJson } from "./json.ts";

const LISTS = new Set(["tags", "bylines", "aliases"]);
/** A comma may stand in a path. */
const COMMA: Record<string, RegExp> = { aliases: /,(?=\/)/ };
/** Fields with members of their own: written as JSON. */
const OBJECTS = new Set(["leadImage", "series", "seo"]);

/** Fields that were said beside an article, not yet validated, and what is to be said of those that are JSON. */
export type Said = { fields: Record<string, unknown>; warnings: Warning[]; faults: Fault[] };

/**
 * Query parameters as fields of the article: `tags`, `bylines` and `aliases` take several, by repetition or commas; `leadImage`,
 * `series` and `seo` are JSON; unknown ones stay, to be named.
 */
export const fieldsOfQuery = (query: Record<string, string[]>): Said => {
  const said = Object.entries(query).map(([name, values]): Said => {
    const [value = "", ...more] = values;
    if (OBJECTS.has(name) && !more.length) return objectOf(name, value);
    return plainly(name, LISTS.has(name) ? listOf(name, values) : more.length ? values : value);
  });
  return {
    fields: Object.fromEntries(said.flatMap(({ fields }) => Object.entries(fields))),
    warnings: said.flatMap(({ warnings }) => warnings),
    faults: said.flatMap(({ faults }) => faults),
  };
};

const plainly = (name: string, value: unknown): Said => ({
  fields: Object.fromEntries([[name, value]]),
  warnings: [],
  faults: [],
});

const listOf = (name: string, values: string[]): unknown[] => {
  const words = values
    .flatMap((value) => value.split(COMMA[name] ?? ","))
    .map((word) => word.trim())
    .filter(Boolean);
  return name === "bylines" ? words.map((word) => ({ name: word })) : words;
};

/** Whatever is wrong with the JSON is a fault of the field, among the others: it is no reason not to read these. */
const objectOf = (name: string, text: string): Said => {
  const under = <At extends { pointer: string }>(one: At): At => ({ ...one, pointer: pointer([name]) + one.pointer });
  const read = parseJson(text);
  if (read.ok) {
    const { value, warnings, faults } = read.value;
    return { fields: { [name]: value }, warnings: warnings.map(under), faults: faults.map(under) };
  }
  const faults = "faults" in read.refusal ? read.refusal.faults : [];
  // A line of this JSON is none of the article's.
  return { fields: {}, warnings: [], faults: faults.map(({ line: _line, ...fault }) => under(fault)) };
};
