import type { ContentFields } from "../domain/article.ts";
import type { Body } from "../domain/body.ts";
import type { Fault, Warning } from "../domain/error.ts";
import type { FigureAddress } from "./addresses.ts";

/**
 * What one of the intake formats was understood to say: fields as the client meant them (validated afterwards, once,
 * with query and form fields merged in), the body as blocks, what was guessed or dropped, and what was wrong.
 * Nothing here touches the network, the clock or the store.
 */
export type Drafted = {
  fields: Partial<Record<keyof ContentFields, unknown>>;
  body: Body;
  /** Where pictures of its figures are, in a format that says so. */
  addresses?: FigureAddress[];
  warnings: Warning[];
  faults: Fault[];
};
