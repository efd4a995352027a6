import type { ElementNode, ParentNode } from "./tree.ts";

/** The value of an attribute, entities resolved; undefined when it is not there. Foreign attributes count by local name. */
export const attribute = (element: ElementNode, name: string): string | undefined =>
  element.attributes.find((item) => item.name === name)?.value;

/** Whether one of the element's classes matches. */
export const hasClass = (element: ElementNode, pattern: RegExp): boolean =>
  (attribute(element, "class") ?? "").split(/\s+/).some((name) => pattern.test(name));

/** The declarations of a `style` attribute, names and values in lower case; good enough for what editors paste. */
export const styleOf = (element: ElementNode): Map<string, string> => {
  const declarations = (attribute(element, "style") ?? "").toLowerCase().split(";");
  return new Map(
    declarations.map((item) => {
      const colon = item.indexOf(":");
      return [item.slice(0, colon).trim(), item.slice(colon + 1).trim()];
    }),
  );
};

export type Visitor = {
  /** Called on the way down; false leaves the element's children, and its `leave`, out. */
  enter(element: ElementNode): boolean;
  text?(text: string): void;
  leave?(element: ElementNode): void;
};

/** Visits everything below `root` in document order, without recursion: a tree can be thousands of levels deep. */
export const walk = (root: ParentNode, visitor: Visitor): void => {
  let node = root.first;
  while (node) {
    if (node.kind === "text") visitor.text?.(node.text);
    else if (node.kind === "element" && visitor.enter(node)) {
      if (node.first) {
        node = node.first;
        continue;
      }
      visitor.leave?.(node);
    }
    while (node && !node.next) {
      const parent: ParentNode | null = node.parent;
      if (!parent || parent === root || parent.kind === "root") return;
      visitor.leave?.(parent);
      node = parent;
    }
    node = node?.next ?? null;
  }
};

/** The elements below `root` in document order, as far as the caller asks; nothing inside an `opaque` one. */
export function* elementsOf(root: ParentNode, opaque: (element: ElementNode) => boolean): Generator<ElementNode> {
  let node = root.first;
  while (node) {
    if (node.kind === "element") {
      yield node;
      if (node.first && !opaque(node)) {
        node = node.first;
        continue;
      }
    }
    while (node && !node.next) {
      const parent: ParentNode | null = node.parent;
      if (!parent || parent === root || parent.kind === "root") return;
      node = parent;
    }
    node = node?.next ?? null;
  }
}

/** Every character inside an element, shown or not. */
export const textOfElement = (element: ElementNode): string => {
  let all = "";
  walk(element, { enter: () => true, text: (text) => void (all += text) });
  return all;
};

/** About how many characters of text stand inside an element, runs of white space as one. */
export const textLength = (element: ElementNode): number => textOfElement(element).replace(/\s+/g, " ").length;
