import { isObject } from "../../intake/article.ts";
import { textIn } from "./fields.ts";
import { namesIn } from "./text.ts";

/** A language tag, as far as Contentful's locales go: `vi`, `en-US`, `zh-Hant-TW`. (Three letters alone would be `url` and `lat`.) */
const LOCALE = /^(?:[a-z]{2}|[a-z]{3}(?=-))(?:-[A-Za-z0-9]{2,8})*$/;

/** Whether a field's value is one of each locale, and no link or rich text, which are objects too. */
const isLocalized = (value: unknown): value is Record<string, unknown> =>
  isObject(value) &&
  value["sys"] === undefined &&
  value["nodeType"] === undefined &&
  Object.keys(value).every((key) => LOCALE.test(key));

/** The value in the wanted language, or in one of the same root (vi for vi-VN), or in the first that there is. */
const inLocale = (values: Record<string, unknown>, wanted: string | undefined): unknown => {
  const root = (locale: string): string => locale.toLowerCase().split("-")[0] ?? "";
  const keys = Object.keys(values);
  const key =
    keys.find((one) => one === wanted) ?? keys.find((one) => wanted && root(one) === root(wanted)) ?? keys[0] ?? "";
  return values[key];
};

/** Fields as the delivery API would have them, of one locale; they come by locale from the management API. */
export const plainFields = (fields: Record<string, unknown>, locale: string | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => {
      // A field that was emptied in every language.
      if (isObject(value) && Object.keys(value).length === 0) return [];
      return [[name, isLocalized(value) ? inLocale(value, locale) : value]];
    }),
  );

/**
 * The address of an asset that came along with its fields, to which the scheme is added that Contentful leaves out, and what it shows. A link
 * alone leads nowhere.
 */
export const assetIn = (
  value: unknown,
  locale: string | undefined,
): { url: string | undefined; alt: string | undefined } => {
  const asset = isObject(value) && isObject(value["fields"]) ? plainFields(value["fields"], locale) : {};
  const file = isObject(asset["file"]) ? textIn(asset["file"]["url"]) : undefined;
  return { url: file?.replace(/^\/\//, "https://"), alt: textIn(asset["description"]) };
};

/** Names in a field; of entries that came along with their fields, by those. Mere links have none. */
export const namesOfField = (value: unknown): string[] => {
  const members = Array.isArray(value) ? value : [value];
  const opened = members.map((member) =>
    isObject(member) && isObject(member["fields"]) ? plainFields(member["fields"], undefined) : member,
  );
  return [...new Set(opened.flatMap((member) => (isObject(member) && isObject(member["sys"]) ? [] : namesIn(member))))];
};
