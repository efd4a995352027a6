/** The caps of the HTTP contract; they keep one commit under DynamoDB's 100 items and 400 KB an item. */
export const LIMITS = {
  /** Bytes of one request, decoded (Lambda takes 6,291,456 with base64 and envelope). */
  requestBytes: 4 * 1024 * 1024,
  /** Bytes of a JSON request. */
  jsonBytes: 1024 * 1024,
  /** Levels of nested arrays and objects in JSON, and of nested elements in HTML that are kept. */
  nesting: 30,
  /** Bytes of a body as it is stored. */
  bodyBytes: 1024 * 1024,
  blocks: 5000,
  tags: 10,
  bylines: 5,
  figures: 30,
  /** Different pictures that a story has shown in all its time: what a withdrawal has to take off. */
  picturesEver: 300,
  /** Characters of a picture's own alternative text and caption: thirty of them stand in each list's row of a story. */
  pictureText: 1000,
  /** Times a picture's focal point is moved, ids that it has besides its own, and keys that it is known to be of. */
  cuts: 50,
  twins: 100,
  owners: 100,
  /** Bytes of a picture that is uploaded straight to S3, and its pixels. */
  uploadBytes: 50 * 1024 * 1024,
  pixels: 50_000_000,
  aliases: 20,
  /** Paths from another system that lead to a story, in all its time; characters of one. */
  aliasesEver: 100,
  alias: 300,
  /** Characters (UTF-16 units) of one-line fields and of longer ones. */
  line: 300,
  paragraph: 4000,
  url: 2000,
  warnings: 100,
  formerPaths: 20,
  seriesParts: 9999,
  /** Corrections of a story, which stand in its head, and characters of one. */
  corrections: 20,
  correction: 2000,
  /** Characters of a path of this site: what the CDN's function lets through. */
  sitePath: 1024,
} as const;
