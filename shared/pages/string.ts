import type { JSX } from "hono/jsx/jsx-runtime";

/**
 * The HTML of an element. Throws a TypeError when a component was asynchronous: hono/jsx then makes a promise of the
 * whole document, which must never be stored as "[object Promise]".
 */
export const stringOf = (element: JSX.Element): string => {
  const html: unknown = element instanceof Promise ? element : element.toString();
  if (typeof html !== "string") throw new TypeError("a component of the page is asynchronous");
  return html;
};
