/** A Content-Type header's type, in lower case, and its charset. RFC 9110, 8.3.1. */
export const mediaType = (header: string | undefined): { type: string; charset: string | undefined } => {
  const [type = "", ...parameters] = (header ?? "").split(";");
  const charset = parameters
    .map((one) => one.trim().split("="))
    .find(([name]) => name?.toLowerCase() === "charset")?.[1];
  return { type: type.trim().toLowerCase(), charset: charset?.trim().replace(/^"|"$/g, "") };
};
