/** A value and its parameters, by name in lower case, quotes and escapes undone. */
export type Parameterised = { value: string; parameters: ReadonlyMap<string, string> };

const PARAMETER = /[ \t]*;[ \t]*([^\s;="]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))/y;

/** Browsers write these three as percent signs and digits (WHATWG HTML, "multipart/form-data"), others behind a backslash. */
const unescaped = (quoted: string): string =>
  quoted
    .replace(/\\(["\\])/g, "$1")
    .replaceAll("%22", '"')
    .replace(/%0D/gi, "\r")
    .replace(/%0A/gi, "\n");

/**
 * Reads a header such as `form-data; name="photo"; filename="a.jpg"` (RFC 2045, 5.1; RFC 7578, 4.2). Undefined when it is
 * not wholly of that form, or says a parameter twice.
 */
export const parametersOf = (header: string): Parameterised | undefined => {
  const text = header.trim();
  const semicolon = text.indexOf(";");
  const end = semicolon < 0 ? text.length : semicolon;
  const parameters = new Map<string, string>();
  for (let at = end; at < text.length; at = PARAMETER.lastIndex) {
    PARAMETER.lastIndex = at;
    const [, name = "", quoted, plain = ""] = PARAMETER.exec(text) ?? [];
    const key = name.toLowerCase();
    if (key === "" || parameters.has(key)) return undefined;
    parameters.set(key, quoted === undefined ? plain : unescaped(quoted));
  }
  return { value: text.slice(0, end).trim().toLowerCase(), parameters };
};

/** `UTF-8''b%C3%A0i.docx` as text (RFC 8187); forms should not have it (RFC 7578, 4.2), and Python's clients send it. */
export const extendedValue = (value: string): string | undefined => {
  const encoded = /^utf-8'[^']*'([\x21-\x7E]*)$/i.exec(value)?.[1];
  try {
    return encoded === undefined ? undefined : decodeURIComponent(encoded);
  } catch {
    // The percent signs make no UTF-8.
    return undefined;
  }
};

const LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):(.*)$/s;

/** A part's headers by name in lower case, folded lines joined (RFC 5322, 2.2.3); undefined when they are none, or say one twice. */
export const headersOf = (text: string): ReadonlyMap<string, string> | undefined => {
  const headers = new Map<string, string>();
  for (const line of text.replace(/\r\n[ \t]+/g, " ").split("\r\n")) {
    const [, name, value = ""] = LINE.exec(line) ?? [];
    const key = name?.toLowerCase();
    if (key === undefined || headers.has(key)) return undefined;
    headers.set(key, value.trim());
  }
  return headers;
};
