/** Longest value that stays in one line, in characters. */
const WIDTH = 100;

/** JSON indented by one space, in which what is short stays in one line: half as many lines, and a diff that can be read. */
export const pretty = (value: unknown, indent = ""): string => {
  const short = JSON.stringify(value);
  if (value === null || typeof value !== "object" || short.length <= WIDTH) return short;
  const deeper = `${indent} `;
  const [open, close, members] = Array.isArray(value)
    ? ["[", "]", value.map((member) => pretty(member, deeper))]
    : [
        "{",
        "}",
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .map(([name, member]) => `${JSON.stringify(name)}: ${pretty(member, deeper)}`),
      ];
  return `${open}\n${deeper}${members.join(`,\n${deeper}`)}\n${indent}${close}`;
};
