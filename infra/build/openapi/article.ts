/** What the calls about one article have in common. */
export const article = {
  "application/json": {
    schema: { $ref: "#/components/schemas/Article" },
    examples: { story: { $ref: "#/components/examples/Article" } },
  },
};
export const versioned = { ETag: "ETag" } as const;
export const changed = { ...versioned, "Idempotency-Replayed": "Replayed", "Preference-Applied": "Applied" } as const;
export const reading = [400, 413, 415, 422] as const;
