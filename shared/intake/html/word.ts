import type { TextBlock } from "../../domain/body.ts";
import { elementsOf, styleOf } from "./node.ts";
import type { ElementNode } from "./tree.ts";

type Item = Required<Pick<TextBlock, "listItem" | "level">>;

/** Whether an element is the bullet or number that Word types out before a list item (`mso-list:Ignore`). */
export const isWordMarker = (element: ElementNode): boolean =>
  element.tag === "span" && styleOf(element).get("mso-list") === "ignore";

const firstText = (element: ElementNode): string => {
  for (let node = element.first; node; node = node.kind === "element" ? node.first : node.next)
    if (node.kind === "text") return node.text;
  return "";
};

/**
 * Word pastes lists as paragraphs, `<p style="mso-list:l0 level2 lfo1">`, each with its marker typed out: the list item
 * that such a paragraph is.
 */
export const wordItem = (element: ElementNode): Item | undefined => {
  if (element.tag !== "p") return undefined;
  const level = /^l\d+ level(\d)/.exec(styleOf(element).get("mso-list") ?? "")?.[1];
  if (level === undefined) return undefined;
  let marker = "";
  for (const inner of elementsOf(element, isWordMarker)) {
    if (!isWordMarker(inner)) continue;
    marker = firstText(inner);
    break;
  }
  const listItem = /^\s*(?:\d+|[a-z]{1,4})[.)]/i.test(marker) ? "number" : "bullet";
  return { listItem, level: Math.min(Math.max(1, Number(level)), 6) };
};
