import { notImplemented, type Refused, refused } from "./answer.ts";

/** Part of an object: from byte `start` on, `length` bytes. */
export type Part = { kind: "part"; start: number; length: number };

const ONE = /^bytes=(\d*)-(\d*)$/;

/**
 * The part that a Range header asks for (RFC 9110, 14.1.2); undefined when there is none or it is not a range of
 * bytes, which has to be passed over. 416 when nothing of it is there. Several ranges at once S3 does not serve.
 */
export const partOf = (range: string | undefined, size: number): Part | Refused | undefined => {
  if (range === undefined) return undefined;
  if (/^bytes=.*,/.test(range)) return notImplemented("several ranges in one request");
  const [, first = "", last = ""] = ONE.exec(range) ?? [];
  if (first === "" && last === "") return undefined;
  const suffix = first === "";
  const start = suffix ? Math.max(0, size - Number(last)) : Number(first);
  const end = suffix || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (!suffix && last !== "" && Number(last) < Number(first)) return undefined;
  if (start <= end) return { kind: "part", start, length: end - start + 1 };
  return refused(
    416,
    "InvalidRange",
    "The requested range is not satisfiable",
    { RangeRequested: range, ActualObjectSize: String(size) },
    { "content-range": `bytes */${size}` },
  );
};
