import { request as rawRequest } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Dump, dumpedHouse } from "../dump.ts";
import { fileForm, formOf } from "../pictures.ts";
import { type Answer, type Request, story, type TestHouse } from "../house.ts";

let house: TestHouse;
let dump: () => Promise<Dump>;
/** Articles and keys that rows are about, by name. */
const ids: Record<"draft" | "theirs" | "published" | "bound" | "image", string> = {
  draft: "",
  theirs: "",
  published: "",
  bound: "",
  image: "",
};
const keys: Record<"revoked" | "expired" | "bound" | "boundReporter", string> = {
  revoked: "",
  expired: "",
  bound: "",
  boundReporter: "",
};

const DAY = 24 * 3600 * 1000;

beforeAll(async () => {
  ({ house, dump } = await dumpedHouse());
  const key = (body: unknown): Promise<Answer> => house.call("POST", "/keys", { key: house.adminKey, body });
  const soon = new Date(house.clock.now() + DAY).toISOString();
  const made = {
    revoked: await key({ name: "R", role: "editor" }),
    expired: await key({ name: "E", role: "admin", expiresAt: soon }),
  };
  keys.bound = (await key({ name: "B", role: "editor", sections: ["van-hoa"] })).body.token;
  keys.boundReporter = (await key({ name: "BR", role: "reporter", sections: ["van-hoa"] })).body.token;
  keys.revoked = made.revoked.body.token;
  keys.expired = made.expired.body.token;
  await house.call("DELETE", `/keys/${made.revoked.body.id}`, { key: house.adminKey });
  const file = async (body: unknown, by?: string): Promise<string> =>
    (await house.call("POST", "/articles", { body, ...(by ? { key: by } : {}) })).body.id;
  ids.draft = await file(story({ status: "draft" }));
  ids.theirs = await file(
    story({ status: "draft", section: "kinh-te" }),
    keys.bound.replace(keys.bound, house.adminKey),
  );
  ids.image = (
    await house.call("POST", "/images", { body: { filename: "a.jpg", contentType: "image/jpeg", bytes: 9 } })
  ).body.id;
  ids.published = await file(story());
  ids.bound = await file(story({ status: "draft", section: "van-hoa" }), keys.boundReporter);
  await house.clock.move(2 * DAY);
  // The second purge, too, is through: from here on nothing changes by itself.
  await house.sweep();
});
afterAll(() => house.close());

type Ask = Request & {
  method: string;
  path: string;
  /** Sent as it is written: fetch would tidy it up. */ raw?: boolean;
};
type Row = {
  name: string;
  ask: Ask | (() => Ask);
  status: number;
  pointers?: string[];
  /** Line of the text by pointer. */
  lines?: Record<string, number>;
  /** What `detail`, or a fault's, has to say. */
  says?: RegExp;
};

const post = (body: unknown, more: Partial<Ask> = {}): Ask => ({ method: "POST", path: "/articles", body, ...more });
const good = (over: Record<string, unknown> = {}) => post(story(over));
const json = (body: string | Uint8Array, more: Partial<Ask> = {}): Ask =>
  post(body, { type: "application/json", ...more });
const text = (type: string, body: string | Uint8Array, query = ""): Ask =>
  post(body, { type, path: `/articles${query}` });
const COPY = "Tin ngắn về chợ\n\nSáng nay chợ họp.\n";
const withBody = (...body: unknown[]): Ask => good({ body });
const para = (over: Record<string, unknown> = {}, span: Record<string, unknown> = {}) => ({
  _type: "block",
  children: [{ _type: "span", text: "x", ...span }],
  ...over,
});
const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));
const latin = (bytes: string): Uint8Array => Uint8Array.from(Buffer.from(bytes, "latin1"));
const list = (query: string): Ask => ({ method: "GET", path: `/articles?${query}` });
const admin = (method: string, path: string, body?: unknown): Ask => ({
  method,
  path,
  key: house.adminKey,
  ...(body === undefined ? {} : { body }),
});
const patch = (body: unknown, more: Partial<Ask> = {}): Ask => ({
  method: "PATCH",
  path: `/articles/${ids.draft}`,
  headers: { "if-match": '"s1"' },
  body,
  ...more,
});
const publish = (body?: unknown, more: Partial<Ask> = {}): Ask => ({
  method: "POST",
  path: `/articles/${ids.draft}/publish`,
  headers: { "if-match": '"s1"' },
  body,
  ...more,
});
const FALSE_KEY = `bs_${"0".repeat(12)}_${"0".repeat(43)}`;
const falseSecret = (token: string): string => `${token.slice(0, -1)}${token.endsWith("0") ? "1" : "0"}`;
const nested = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;

const UNREADABLE: Row[] = [
  { name: "JSON that breaks off", ask: json('{"headline": "x"\n,'), status: 400, pointers: [""] },
  { name: "an empty body as JSON", ask: json(""), status: 400, pointers: [""] },
  { name: "JSON that is no object", ask: json("[1]"), status: 422, pointers: [""] },
  { name: "JSON null", ask: json("null"), status: 422, pointers: [""] },
  { name: "JSON in broken UTF-8", ask: json(latin('{"headline":"\xC3("}')), status: 400, pointers: [""] },
  {
    name: "JSON in UTF-16",
    ask: json(new Uint8Array(Buffer.from('{"headline":"x"}', "utf16le"))),
    status: 400,
    pointers: [""],
  },
  {
    name: "JSON declared as another charset",
    ask: json('{"headline":"x"}', { type: "application/json; charset=windows-1258" }),
    status: 415,
  },
  {
    name: "half a surrogate pair in a value",
    ask: json('{"headline":"\\ud83d","seo":{"title":"\\udc00"}}'),
    status: 400,
    pointers: ["/headline", "/seo/title"],
  },
  {
    name: "half a surrogate pair in a member's name",
    ask: json('{"seo":{"\\ud800":1}}'),
    status: 400,
    pointers: ["/seo"],
  },
  {
    name: "half a surrogate pair in a query parameter",
    ask: text("text/plain", COPY, "?kicker=%ED%A0%80&section=thoi-su"),
    status: 400,
    pointers: ["/kicker"],
  },
  {
    name: "a broken escape in a query parameter's name",
    ask: text("text/plain", COPY, "?%ff=1"),
    status: 400,
    pointers: [""],
  },
  {
    name: "half a surrogate pair in front matter",
    ask: text("text/markdown", '---\nheadline: "a\\ud800"\n---\nx\n'),
    status: 400,
    pointers: ["/headline"],
  },
  {
    name: "10,000 nested arrays",
    ask: json(`${"[".repeat(10_000)}${"]".repeat(10_000)}`),
    status: 422,
    pointers: [""],
  },
  { name: "31 levels", ask: json(nested(31)), status: 422, pointers: [""] },
  { name: "30 levels, each looked at", ask: json(nested(30)), status: 422, pointers: ["/a"] },
  {
    name: "a PATCH that cannot be parsed",
    ask: () => patch("{", { type: "application/json" }),
    status: 400,
    pointers: [""],
  },
  {
    name: "a section that cannot be parsed",
    ask: () => ({ ...admin("PUT", "/sections/moi", "{"), type: "application/json" }),
    status: 400,
    pointers: [""],
  },
];

const TYPES: Row[] = [
  { name: "no content type", ask: post(new Uint8Array(Buffer.from(COPY))), status: 415, says: /text\/markdown/ },
  ...["application/xml", "application/ninjs+json", "image/jpeg", "application/msword"].map((type): Row => ({
    name: type,
    ask: text(type, COPY),
    status: 415,
    says: /application\/json/,
  })),
  {
    name: "a form whose article is of a type that is none",
    ask: text(
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="article"\r\ncontent-type: application/xml\r\n\r\nx\r\n--x--\r\n',
    ),
    status: 415,
  },
  {
    name: "a form without an article",
    ask: text(
      "multipart/form-data; boundary=x",
      '--x\r\ncontent-disposition: form-data; name="section"\r\n\r\nthoi-su\r\n--x--\r\n',
    ),
    status: 422,
    pointers: ["/article"],
  },
  {
    name: "a form that does not end",
    ask: text("multipart/form-data; boundary=x", "--x\r\n"),
    status: 400,
    pointers: [""],
  },
  { name: "a form without a boundary", ask: text("multipart/form-data", "--x--\r\n"), status: 400, pointers: [""] },
  {
    name: "a Word document that is none",
    ask: text("application/vnd.openxmlformats-officedocument.wordprocessingml.document", COPY),
    status: 422,
    pointers: [""],
  },
  { name: "a merge patch as a new article", ask: json("{}", { type: "application/merge-patch+json" }), status: 415 },
  {
    name: "a merge patch as a section",
    ask: () => ({ ...admin("PUT", "/sections/moi", { title: "Mới" }), type: "application/merge-patch+json" }),
    status: 415,
  },
  { name: "a PATCH as text", ask: () => patch("headline: x", { type: "text/plain" }), status: 415 },
  { name: "a PATCH without a type", ask: () => patch(new Uint8Array([123, 125])), status: 415 },
  {
    name: "copy declared and written as windows-1258",
    ask: text(
      "text/plain; charset=windows-1258",
      latin("Ch\xEE phi\xEAn h\xF2p b\xEAn s\xF4ng \xF0\xF4ng ng\xFD\xF5i"),
    ),
    status: 415,
    says: /windows-1258.*UTF-8/,
  },
  {
    name: "copy written so, and not declared",
    ask: text("text/plain", latin("Ch\xEE phi\xEAn h\xF2p b\xEAn s\xF4ng \xF0\xF4ng ng\xFD\xF5i")),
    status: 415,
    says: /windows-1258/,
  },
  {
    name: "copy in UTF-16",
    ask: text("text/plain", new Uint8Array(Buffer.from(`\uFEFF${COPY}`, "utf16le"))),
    status: 415,
    says: /UTF-16/,
  },
  {
    name: "HTML in UTF-16 without a mark",
    ask: text("text/html", new Uint8Array(Buffer.from("<p>Tin</p>", "utf16le"))),
    status: 415,
    says: /UTF-16/,
  },
];

const SIZES: Row[] = [
  { name: "2 MB of JSON", ask: json(JSON.stringify(story({ standfirst: "x".repeat(2 << 20) }))), status: 413 },
  { name: "2 MB of JSON as a PATCH", ask: () => patch({ standfirst: "x".repeat(2 << 20) }), status: 413 },
  { name: "2 MB of JSON as a setting", ask: () => admin("PUT", "/site", { title: "x".repeat(2 << 20) }), status: 413 },
  { name: "5 MB of copy", ask: text("text/plain", `${COPY}\n${"chữ ".repeat(850_000)}`), status: 413 },
  { name: "5 MB of escaped bytes", ask: text("text/plain", new Uint8Array(4 * 1024 * 1024 + 1).fill(65)), status: 413 },
];

const NO_IMAGE = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const IMAGES: Row[] = [
  { name: "a lead image without an image", ask: good({ leadImage: {} }), status: 422, pointers: ["/leadImage/image"] },
  {
    name: "a lead image with more than it has",
    ask: good({ leadImage: { image: NO_IMAGE, url: "https://x.example/a.jpg" } }),
    status: 422,
    pointers: ["/leadImage/url"],
  },
  {
    name: "images that there are not",
    ask: good({ leadImage: { image: NO_IMAGE }, body: [{ _type: "figure", image: NO_IMAGE }] }),
    status: 422,
    pointers: ["/leadImage/image", "/body/0/image"],
  },
  {
    name: "an image's id that is none",
    ask: good({ body: [{ _type: "figure", image: "../../etc/passwd" }] }),
    status: 422,
    pointers: ["/body/0/image"],
  },
  {
    name: "images that there are not, and other faults",
    ask: good({ headline: 7, body: [{ _type: "figure", image: NO_IMAGE }], summary: "x" }),
    status: 422,
    pointers: ["/body/0/image", "/headline", "/summary"],
  },
  {
    name: "an announcement of nothing",
    ask: () => admin("POST", "/images", {}),
    status: 422,
    pointers: ["/filename", "/contentType", "/bytes"],
  },
  {
    name: "an announcement of too much",
    ask: () => admin("POST", "/images", { filename: "a", contentType: "image/svg+xml", bytes: 53_000_000, key: "x" }),
    status: 422,
    pointers: ["/contentType", "/bytes", "/key"],
  },
  {
    name: "a picture as a GIF",
    ask: () => ({ ...admin("POST", "/images", "GIF89a"), type: "image/gif" }),
    status: 415,
  },
  {
    name: "a picture as HEIC",
    ask: () => ({ ...admin("POST", "/images", "x"), type: "image/heic" }),
    status: 415,
    says: /JPEG/,
  },
  {
    name: "a picture of no bytes",
    ask: () => ({ ...admin("POST", "/images", ""), type: "image/jpeg" }),
    status: 415,
  },
  {
    name: "a picture of more than 4 MB",
    ask: () => ({ ...admin("POST", "/images", new Uint8Array(4 * 1024 * 1024 + 1).fill(255)), type: "image/jpeg" }),
    status: 413,
  },
  {
    name: "a focal point outside of the picture",
    ask: () => admin("PATCH", `/images/${ids.image}`, { focalPoint: { x: 1.5, y: -1 }, alt: 7, sha256: "x" }),
    status: 422,
    pointers: ["/focalPoint/x", "/focalPoint/y", "/alt", "/sha256"],
  },
  { name: "a patch of an image that there is not", ask: () => admin("PATCH", `/images/${NO_IMAGE}`, {}), status: 404 },
  { name: "an image by what is no id", ask: () => admin("GET", "/images/x"), status: 404 },
];

const UNKNOWN: Row[] = [
  {
    name: "old paths that no story can have, each by its place",
    ask: good({ aliases: ["/cu.html", "/tags/x", "//x", "/thoi-su", 5, "/-"] }),
    status: 422,
    pointers: ["/aliases/1", "/aliases/2", "/aliases/3", "/aliases/4", "/aliases/5"],
  },
  {
    name: "an old path where a language's pages would stand",
    ask: good({ aliases: ["/cu/bai-viet"] }),
    status: 422,
    pointers: ["/aliases/0"],
    says: /cu is the code of a language, whose pages would stand there/,
  },
  { name: "an unknown field", ask: good({ summary: "x" }), status: 422, pointers: ["/summary"] },
  { name: "a name that a pointer has to escape", ask: good({ "a/b~c": 1 }), status: 422, pointers: ["/a~1b~0c"] },
  { name: "half of a natural key", ask: good({ source: "x" }), status: 422, pointers: ["/externalId"] },
  { name: "its other half", ask: good({ externalId: "1" }), status: 422, pointers: ["/source"] },
  {
    name: "a series without its name, and in parts that it cannot have",
    ask: good({ series: { slug: "Ven Sông", part: 0, of: 3 } }),
    status: 422,
    pointers: ["/series/slug", "/series/title", "/series/part", "/series/of"],
  },
  {
    name: "a translation of what can be no article",
    ask: good({ translationOf: "x" }),
    status: 422,
    pointers: ["/translationOf"],
  },
  {
    name: "a translation of what is none of the house's",
    ask: good({ translationOf: "01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
    status: 422,
    pointers: ["/translationOf"],
  },
  {
    name: "all of them at once",
    ask: good({ aliases: 1, series: 1, source: 1, externalId: 1, translationOf: 1 }),
    status: 422,
    pointers: ["/aliases", "/series", "/source", "/externalId", "/translationOf"],
  },
  {
    name: "fields that the server sets",
    ask: good({ id: "x", seq: 9, revision: 9, url: "/", warnings: [], siteSeq: 1, owner: {} }),
    status: 422,
    pointers: ["/id", "/seq", "/revision", "/url", "/warnings", "/siteSeq", "/owner"],
  },
  {
    name: "unknown fields in blocks",
    ask: withBody(para({ html: "x" }, { onclick: "x" }), { _type: "figure", image: "x", caption: "c" }),
    status: 422,
    pointers: ["/body/0/html", "/body/0/children/0/onclick", "/body/1/image"],
  },
  {
    name: "unknown fields in seo and bylines",
    ask: good({ seo: { robots: "x" }, bylines: [{ name: "A", role: "b" }] }),
    status: 422,
    pointers: ["/seo/robots", "/bylines/0/role"],
  },
  {
    name: "an unknown field of a formatted body",
    ask: good({ body: { format: "html", content: "x", safe: true } }),
    status: 422,
    pointers: ["/body/safe"],
  },
  {
    name: "__proto__ and constructor at several depths",
    ask: json(
      '{"__proto__":{"role":"admin"},"constructor":1,"seo":{"__proto__":1,"constructor":1},"bylines":[{"name":"A","__proto__":{}}],"body":[{"_type":"block","constructor":{},"children":[{"_type":"span","text":"x","__proto__":{"marks":[]}}]}]}',
    ),
    status: 422,
    pointers: [
      "/__proto__",
      "/constructor",
      "/seo/__proto__",
      "/seo/constructor",
      "/bylines/0/__proto__",
      "/body/0/constructor",
      "/body/0/children/0/__proto__",
    ],
  },
  {
    name: "__proto__ beside another fault",
    ask: json('{"__proto__":{},"headline":5}'),
    status: 422,
    pointers: ["/__proto__", "/headline"],
  },
  {
    name: "an unknown query parameter",
    ask: text("text/plain", COPY, "?sektion=thoi-su"),
    status: 422,
    pointers: ["/sektion"],
  },
  {
    name: "__proto__ and constructor in the query",
    ask: text("text/plain", COPY, "?__proto__=1&constructor=2&section=thoi-su"),
    status: 422,
    pointers: ["/__proto__", "/constructor"],
  },
  {
    name: "__proto__ in the query of a list",
    ask: list("__proto__=1&constructor=2"),
    status: 422,
    pointers: ["/__proto__", "/constructor"],
  },
  {
    name: "a query parameter beside JSON",
    ask: post(story({ colour: 1 }), { path: "/articles?section=kinh-te" }),
    status: 422,
    pointers: ["/section", "/colour"],
  },
  {
    name: "unknown front matter",
    ask: text("text/markdown", "---\nheadline: A\nlayout: post\n---\nx\n"),
    status: 422,
    pointers: ["/layout"],
    lines: { "/layout": 3 },
  },
  {
    name: "unknown nested front matter",
    ask: text("text/markdown", "---\nheadline: A\nbylines:\n  - name: B\n    role: C\nseo:\n  robots: x\n---\nx\n"),
    status: 422,
    pointers: ["/bylines/0/role", "/seo/robots"],
    lines: { "/bylines/0/role": 5, "/seo/robots": 7 },
  },
  {
    name: "constructor in front matter",
    ask: text("text/markdown", "---\nconstructor: x\nheadline: A\n---\nx\n"),
    status: 422,
    pointers: ["/constructor"],
    lines: { "/constructor": 2 },
  },
  {
    name: "__proto__ in front matter",
    ask: text("text/markdown", "---\nheadline: A\n__proto__:\n  role: admin\n---\nx\n"),
    status: 422,
    pointers: ["/__proto__"],
    lines: { "/__proto__": 3 },
  },
  {
    name: "front matter that never ends",
    ask: text("text/markdown", "---\nheadline: A\n"),
    status: 422,
    pointers: [""],
    lines: { "": 1 },
  },
  {
    name: "an unknown field when publishing",
    ask: () => publish({ when: "now", "a/b": 1 }),
    status: 422,
    pointers: ["/when", "/a~1b"],
  },
  {
    name: "publishing at no time, against an embargo that nobody says why to break",
    ask: () => publish({ at: "2999-02-30", breakEmbargo: "" }),
    status: 422,
    pointers: ["/at", "/breakEmbargo"],
  },
  { name: "publishing an array", ask: () => publish([]), status: 422, pointers: [""] },
  {
    name: "__proto__ when publishing",
    ask: () => publish('{"__proto__":{}}', { type: "application/json" }),
    status: 422,
    pointers: ["/__proto__"],
  },
  {
    name: "an unknown field of a PATCH, at depth",
    ask: () => patch({ seo: { x: 1 }, y: null, z: 1 }),
    status: 422,
    pointers: ["/seo/x", "/z"],
  },
  {
    name: "a status in a PATCH",
    ask: () => patch({ status: "published", headline: 5 }),
    status: 422,
    pointers: ["/status", "/headline"],
  },
  {
    name: "unknown fields of settings",
    ask: () => admin("PUT", "/site", { title: "T", theme: "x", nav: [{ title: "A", path: "/a", icon: 1 }] }),
    status: 422,
    pointers: ["/theme", "/nav/0/icon"],
  },
  {
    name: "__proto__ in settings",
    ask: () => ({ ...admin("PUT", "/site", '{"title":"","__proto__":1}'), type: "application/json" }),
    status: 422,
    pointers: ["/__proto__", "/title"],
  },
  {
    name: "an unknown query parameter of a PATCH",
    ask: () => patch({ headline: "x" }, { path: `/articles/${ids.draft}?force=1` }),
    status: 422,
    pointers: ["/force"],
  },
  {
    name: "a dry run that is misspelt",
    ask: () => publish(undefined, { path: `/articles/${ids.draft}/publish?dryrun=1` }),
    status: 422,
    pointers: ["/dryrun"],
  },
  {
    name: "a dry run of no known kind",
    ask: post(story(), { path: "/articles?dryRun=yes" }),
    status: 422,
    pointers: ["/dryRun"],
  },
  {
    name: "an unknown query parameter of a section",
    ask: () => admin("DELETE", "/sections/the-thao?force=1"),
    status: 422,
    pointers: ["/force"],
  },
];

const FIELDS: Row[] = [
  {
    name: "four faults at once",
    ask: good({ headline: 5, tags: times(11, String), section: "khong-co", canonicalUrl: "ftp://a.example/b" }),
    status: 422,
    pointers: ["/headline", "/tags", "/section", "/canonicalUrl"],
  },
  {
    name: "publishing without headline, body and section",
    ask: post({ status: "published" }),
    status: 422,
    pointers: ["/headline", "/body", "/section"],
  },
  {
    name: "publishing without headline and body, with a section that there is not",
    ask: post({ status: "published", section: "khong-co" }),
    status: 422,
    pointers: ["/headline", "/body", "/section"],
  },
  {
    name: "publishing without headline and body, with eleven tags",
    ask: post({ status: "published", section: "thoi-su", tags: times(11, String) }),
    status: 422,
    pointers: ["/headline", "/body", "/tags"],
  },
  { name: "publishing an empty body", ask: good({ body: [] }), status: 422, pointers: ["/body"] },
  {
    name: "a section that there is not",
    ask: good({ section: "khong-co" }),
    status: 422,
    pointers: ["/section"],
    says: /thoi-su/,
  },
  {
    name: "an author that there is not",
    ask: good({ bylines: [{ name: "A" }, { name: "B", author: "khong-co" }] }),
    status: 422,
    pointers: ["/bylines/1/author"],
  },
  {
    name: "a section that there is not, in a PATCH, with another fault",
    ask: () => patch({ section: "khong-co", tags: times(11, String) }),
    status: 422,
    pointers: ["/section", "/tags"],
  },
  ...["../x", "a/b", "%2e%2e", "..", "a--b", "-a", "A", "chợ", "a\u0000b/", "x".repeat(80), ""].map((slug): Row => ({
    name: `the slug ${JSON.stringify(slug.slice(0, 20))}`,
    ask: good({ slug }),
    status: 422,
    pointers: ["/slug"],
  })),
  { name: "a section to climb out by", ask: good({ section: "../../etc" }), status: 422, pointers: ["/section"] },
  { name: "11 tags", ask: good({ tags: times(11, (n) => `t${n}`) }), status: 422, pointers: ["/tags"] },
  {
    name: "an empty tag, and one that is no text",
    ask: good({ tags: [" ", 5] }),
    status: 422,
    pointers: ["/tags/0", "/tags/1"],
  },
  {
    name: "6 bylines",
    ask: good({ bylines: times(6, (n) => ({ name: `n${n}` })) }),
    status: 422,
    pointers: ["/bylines"],
  },
  {
    name: "a headline of 301 characters, a standfirst of 4,001",
    ask: good({ headline: "x".repeat(301), standfirst: "x".repeat(4001) }),
    status: 422,
    pointers: ["/headline", "/standfirst"],
  },
  { name: "null for a field of a new article", ask: good({ kicker: null }), status: 422, pointers: ["/kicker"] },
  {
    name: "a status that may not be asked for",
    ask: good({ status: "withdrawn" }),
    status: 422,
    pointers: ["/status"],
  },
  { name: "a locale that there is not", ask: good({ locale: "zz-ZZ-zz" }), status: 422, pointers: ["/locale"] },
  ...[
    "2024-02-30",
    "2024-13-01T00:00",
    "2024-01-01T25:00",
    "0000-01-01T00:00:00+14:00",
    "yesterday",
    "",
    "01/02/2024",
  ].map((publishedAt): Row => ({
    name: `publishedAt ${JSON.stringify(publishedAt)}`,
    ask: good({ publishedAt }),
    status: 422,
    pointers: ["/publishedAt"],
  })),
  {
    name: "publishedAt in the future",
    ask: good({ publishedAt: "2999-01-01T00:00:00Z" }),
    status: 422,
    pointers: ["/publishedAt"],
    says: /future/,
  },
  ...["2024-02-30", "yesterday", "9999-12-31T23:59:59Z", "9999-12-31T23:59-14:00"].map((embargoUntil): Row => ({
    name: `embargoUntil ${JSON.stringify(embargoUntil)}`,
    ask: good({ embargoUntil }),
    status: 422,
    pointers: ["/embargoUntil"],
  })),
  {
    name: "embargoUntil as a number, and broken for no reason",
    ask: good({ embargoUntil: 1, breakEmbargo: " " }),
    status: 422,
    pointers: ["/embargoUntil", "/breakEmbargo"],
  },
  {
    name: "an embargo that is broken by a draft",
    ask: good({ breakEmbargo: "Gấp.", status: "draft" }),
    status: 422,
    pointers: ["/breakEmbargo"],
  },
  {
    name: "publishing a story at once that is under embargo",
    ask: good({ embargoUntil: "2999-01-01" }),
    status: 409,
    says: /breakEmbargo/,
  },
  {
    name: "publishedAt as a number",
    ask: good({ publishedAt: 1_700_000_000 }),
    status: 422,
    pointers: ["/publishedAt"],
  },
  {
    name: "copy with a date that there is not",
    ask: text("text/plain", "Tin ngắn\n\n31/02/2024, 08:30\n\nSáng nay chợ họp.\n"),
    status: 422,
    pointers: ["/publishedAt"],
    lines: { "/publishedAt": 3 },
  },
  {
    name: "copy with a date in the future",
    ask: text("text/plain", "Tin ngắn\n\n31/12/2998, 08:30\n\nSáng nay chợ họp.\n"),
    status: 422,
    pointers: ["/publishedAt"],
    lines: { "/publishedAt": 3 },
  },
  {
    name: "front matter with a date that there is not",
    ask: text("text/markdown", "---\nheadline: A\npublishedAt: 2024-02-30\n---\nx\n"),
    status: 422,
    pointers: ["/publishedAt"],
    lines: { "/publishedAt": 3 },
  },
  {
    name: "a fault of the query, not of the front matter that it stands for",
    ask: text("text/markdown", "---\nheadline: A\nsection: thoi-su\n---\nx\n", "?section=A%20B"),
    status: 422,
    pointers: ["/section"],
    lines: {},
  },
  { name: "empty copy", ask: text("text/plain", "\n\n"), status: 422, pointers: [""], lines: { "": 1 } },
  {
    name: "copy, published without a section",
    ask: text("text/plain", COPY, "?status=published"),
    status: 422,
    pointers: ["/section"],
  },
  { name: "an ftp address", ask: good({ canonicalUrl: "ftp://a.example/" }), status: 422, pointers: ["/canonicalUrl"] },
];

const BODY: Row[] = [
  { name: "5,001 blocks", ask: withBody(...times(5001, () => para())), status: 422, pointers: ["/body"], says: /5000/ },
  {
    name: "5,001 paragraphs of text",
    ask: good({ body: { format: "text", content: "x\n\n".repeat(5001) } }),
    status: 422,
    pointers: ["/body"],
  },
  {
    name: "31 figures",
    ask: withBody(...times(31, () => ({ _type: "figure", caption: "c" }))),
    status: 422,
    pointers: ["/body"],
    says: /30/,
  },
  {
    name: "31 figures of copy",
    ask: text("text/plain", `Tin ngắn\n\nSáng nay chợ họp.\n\n${"Một bức ảnh. Ảnh: PV\n\n".repeat(31)}`),
    status: 422,
    pointers: ["/body"],
  },
  {
    name: "a javascript: link",
    ask: withBody(para({ markDefs: [{ _type: "link", _key: "l", href: "javascript:alert(1)" }] }, { marks: ["l"] })),
    status: 422,
    pointers: ["/body/0/markDefs/0/href"],
  },
  {
    name: "links that only look like one",
    ask: withBody(
      para({
        markDefs: ["java\tscript:alert(1)", "//evil.example", "data:text/html,x", "https://a@b.example", "/x"].map(
          (href, n) => ({ _type: "link", _key: `l${n}`, href }),
        ),
      }),
    ),
    status: 422,
    pointers: times(5, (n) => `/body/0/markDefs/${n}/href`),
  },
  {
    name: "a mark without its markDef",
    ask: withBody(para({}, { marks: ["strong", "l"] })),
    status: 422,
    pointers: ["/body/0/children/0/marks/1"],
  },
  {
    name: "a mark without its markDef, beside other faults of the block",
    ask: withBody(para({ html: 1, markDefs: [{ _type: "link", _key: "l", href: "javascript:x" }] }, { marks: ["k"] })),
    status: 422,
    pointers: ["/body/0/html", "/body/0/markDefs/0/href", "/body/0/children/0/marks/0"],
  },
  {
    name: "an embed of javascript:",
    ask: withBody({ _type: "embed", url: "javascript:alert(1)" }),
    status: 422,
    pointers: ["/body/0/url"],
  },
  {
    name: "an embed of mailto:",
    ask: withBody({ _type: "embed", url: "mailto:a@b.example" }),
    status: 422,
    pointers: ["/body/0/url"],
  },
  {
    name: "blocks of no kind, and no blocks",
    ask: withBody({ _type: "script", text: "x" }, "x", null, {}),
    status: 422,
    pointers: ["/body/0/_type", "/body/1", "/body/2", "/body/3/_type"],
  },
  {
    name: "an empty table, and a pull quote of nothing",
    ask: withBody({ _type: "table", rows: [] }, { _type: "pullquote", text: "" }),
    status: 422,
    pointers: ["/body/0/rows", "/body/1/text"],
  },
  {
    name: "a format of no kind",
    ask: good({ body: { format: "docx", content: "x" } }),
    status: 422,
    pointers: ["/body/format"],
  },
  { name: "a body as text", ask: good({ body: "x" }), status: 422, pointers: ["/body"] },
];

const LISTS: Row[] = [
  ...["0", "101", "-1", "x", "1.5", "", "1e1"].map((limit): Row => ({
    name: `limit ${JSON.stringify(limit)}`,
    ask: list(`limit=${limit}`),
    status: 422,
    pointers: ["/limit"],
  })),
  ...["x", "", "MTp4", Buffer.from("2:01ARZ3NDEKTSV4RRFFQ69G5FAV").toString("base64url")].map((cursor): Row => ({
    name: `cursor ${JSON.stringify(cursor)}`,
    ask: list(`cursor=${cursor}`),
    status: 422,
    pointers: ["/cursor"],
  })),
  {
    name: "every parameter wrong at once",
    ask: list("status=live&from=x&to=2024-02-30&limit=0&cursor=x&order=asc"),
    status: 422,
    pointers: ["/status", "/from", "/to", "/limit", "/cursor", "/order"],
  },
  {
    name: "a parameter twice",
    ask: list("from=2024-01-01&from=x&section=a&section=b"),
    status: 422,
    pointers: ["/from", "/section"],
  },
  { name: "a list's parameter that is not UTF-8", ask: list("tag=%C3%28"), status: 400, pointers: ["/tag"] },
];

const KEYS: Row[] = [
  { name: "no key", ask: { ...good(), key: null }, status: 401 },
  ...["x", "bs_x_y", FALSE_KEY.slice(0, -1), `${FALSE_KEY}0`, `${FALSE_KEY}\u00A0x`].map((key): Row => ({
    name: `the malformed key ${key.slice(0, 8)}… of ${key.length}`,
    ask: { ...good(), key },
    status: 401,
  })),
  {
    name: "another scheme",
    ask: { ...good(), key: null, headers: { authorization: `Basic ${FALSE_KEY}` } },
    status: 401,
  },
  { name: "an id that there is not", ask: { ...good(), key: FALSE_KEY }, status: 401 },
  { name: "a false secret", ask: () => ({ ...good(), key: falseSecret(house.adminKey) }), status: 401 },
  { name: "a revoked key", ask: () => ({ ...good(), key: keys.revoked }), status: 401 },
  { name: "an expired key", ask: () => ({ ...good(), key: keys.expired }), status: 401 },
  {
    name: "no key, and nothing else right either",
    ask: { ...json("{"), key: null, path: "/articles?x=%ff" },
    status: 401,
  },
  {
    name: "a key of nothing",
    ask: () => admin("POST", "/keys", { name: "", role: "chief", sections: [], expiresAt: "2001-01-01", id: "x" }),
    status: 422,
    pointers: ["/name", "/role", "/sections", "/expiresAt", "/id"],
  },
  {
    name: "a key that expires at a time that cannot be kept",
    ask: () => admin("POST", "/keys", { name: "A", role: "editor", expiresAt: "9999-12-31T23:59-14:00" }),
    status: 422,
    pointers: ["/expiresAt"],
  },
  {
    name: "a key that expires at no time",
    ask: () => admin("POST", "/keys", { name: "A", role: "editor", expiresAt: "soon" }),
    status: 422,
    pointers: ["/expiresAt"],
  },
  {
    name: "a key for a reserved section",
    ask: () => admin("POST", "/keys", { name: "A", role: "editor", sections: ["tags", "thoi-su"] }),
    status: 422,
    pointers: ["/sections/0"],
  },
  { name: "revoking a key that there is not", ask: () => admin("DELETE", "/keys/000000000000"), status: 404 },
];

const ROLES: Row[] = [
  { name: "a reporter publishes at once", ask: () => ({ ...good(), key: house.reporterKey }), status: 403 },
  {
    name: "a reporter publishes",
    ask: () => publish(undefined, { path: `/articles/${ids.bound}/publish`, key: keys.boundReporter }),
    status: 403,
  },
  {
    name: "a reporter publishes without If-Match",
    ask: () => publish(undefined, { path: `/articles/${ids.bound}/publish`, key: keys.boundReporter, headers: {} }),
    status: 403,
  },
  {
    name: "a reporter changes another's published story",
    ask: () => patch({ headline: "x" }, { path: `/articles/${ids.published}`, key: house.reporterKey }),
    status: 403,
  },
  {
    name: "a reporter reads another's draft",
    ask: () => ({ method: "GET", path: `/articles/${ids.theirs}`, key: house.reporterKey }),
    status: 404,
  },
  {
    name: "a reporter asks for the receipt of another's draft",
    ask: () => ({ method: "GET", path: `/articles/${ids.theirs}/live`, key: house.reporterKey }),
    status: 404,
  },
  {
    name: "a reporter changes another's draft",
    ask: () => patch({ headline: "x" }, { path: `/articles/${ids.theirs}`, key: house.reporterKey }),
    status: 404,
  },
  {
    name: "a reporter changes the settings",
    ask: () => ({ ...admin("PUT", "/site", { title: "x" }), key: house.reporterKey }),
    status: 403,
  },
  { name: "an editor changes the settings", ask: { method: "PUT", path: "/site", body: { title: "x" } }, status: 403 },
  {
    name: "an editor makes a key",
    ask: { method: "POST", path: "/keys", body: { name: "x", role: "admin" } },
    status: 403,
  },
  { name: "a bound editor files elsewhere", ask: () => ({ ...good(), key: keys.bound }), status: 403 },
  {
    name: "a bound editor changes a story elsewhere",
    ask: () => patch({ headline: "x" }, { key: keys.bound }),
    status: 403,
  },
  {
    name: "a bound editor publishes a story elsewhere",
    ask: () => publish(undefined, { key: keys.bound }),
    status: 403,
  },
  {
    name: "a bound editor moves a story elsewhere",
    ask: () => patch({ section: "kinh-te" }, { path: `/articles/${ids.bound}`, key: keys.bound }),
    status: 403,
  },
];

const CONDITIONS: Row[] = [
  { name: "a PATCH without If-Match", ask: () => patch({ headline: "x" }, { headers: {} }), status: 428 },
  { name: "publishing without If-Match", ask: () => publish(undefined, { headers: {} }), status: 428 },
  ...['"s2"', 'W/"s1"', "s1", '"S1"', '"s0", "s9"'].map((tag): Row => ({
    name: `If-Match: ${tag}`,
    ask: () => patch({ headline: "x" }, { headers: { "if-match": tag } }),
    status: 412,
  })),
  {
    name: "publishing an old version",
    ask: () => publish(undefined, { headers: { "if-match": '"s9"' } }),
    status: 412,
  },
  ...["k".repeat(256), "khoá", "a\tb"].map((key): Row => ({
    name: `the Idempotency-Key ${key.slice(0, 4)}… of ${key.length}`,
    ask: { ...good(), headers: { "idempotency-key": key } },
    status: 422,
    pointers: [""],
    says: /255/,
  })),
  {
    name: "publishing under such a key",
    ask: () => publish(undefined, { headers: { "if-match": '"s1"', "idempotency-key": "k".repeat(256) } }),
    status: 422,
    pointers: [""],
  },
  {
    name: "making a key under such a key",
    ask: () => ({ ...admin("POST", "/keys", { name: "A", role: "editor" }), headers: { "idempotency-key": "" } }),
    status: 422,
    pointers: [""],
  },
];

const SITE: Row[] = [
  ...[
    "tags",
    "images",
    "feed2",
    "sitemap-x",
    "404",
    "vi",
    "en",
    "authors",
    "archive",
    "assets",
    "search",
    "desk",
    "hooks",
    "robots",
  ].map((slug): Row => ({
    name: `the reserved section ${slug}`,
    ask: () => admin("PUT", `/sections/${slug}`, { title: "T" }),
    status: 422,
    pointers: ["/slug"],
  })),
  ...["A", "a--b", "%252e%252e", "a%2Fb", "x".repeat(80)].map((slug): Row => ({
    name: `the section ${slug.slice(0, 12)}`,
    ask: () => ({ ...admin("PUT", `/sections/${slug}`, { title: "T" }), raw: true }),
    status: 422,
    pointers: ["/slug"],
  })),
  {
    name: "a section with a wrong name and wrong fields",
    ask: () => admin("PUT", "/sections/tags", { name: "x" }),
    status: 422,
    pointers: ["/slug", "/title", "/name"],
  },
  {
    name: "an author with a wrong name and wrong fields",
    ask: () => admin("PUT", "/authors/A", { name: "", mail: "x" }),
    status: 422,
    pointers: ["/slug", "/name", "/mail"],
  },
  { name: "removing a section with stories", ask: () => admin("DELETE", "/sections/thoi-su"), status: 409 },
  { name: "removing a section that has a draft alone", ask: () => admin("DELETE", "/sections/kinh-te"), status: 409 },
  {
    name: "removing a section with stories, dry",
    ask: () => admin("DELETE", "/sections/thoi-su?dryRun=1"),
    status: 409,
  },
  { name: "removing a section that there is not", ask: () => admin("DELETE", "/sections/khong-co"), status: 404 },
  { name: "removing an author that there is not", ask: () => admin("DELETE", "/authors/khong-co"), status: 404 },
  {
    name: "another time zone after the first publication",
    ask: () => admin("PUT", "/site", { title: "T", timeZone: "Europe/Paris" }),
    status: 409,
    says: /Asia\/Ho_Chi_Minh/,
  },
  {
    name: "settings with every fault",
    ask: () =>
      admin("PUT", "/site", {
        title: " ",
        baseUrl: "javascript",
        timeZone: "Mars/Olympus",
        locale: "xx-yy-zz",
        logo: "x",
        nav: [{ title: "A", path: "//evil.example" }],
        imprint: [""],
      }),
    status: 422,
    pointers: ["/title", "/baseUrl", "/timeZone", "/locale", "/logo", "/nav/0/path", "/imprint/0"],
  },
  {
    name: "settings at a path",
    ask: () => admin("PUT", "/site", { title: "T", baseUrl: "https://a.example/b" }),
    status: 422,
    pointers: ["/baseUrl"],
  },
];

const nowhere = (method: string, path: string): Row => ({
  name: `${method} ${path}`,
  ask: () => admin(method, path.replace("ID", ids.draft), method === "GET" || method === "DELETE" ? undefined : {}),
  status: 404,
});
const MISSING: Row[] = [
  ...[
    "POST /wires",
    "POST /articles/ID/unpublish",
    "GET /articles/ID/submit",
    "DELETE /articles/ID",
    "PUT /articles/ID",
    "GET /desk",
    "GET /",
    "POST /site",
    "GET /sections/khong-co",
    "GET /authors/khong-co",
    "GET /keys/khong-co",
    "GET /articles/x",
    "GET /articles/01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "GET /articles/%ED%A0%80",
  ].map((route) => nowhere(...(route.split(" ") as [string, string]))),
  {
    name: "a PATCH of an article that there is not",
    ask: () => patch({ headline: "x" }, { path: "/articles/01ARZ3NDEKTSV4RRFFQ69G5FAV" }),
    status: 404,
  },
  {
    name: "a section to climb out by",
    ask: () => ({ ...admin("PUT", "/sections/%2e%2e", { title: "T" }), raw: true }),
    status: 404,
  },
  {
    name: "an article to climb out by",
    ask: () => ({ ...admin("GET", "/articles/..%2fsite"), raw: true }),
    status: 404,
  },
  {
    name: "an unknown route without a key",
    ask: { method: "POST", path: "/wires", key: null, body: {} },
    status: 404,
  },
];

/** A request whose path and bytes go out as they are written. */
const sendRaw = ({ method, path, key, headers = {}, body }: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(house.apiUrl);
    const all = { authorization: `Bearer ${key ?? house.editorKey}`, "content-type": "application/json", ...headers };
    const request = rawRequest({ hostname, port, method, path, headers: all }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const said = Buffer.concat(chunks).toString();
        const names = Object.entries(response.headers).map(([name, value]): [string, string] => [name, String(value)]);
        resolve({ status: response.statusCode ?? 0, headers: new Headers(names), body: JSON.parse(said), text: said });
      });
    });
    request.on("error", reject).end(JSON.stringify(body));
  });

const send = (ask: Ask): Promise<Answer> => (ask.raw ? sendRaw(ask) : house.call(ask.method, ask.path, ask));

/** What nobody outside should read: files, stacks, names of the store, of its items and of libraries. */
const INTERNAL =
  /\.tsx?\b|node_modules|\bzod\b|broadsheet|dynamo|\bat \S+ \(|[A-Z]+#|\w(?:Error|Exception)\b|\[object|Unexpected token/;

const expectProblem = (answer: Answer, status: number): void => {
  expect(answer.status, answer.text.slice(0, 500)).toBe(status);
  expect(answer.headers.get("content-type")).toBe("application/problem+json");
  expect(answer.body).toMatchObject({
    type: expect.stringMatching(/^urn:broadsheet:problem:[a-z-]+$/),
    title: expect.stringMatching(/\S/),
    status,
    detail: expect.stringMatching(/\S/),
  });
  const { current: _, ...said } = answer.body;
  expect(JSON.stringify(said).replace(answer.body.type, "")).not.toMatch(INTERNAL);
};

const TABLE: Record<string, Row[]> = {
  "what cannot be read": UNREADABLE,
  "content types": TYPES,
  sizes: SIZES,
  images: IMAGES,
  "unknown names": UNKNOWN,
  fields: FIELDS,
  bodies: BODY,
  lists: LISTS,
  keys: KEYS,
  roles: ROLES,
  conditions: CONDITIONS,
  "the site": SITE,
  "what is not there": MISSING,
};

describe.each(Object.entries(TABLE))("%s", (_, rows) => {
  test.each(rows)("$name", async ({ ask, status, pointers = [], lines, says }) => {
    const asked = typeof ask === "function" ? ask() : ask;
    const before = await dump();
    const answer = await send(asked);
    expectProblem(answer, status);
    expect(answer.body.instance).toBe(new URL(asked.path, house.apiUrl).pathname);
    const { errors = [], detail } = answer.body;
    expect(errors.map((one: { pointer: string }) => one.pointer).sort()).toEqual([...pointers].sort());
    for (const one of errors) expect(one.detail).toMatch(/\S/);
    const found = errors
      .filter((one: { line?: number }) => one.line !== undefined)
      .map((one: { pointer: string; line: number }) => [one.pointer, one.line]);
    expect(Object.fromEntries(found)).toEqual(lines ?? Object.fromEntries(found));
    expect([detail, ...errors.map((one: { detail: string }) => one.detail)].join("\n")).toMatch(says ?? /\S/);
    expect(answer.headers.get("www-authenticate")).toBe(status === 401 ? "Bearer" : null);
    expect(Array.isArray(answer.body.moves)).toBe(status === 409);
    const current = { id: ids.draft, seq: 1, body: [{ _type: "block" }] };
    expect(answer.body).toMatchObject(status === 412 ? { current } : { status });
    await house.quiet();
    expect(await dump()).toEqual(before);
  });
});

test.each([
  ["by the function, past 4 MB", 4.4, 1],
  ["before the function, where its event would be larger than Lambda takes", 4.9, 0],
])("photos are refused %s", async (_, megabytes, asked) => {
  const before = { kept: await dump(), asked: house.functions.invocations.api };
  const form = formOf({ text: COPY, type: "text/plain" }, [Buffer.alloc(Math.round(megabytes * 1024 * 1024), 0xff)]);
  const answer = await fileForm(house, form);
  expectProblem(answer, 413);
  expect({ kept: await dump(), asked: house.functions.invocations.api }).toEqual({
    ...before,
    asked: before.asked + asked,
  });
});

test("7 MB are refused before the function is asked", async () => {
  const before = { kept: await dump(), asked: house.functions.invocations.api };
  const answer = await house.call("POST", "/articles", { type: "text/plain", body: "x".repeat(7 << 20) });
  expectProblem(answer, 413);
  expect({ kept: await dump(), asked: house.functions.invocations.api }).toEqual(before);
});

describe("a dry run checks everything and keeps nothing", () => {
  const dry: { name: string; ask: () => Ask; result: Record<string, unknown>; lacks?: string }[] = [
    {
      name: "a new story",
      ask: () => post(story(), { path: "/articles?dryRun=1", headers: { "idempotency-key": "dry", prefer: "wait=5" } }),
      result: {
        status: "published",
        revision: 1,
        seq: 1,
        url: expect.stringContaining("/thoi-su/cho-phien-hop-lai-ben-song-"),
        body: [expect.anything()],
      },
    },
    {
      name: "copy",
      ask: () => text("text/plain", COPY, "?dryRun=true&section=van-hoa"),
      result: { status: "draft", headline: "Tin ngắn về chợ", section: "van-hoa" },
    },
    {
      name: "a PATCH",
      ask: () => patch({ headline: "Mới" }, { path: `/articles/${ids.draft}?dryRun=1` }),
      result: { headline: "Mới", revision: 2, seq: 2, body: [expect.anything()] },
    },
    {
      name: "publishing",
      ask: () =>
        publish(
          {},
          {
            path: `/articles/${ids.draft}/publish?dryRun=1`,
            headers: { "if-match": '"s1"', "idempotency-key": "dry", prefer: "wait=5" },
          },
        ),
      result: { status: "published", seq: 2, publishedRevision: 1 },
    },
    {
      name: "settings",
      ask: () => admin("PUT", "/site?dryRun=1", { title: "Báo mới" }),
      result: { title: "Báo mới", sections: expect.any(Array) },
    },
    {
      name: "a section",
      ask: () => admin("PUT", "/sections/moi?dryRun=1", { title: "Mới" }),
      result: { slug: "moi", title: "Mới" },
    },
    {
      name: "removing a section",
      ask: () => admin("DELETE", "/sections/the-thao?dryRun=1"),
      result: {},
      lacks: "the-thao",
    },
    {
      name: "an author",
      ask: () => admin("PUT", "/authors/lan?dryRun=1", { name: "Lan" }),
      result: { slug: "lan", name: "Lan" },
    },
    {
      name: "a key",
      ask: () => admin("POST", "/keys?dryRun=1", { name: "Lan", role: "reporter" }),
      result: { name: "Lan", role: "reporter" },
    },
    {
      name: "revoking a key",
      ask: () => admin("DELETE", `/keys/${house.editorKey.split("_")[1]}?dryRun=1`),
      result: {},
      lacks: "Local editor",
    },
  ];
  test.each(dry)("$name", async ({ ask, result, lacks = "wait=" }) => {
    const before = await dump();
    const answer = await send(ask());
    expect(answer.body).toMatchObject(result);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain(lacks);
    expect(["etag", "location", "preference-applied"].filter((name) => answer.headers.has(name))).toEqual([]);
    await house.quiet();
    expect(await dump()).toEqual(before);
  });
});

test("after all this the house publishes a good story", async () => {
  const sent = await house.call("POST", "/articles", {
    body: story({ headline: "Tin sau cùng" }),
    headers: { prefer: "wait=10" },
  });
  expect(sent.status).toBe(201);
  expect(sent.body.live.state).toBe("live");
  const path = new URL(sent.body.url).pathname;
  expect((await house.read(path)).text).toContain("Tin sau cùng");
  expect(house.log()).not.toContain("api.fault");
});
