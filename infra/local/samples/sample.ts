/** One story of the sample newspaper: the section and tags it goes into, and its text as newspaper copy. */
export type Sample = { section: string; tags: string[]; copy: string; photos?: readonly string[] };
