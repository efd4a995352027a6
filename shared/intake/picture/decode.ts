/**
 * Text from a metadata block: UTF-8 wherever it can be, declared or not, else windows-1252, in which Latin-1 lies. IPTC
 * captions are cut off at 2,000 bytes, in the middle of a letter too: such an end is left out.
 */
export const decodeField = (bytes: Uint8Array): string => {
  const text = utf8(bytes);
  // In Latin-1 a lone accented last letter looks like a letter of UTF-8 that is cut off; other letters tell.
  return text !== undefined && /[^\0-\x7F]/.test(text) ? text : new TextDecoder("windows-1252").decode(bytes);
};

const utf8 = (bytes: Uint8Array): string | undefined => {
  try {
    // As a stream it may end within a letter.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    // Not UTF-8: the one thing that a fatal decoder throws for.
    return undefined;
  }
};
