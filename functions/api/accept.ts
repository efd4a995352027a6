/** Quality of a media type by an Accept header's ranges, the most specific of which counts; 0 when none fits. */
const qualityOf = (type: string, ranges: readonly { range: string; q: number }[]): number => {
  const wanted = [type, `${type.split("/")[0]}/*`, "*/*"];
  for (const range of wanted) {
    const found = ranges.find((one) => one.range === range);
    if (found) return found.q;
  }
  return 0;
};

/**
 * Whether an Accept header asks for text/plain rather than JSON (RFC 9110, 12.5.1). JSON wins a tie that it was named
 * in (`application/json, text/plain, *\/*`, as HTTP libraries send), and when neither is wanted.
 */
export const prefersText = (accept: string | undefined): boolean => {
  const ranges = (accept ?? "").split(",").map((part) => {
    const [range = "", ...parameters] = part.split(";").map((word) => word.trim().toLowerCase());
    const q = Number(parameters.find((word) => word.startsWith("q="))?.slice(2) ?? 1);
    return { range, q: Number.isNaN(q) ? 0 : q };
  });
  const [text, json] = [qualityOf("text/plain", ranges), qualityOf("application/json", ranges)];
  const named = ranges.some(({ range }) => range.startsWith("text/"));
  return (
    text > json || (text > 0 && text === json && named && !ranges.some(({ range }) => range === "application/json"))
  );
};
