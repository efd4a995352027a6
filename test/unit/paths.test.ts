import { expect, test } from "vitest";
import {
  absolute,
  articlePath,
  assetPath,
  BUCKET_TAGS,
  bucketTagOf,
  FEED,
  FRONT,
  keyFilePath,
  NOT_FOUND,
  objectKey,
  ROBOTS,
  sectionPath,
  shortIdOf,
  tagOf,
} from "../../shared/site/paths.ts";
import { ulidOf } from "../fixtures/stories.ts";

const ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

test("a story's path is made of section, slug and the end of its id", () => {
  expect(shortIdOf(ID)).toBe("q69g5fav");
  expect(articlePath("thoi-su", "pho-di-bo", ID)).toBe("/thoi-su/pho-di-bo-q69g5fav");
  expect(articlePath("thoi-su", "", ID)).toBe("/thoi-su/q69g5fav");
  expect(sectionPath("kinh-te")).toBe("/kinh-te");
});

test("a key is the path without its slash; the front is index.html", () => {
  expect([FRONT, FEED, ROBOTS, NOT_FOUND].map(objectKey)).toEqual(["index.html", "feed.xml", "robots.txt", "404"]);
  expect(objectKey("/thoi-su/pho-di-bo-q69g5fav")).toBe("thoi-su/pho-di-bo-q69g5fav");
  expect(absolute("https://bao.example", FRONT)).toBe("https://bao.example/");
  expect(absolute("https://bao.example", FEED)).toBe("https://bao.example/feed.xml");
});

test.for(["..", "../x", "a/b", "a\\b", "A", "%2e", "a.b", " ", "é", "a--b", "-a", "a".repeat(80)])(
  "%j cannot become part of a path",
  (text) => {
    expect(() => sectionPath(text)).toThrow(RangeError);
    expect(() => articlePath(text, "a", ID)).toThrow(RangeError);
    expect(() => articlePath("a", text, ID)).toThrow(RangeError);
  },
);

test.for(["", "x", "01ARZ3NDEKTSV4RRFFQ69G5FAU", "81ARZ3NDEKTSV4RRFFQ69G5FAV", `${ID}0`, "../RZ3NDEKTSV4RRFFQ69G5FAV"])(
  "%j is no ULID",
  (text) => {
    expect(() => shortIdOf(text)).toThrow(RangeError);
    expect(() => tagOf(text)).toThrow(RangeError);
    expect(() => bucketTagOf(text)).toThrow(RangeError);
  },
);

test("the file of a key stands at the root, and no other text is a key", () => {
  expect(keyFilePath("6f1d8c2b-Aa")).toBe("/6f1d8c2b-Aa.txt");
  for (const text of ["", "robots", "a".repeat(129), "../../robots", "6f1d8c2b/x", "6f1d8c2b.txt", "6f1d8c2bđ"])
    expect(() => keyFilePath(text)).toThrow(RangeError);
});

test("an asset's path names its content", () => {
  expect(assetPath("face.woff2", "0123456789abcdef")).toBe("/assets/face-01234567.woff2");
  expect(() => assetPath("../face.woff2", "0123456789abcdef")).toThrow(RangeError);
  expect(() => assetPath("face.woff2", "../../etc")).toThrow(RangeError);
});

test("the bucket is the random part as an integer, mod 40", () => {
  const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const expected = (ulid: string): string => {
    const random = Array.from(ulid.slice(-16)).reduce((sum, digit) => sum * 32n + BigInt(digits.indexOf(digit)), 0n);
    return `h-${String(random % 40n).padStart(2, "0")}`;
  };
  const ids = [ID, `${"0".repeat(10)}${"Z".repeat(16)}`, ...Array.from({ length: 400 }, (_, seed) => ulidOf(seed))];
  for (const id of ids) expect(bucketTagOf(id)).toBe(expected(id));
  expect(new Set(ids.map(bucketTagOf)).size).toBe(40);
  expect(bucketTagOf(`7${ID.slice(1)}`)).toBe(bucketTagOf(ID));
  expect(tagOf(ID)).toBe("a-01arz3ndektsv4rrffq69g5fav");
  expect(BUCKET_TAGS).toHaveLength(40);
  expect([BUCKET_TAGS[0], BUCKET_TAGS[39]]).toEqual(["h-00", "h-39"]);
});
