import * as z from "zod";

/** A ULID as our ids are written: 26 characters of Crockford's base 32, upper case (https://github.com/ulid/spec). */
export const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

export const articleId = z.string().regex(ULID, "is no article's id");
export const imageId = z.string().regex(ULID, "is no image's id");
