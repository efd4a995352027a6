import { SETTING_NAMES, type SettingName } from "../settings.ts";

/** Settings that the deployed stack remembers (its output `Settings`); the others are said or found out each time. */
export type KeptName = Exclude<SettingName, "stage" | "region" | "epoch">;
/** Their values as texts, as they are given and handed on. */
export type Given = Partial<Record<KeptName, string>>;

const isKept = (name: SettingName): name is KeptName => name !== "stage" && name !== "region" && name !== "epoch";
export const KEPT: readonly KeptName[] = SETTING_NAMES.filter(isKept);

const isSetting = (word: string): boolean => SETTING_NAMES.some((name) => name === word);

/** `siteDomain` on the command line is `--site-domain`. */
export const optionOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** A sentence about settings, with their names as the command line has them: the first word, and what only a name looks like. */
export const inOptions = (sentence: string): string =>
  sentence.replace(/^\w+|\b[a-z]+[A-Z]\w+/g, (word) => (isSetting(word) ? optionOf(word) : word));

/** A domain and its certificate come and go together, and so do a restored table and its stream. */
const PARTNERS: Partial<Record<KeptName, KeptName>> = {
  siteDomain: "siteCertificate",
  siteCertificate: "siteDomain",
  apiDomain: "apiCertificate",
  apiCertificate: "apiDomain",
  table: "tableStream",
  tableStream: "table",
};
/** What `--no-...` of a setting drops: itself, and what makes no sense without it. */
export const droppedWith = (name: KeptName): KeptName[] => {
  const partner = PARTNERS[name];
  return partner ? [name, partner] : [name];
};

/** What the next deployment is given: what the stack remembers, less what is dropped, overridden by what is given now. */
export const mergeGiven = (deployed: Given, dropped: readonly KeptName[], given: Given): Given => {
  const gone = new Set(dropped.flatMap(droppedWith));
  const merged: Given = {};
  for (const name of KEPT) {
    const value = given[name] ?? (gone.has(name) ? undefined : deployed[name]);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
};
