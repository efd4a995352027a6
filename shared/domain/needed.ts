import * as z from "zod";

/** How a schema words a member that is missing, whatever it was to be. */
export const NEEDED = "is needed";

// An issue does not tell what is missing from what is of another kind: only who words it sees the input.
z.config({
  customError: ({ code, input }) =>
    input === undefined && (code === "invalid_type" || code === "invalid_value") ? NEEDED : undefined,
});
