import { augustEarly } from "./samples/august-early.ts";
import { augustLate } from "./samples/august-late.ts";
import { october } from "./samples/october.ts";
import type { Sample } from "./samples/sample.ts";
import { septemberEarly } from "./samples/september-early.ts";
import { septemberLate } from "./samples/september-late.ts";
import { septemberMid } from "./samples/september-mid.ts";

/**
 * The stories of a made-up provincial newspaper that a new local house is filled with, oldest first. Each is newspaper
 * copy as a reporter would send it; its date lies before 05/10/2024 08:30, that of the example in the README.
 */
export const samples: Sample[] = [
  ...augustEarly,
  ...augustLate,
  ...septemberEarly,
  ...septemberMid,
  ...septemberLate,
  ...october,
];
