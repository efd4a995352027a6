import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { classicToHtml } from "../../../shared/senders/kinds/classic.ts";
import { shown } from "../../fixtures/html/show.ts";
import { faultsOf, payload, read, submitted, type Upsert, upsertOf } from "../../fixtures/webhooks/send.ts";

/** The body as POST /articles makes it of an upsert, and the codes of what it warns of. */
const bodyOf = async (upsert: Upsert): Promise<{ lines: string[]; warnings: string[] }> => {
  const taken = await submitted(upsert);
  if (!taken.ok) throw new Error(JSON.stringify(taken.refusal));
  return { lines: shown(taken.value.body ?? []), warnings: taken.value.warnings.map(({ code }) => code) };
};

describe("Ghost", () => {
  it("a published post", async () => {
    const upsert = upsertOf(read("ghost", payload("ghost-published")));
    expect(upsert).toMatchObject({
      externalId: "66ff3a1c8d2e4b0001a1b2c3",
      version: "2024-10-05T01:30:00.000000000Z",
      isPublic: true,
      picture: {
        url: "https://bao.example.vn/content/images/2024/10/lu-le-thuy.jpg",
        alt: "Nhà dân ngập tới mái",
        caption: "Xã An Thủy, sáng 5/10. Ảnh: Lê An & CTV",
      },
    });
    const { body: _body, ...fields } = upsert.article;
    expect(fields).toEqual({
      headline: "Lũ ở Lệ Thủy: nước < 1 m & còn lên",
      standfirst: "Mưa lớn ba ngày liền, nước sông Kiến Giang vượt báo động 3",
      bylines: [{ name: "Nguyễn Thị Hạnh" }, { name: "Trần Văn Bình" }],
      tags: ["Thời tiết"],
      publishedAt: "2024-10-05T01:30:00.000Z",
      slug: "lu-o-le-thuy",
      seo: { title: "Lũ ở Lệ Thủy", description: "Tin lũ Lệ Thủy" },
    });
    expect((await bodyOf(upsert)).lines).toEqual([
      "Sáng 5/10, nước sông Kiến Giang [strong|lên nhanh].",
      "## Sơ tán trong đêm",
      "Hơn 2.000 hộ dân đã được đưa tới nơi an toàn.",
    ]);
  });

  it("an excerpt that Ghost cut out of the text is no standfirst", () => {
    const standfirst = (excerpt: string) =>
      upsertOf(read("ghost", payload("ghost-published", { post: { current: { custom_excerpt: null, excerpt } } })))
        .article["standfirst"];
    expect(standfirst("Sáng 5/10, nước sông Kiến Giang lên nhanh.")).toBeUndefined();
    expect(standfirst("Lũ lớn nhất mười năm")).toBe("Lũ lớn nhất mười năm");
  });

  it.each([
    ["unpublished", { status: "draft" }, { status: "published" }],
    ["for members", { visibility: "paid" }, { updated_at: "2024-10-05T01:12:00.000Z" }],
    ["scheduled", { status: "scheduled", published_at: "2099-01-01T00:00:00.000Z" }, { status: "draft" }],
    ["sent by e-mail alone", { status: "sent" }, { status: "draft" }],
  ])("a post that is %s is taken off, and kept", async (_name, current, previous) => {
    const { commands } = read("ghost", payload("ghost-published", { post: { current, previous } }));
    expect(
      commands.map((command) => [command.type, command.externalId, "isPublic" in command && command.isPublic]),
    ).toEqual([
      ["withdraw", "66ff3a1c8d2e4b0001a1b2c3", false],
      ["upsert", "66ff3a1c8d2e4b0001a1b2c3", false],
    ]);
    const upsert = commands.find((command) => command.type === "upsert");
    expect(upsert && (await submitted(upsert))).toMatchObject({ ok: true, value: { status: "draft" } });
  });

  it("a new draft, a deleted post, and what is none", () => {
    const nothing = { previous: { status: null, updated_at: null, published_at: null } };
    const draft = {
      post: { current: { status: "draft", html: null, published_at: null, feature_image: null, tags: [] }, ...nothing },
    };
    expect(upsertOf(read("ghost", payload("ghost-published", draft)))).toMatchObject({ isPublic: false });
    const deleted = { post: { current: {}, previous: { id: "66ff3a1c", updated_at: "2024-10-05T01:30:00.000Z" } } };
    expect(read("ghost", deleted).commands).toEqual([
      { type: "withdraw", externalId: "66ff3a1c", version: "2024-10-05T01:30:00.000000000Z~" },
    ]);
    for (const other of [{ page: { current: {} } }, { member: {} }, {}, null])
      expect(read("ghost", other)).toEqual({ commands: [], ignored: "The event is about no post." });
  });

  it("faults", () => {
    const current = { id: null, title: 1, tags: [{ name: 2 }], authors: "x" };
    expect(faultsOf("ghost", payload("ghost-published", { post: { current } }))).toEqual([
      "/post/current/id must be text or a whole number",
      "/post/current/title must be text",
      "/post/current/authors must be a list",
      "/post/current/tags/0/name must be text",
    ]);
  });
});

describe("WordPress", () => {
  it("a post of the REST API", async () => {
    const upsert = upsertOf(read("wordpress", payload("wordpress-rest")));
    const { body: _body, ...fields } = upsert.article;
    expect(fields).toEqual({
      headline: "Giá lúa tăng: “Nông dân & thương lái” cùng mừng",
      standfirst: "Vụ thu đông được mùa, được giá… hiếm thấy",
      bylines: [{ name: "Phạm Quang Đức" }],
      tags: ["lúa & gạo", "Đồng Tháp"],
      slug: "gia-lua-tang-dong-bang",
      publishedAt: "2024-10-05T01:30:00.000Z",
    });
    expect(upsert).toMatchObject({
      externalId: "1042",
      version: "2024-10-05T02:05:10.000000000Z",
      isPublic: true,
      picture: {
        url: "https://wp.example.vn/wp-content/uploads/2024/10/lua.jpg",
        alt: "Máy gặt trên đồng",
        caption: "Gặt lúa – Ảnh: Hữu Lộc",
      },
    });
    expect(await bodyOf(upsert)).toEqual({
      lines: [
        "Giá lúa tươi tại ruộng đạt 8.000 đồng/kg.",
        'figure {"alt":"Cánh đồng","caption":"Thu hoạch lúa ở Đồng Tháp"}',
      ],
      warnings: ["figure-without-picture"],
    });
  });

  it("a post without what is embedded; its own page is the canonical one if asked", () => {
    const bare = payload("wordpress-rest", { _embedded: null, excerpt: { rendered: "<p>Giá lúa [&hellip;]</p>" } });
    const { article } = upsertOf(read("wordpress", bare, {}, { mapping: { canonical: true } }));
    expect(Object.keys(article)).toEqual(["headline", "body", "slug", "publishedAt", "canonicalUrl"]);
    expect(article["canonicalUrl"]).toBe("https://wp.example.vn/2024/10/gia-lua-tang/");
  });

  it("a post of a plugin, as the classic editor wrote it", async () => {
    const upsert = upsertOf(read("wordpress", payload("wordpress-plugin")));
    expect(upsert).toMatchObject({
      externalId: "2077",
      version: "2024-10-06T00:10:00.000000000Z",
      isPublic: true,
      picture: { url: "https://wp.example.vn/wp-content/uploads/cho-noi.jpg" },
      article: {
        headline: "Chợ nổi & mùa nước",
        tags: ["Cần Thơ", "chợ nổi"],
        slug: "cho-noi-mua-nuoc",
        publishedAt: "2024-10-06T00:00:00.000Z",
      },
    });
    expect((await bodyOf(upsert)).lines).toEqual([
      "Chợ nổi Cái Răng [strong|họp sớm].\nGhe thuyền tấp nập.",
      'figure {"alt":"Chợ nổi","caption":"Chợ nổi lúc bình minh"}',
      "Du khách tới từ 5 giờ sáng.",
    ]);
  });

  it.each([
    ["draft", {}, "withdraw upsert"],
    ["pending", {}, "withdraw upsert"],
    ["future", { post_date_gmt: "2099-01-01 00:00:00" }, "withdraw upsert"],
    ["private", {}, "withdraw"],
    ["trash", {}, "withdraw"],
    ["publish", { post_password: "bí mật" }, "withdraw"],
    ["auto-draft", {}, ""],
    ["inherit", {}, ""],
    ["publish", { post_type: "page" }, ""],
  ])("a %s post (%o): %s", (post_status, more, types) => {
    const { commands } = read("wordpress", payload("wordpress-plugin", { post: { post_status, ...more } }));
    expect(commands.map(({ type }) => type).join(" ")).toBe(types);
    const upserts = commands.filter((command) => command.type === "upsert");
    expect(upserts.map(({ isPublic, version }) => `${isPublic} ${version}`)).toEqual(
      types.endsWith("upsert") ? ["false 2024-10-06T00:10:00.000000000Z"] : [],
    );
  });

  it("deletions", () => {
    const gone = [{ type: "withdraw", externalId: "1042", version: "2024-10-05T02:05:10.000000000Z~" }];
    expect(read("wordpress", { deleted: true, previous: payload("wordpress-rest") }).commands).toEqual(gone);
    expect(read("wordpress", payload("wordpress-rest", { action: "delete" })).commands).toEqual(gone);
    expect(read("wordpress", { hook: "post_deleted", post_id: 5 }).commands).toEqual([
      { type: "withdraw", externalId: "5" },
    ]);
    expect(upsertOf(read("wordpress", payload("wordpress-rest", { action: "post_untrash" }))).isPublic).toBe(true);
  });

  it("what is no post, and faults", () => {
    expect(read("wordpress", { test: "webhook" }).ignored).toMatch(/^The payload is no post/);
    expect(faultsOf("wordpress", { post_id: {}, post: { post_title: 3 } })).toEqual([
      "/post_id must be text or a whole number",
      "/post/post_status is needed",
      "/post/post_title must be text",
    ]);
    expect(faultsOf("wordpress", payload("wordpress-rest", { title: { rendered: "<b>".repeat(600) } }))).toEqual([
      "/title/rendered has too much HTML in it, or too deeply nested",
    ]);
  });

  it("shortcodes that are never closed take no time", () => {
    const text = "[caption x]".repeat(50_000) + "[caption".repeat(50_000) + "[embed]".repeat(50_000);
    expect(classicToHtml(text)).toContain("[caption x]");
    expect(classicToHtml("a\n\n[embed]https://youtu.be/x[/embed]\n\nb")).toBe(
      "<p>a</p>\n<p>https://youtu.be/x</p>\n<p>b</p>",
    );
  });
});

const topic = (action: string) => ({ "x-contentful-topic": `ContentManagement.${action}` });

describe("Contentful", () => {
  it("an entry with rich text, in the site's language", async () => {
    const upsert = upsertOf(
      read("contentful", payload("contentful-publish"), topic("Entry.publish"), { locale: "vi" }),
    );
    const { body: _body, ...fields } = upsert.article;
    expect(upsert).toMatchObject({
      externalId: "5KsDBWseXY6QegucYAoacS",
      version: "2024-10-05T01:30:00.250000000Z",
      isPublic: true,
    });
    expect(fields).toEqual({
      headline: "Metro số 1 chạy thử",
      standfirst: "Đoàn tàu đầu tiên rời ga Bến Thành lúc 5 giờ",
      tags: ["giao thông", "metro"],
      slug: "metro-so-1-chay-thu",
    });
    expect(await bodyOf(upsert)).toEqual({
      lines: [
        "## Chuyến đầu & <cuối>",
        "Tàu chạy [strong em|đúng giờ], theo [https://metro.example.vn/?a=1&b=2|ban quản lý].",
        "1. Bến Thành",
        " - Ba Son",
        "figure {}",
        "> Đi nhanh thật",
        'table {"header":true,"rows":[{"cells":["Ga","Giờ"]},{"cells":["Suối Tiên","5:30"]}]}',
      ],
      warnings: ["dropped-element", "figure-without-picture"],
    });
  });

  it("plain fields under names of a newsroom's own, an author and an asset that came along", () => {
    const fields = {
      heading: "Tin",
      text: "<p>Chữ</p>",
      author: { sys: { id: "a" }, fields: { name: { vi: "An" } } },
      image: { sys: { id: "b" }, fields: { description: "Ảnh", file: { url: "//images.ctfassets.net/a/b.jpg" } } },
    };
    const sys = { id: "e1", contentType: { sys: { id: "tinTuc" } }, version: 4 };
    const mapping = { contentType: "tinTuc", headline: "heading", body: "text" };
    expect(upsertOf(read("contentful", { sys, fields }, topic("Entry.save"), { mapping }))).toEqual({
      type: "upsert",
      externalId: "e1",
      version: "0000000000000004",
      article: { headline: "Tin", body: { format: "html", content: "<p>Chữ</p>" }, bylines: [{ name: "An" }] },
      picture: { url: "https://images.ctfassets.net/a/b.jpg", alt: "Ảnh" },
      isPublic: false,
    });
    expect(read("contentful", { sys, fields }, topic("Entry.save")).ignored).toBe(
      "The entry is a tinTuc, which is no article here.",
    );
  });

  it.each(["unpublish", "delete", "archive"])("%s", (action) =>
    expect(read("contentful", payload("contentful-unpublish"), topic(`Entry.${action}`)).commands).toEqual([
      { type: "withdraw", externalId: "5KsDBWseXY6QegucYAoacS", version: "2024-10-06T03:00:00.000000000Z" },
    ]),
  );

  it("what is ignored", () => {
    const why = (action: string, value = payload("contentful-publish")) =>
      read("contentful", value, topic(action)).ignored;
    expect(why("Asset.publish")).toBe("The event is about no entry.");
    expect(why("Entry.auto_save")).toBe("Nothing is done on auto_save.");
    expect(why("Entry.create", { sys: { id: "n" }, fields: { title: {} } })).toBe("The entry is empty yet.");
  });

  it("faults", () =>
    expect(faultsOf("contentful", { sys: {}, fields: {} }, topic("Entry.publish"))).toEqual([
      "/sys/id must be text or a whole number",
    ]));

  it("faults of fields", () =>
    expect(
      faultsOf("contentful", { sys: { id: "a" }, fields: { title: 1, body: { vi: [] } } }, topic("Entry.publish")),
    ).toEqual(["/fields/title must be text", "/fields/body must be text, or a rich text document"]));
});

describe("Sanity", () => {
  const headers = { "sanity-operation": "update", "sanity-project-id": "3do82whm", "sanity-dataset": "production" };

  it("a document with Portable Text", async () => {
    const reading = read("sanity", payload("sanity"), headers);
    const upsert = upsertOf(reading);
    const { body: _body, ...fields } = upsert.article;
    expect(upsert).toMatchObject({
      externalId: "7b1c9a54-3d2e-4f60-8a71-9c0d1e2f3a4b",
      version: "2024-10-05T01:30:00.000000000Z",
      isPublic: true,
      picture: {
        url: "https://cdn.sanity.io/images/3do82whm/production/928ac96d53b0c9049836c86ff25fd3c009039a16-1600x900.jpg",
        alt: "Lớp học",
      },
    });
    expect(fields).toEqual({
      headline: "Học sinh vùng cao tới trường",
      standfirst: "Năm học mới ở Mèo Vạc",
      bylines: [{ name: "Vàng Thị Mai" }],
      slug: "hoc-sinh-vung-cao-toi-truong",
      publishedAt: "2024-10-05T01:00:00.000Z",
    });
    expect((await bodyOf(upsert)).lines).toEqual([
      "## Đường xa",
      "Các em đi [strong https://edu.example.vn|hai giờ] tới lớp.",
      "- Sách vở",
      'figure {"_key":"d","alt":"Cầu treo","caption":"Cầu treo qua suối"}',
      'embed {"_key":"f","url":"https://www.youtube.com/watch?v=abc"}',
      'table {"_key":"g","rows":[{"_type":"tableRow","_key":"r","cells":["Lớp","Sĩ số"]},{"_type":"tableRow","_key":"s","cells":["1A","24"]}]}',
      'pullquote {"_key":"h","text":"Em thích đi học"}',
    ]);
    expect(reading.warnings?.map(({ pointer, detail }) => `${pointer} ${detail}`)).toEqual([
      "/body/1 a mark (internalLink), its text kept",
      "/body/1 a mark (link), its text kept",
      "/body/4 a block (poll)",
    ]);
  });

  it("what is deleted, a draft, another type", () => {
    const gone = { ...headers, "sanity-operation": "delete" };
    const id = "7b1c9a54-3d2e-4f60-8a71-9c0d1e2f3a4b";
    expect(read("sanity", payload("sanity"), gone).commands).toEqual([
      { type: "withdraw", externalId: id, version: "2024-10-05T01:30:00.000000000Z~" },
    ]);
    // No header is signed: what the body says of itself counts, and what is in no body is nothing.
    expect(faultsOf("sanity", "null", { ...gone, "sanity-document-id": id })).toEqual([" must be an object"]);
    const kept = read("sanity", payload("sanity", { operation: "update" }), gone);
    expect(kept.commands).toMatchObject([{ type: "upsert" }]);
    const ended = read("sanity", payload("sanity", { operation: "delete" }), headers);
    expect(ended.commands).toMatchObject([{ type: "withdraw", externalId: id }]);
    for (const draft of [`drafts.${id}`, `versions.r1.${id}`])
      expect(read("sanity", payload("sanity", { _id: draft }), gone).ignored).toBe("The document is a draft.");
    expect(read("sanity", payload("sanity", { _type: "author" }), headers).ignored).toBe(
      "The document is a author, which is no article here.",
    );
  });

  it("faults", () => {
    expect(faultsOf("sanity", payload("sanity", { title: { vi: "a" }, body: 3 }), headers)).toEqual([
      "/title must be text",
      "/body must be Portable Text, or text",
    ]);
    expect(faultsOf("sanity", [], headers)).toEqual([" must be an object"]);
  });
});

describe("GitHub", () => {
  const push = { "x-github-event": "push" };
  const version = "2024-10-05T01:21:00.000000000Z 2024-10-05T01:20:00.000000000Z";
  const raw = "https://raw.githubusercontent.com/toa-soan/bai-viet/2222222222222222222222222222222222222222";

  it("each file's last state", () =>
    expect(read("github", payload("github-push"), push).commands).toEqual([
      {
        type: "fetch",
        externalId: "content/Bão số 4.md",
        version,
        url: `${raw}/content/B%C3%A3o%20s%E1%BB%91%204.md`,
        as: "markdown",
      },
      { type: "withdraw", externalId: "content/tam.md", version },
      {
        type: "fetch",
        externalId: "content/mua.markdown",
        version,
        url: `${raw}/content/mua.markdown`,
        as: "markdown",
      },
      { type: "withdraw", externalId: "content/cu.md", version },
    ]));

  it("only of the mapped folder and branch", () => {
    const why = (mapping: unknown) => read("github", payload("github-push"), push, { mapping }).ignored;
    expect(why({ folder: "content/news" })).toBe("The push changes no article.");
    expect(why({ folder: "conten" })).toBe("The push changes no article.");
    expect(why({ branch: "live" })).toBe("The push is to refs/heads/main, not to refs/heads/live.");
    expect(read("github", payload("github-push"), push, { mapping: { folder: "content" } }).commands).toHaveLength(4);
  });

  it("a name that is not in NFC is asked for as it is, and called by its NFC", () => {
    const added = ["Ba\u0303o.md", "../../x/y/z.md"];
    const [command, ...more] = read("github", payload("github-push", { commits: [{ added }] }), push).commands;
    expect([command, more]).toEqual([
      { type: "fetch", externalId: "B\u00e3o.md", version, url: `${raw}/Ba%CC%83o.md`, as: "markdown" },
      [],
    ]);
  });

  it("as a form", () => {
    const form = new URLSearchParams({ payload: JSON.stringify(payload("github-push")) }).toString();
    expect(
      read("github", form, { ...push, "content-type": "application/x-www-form-urlencoded" }).commands,
    ).toHaveLength(4);
  });

  it("is no form because an unsigned header says so", () => {
    const inside = encodeURIComponent(JSON.stringify(payload("github-push")));
    const headline = payload("github-push", { x: `&payload=${inside}&` });
    const typed = { ...push, "content-type": "application/x-www-form-urlencoded" };
    expect(read("github", headline, typed)).toEqual(read("github", payload("github-push"), push));
  });

  it("a forced push to an older commit is newer than the push before it", () => {
    const forced = payload("github-push", {
      forced: true,
      head_commit: { timestamp: "2020-01-01T00:00:00Z" },
      repository: { pushed_at: 1728091300 },
    });
    const [command] = read("github", forced, push).commands;
    expect((command?.version ?? "") > version).toBe(true);
  });

  it("too much at once", () => {
    const added = Array.from({ length: 101 }, (_, n) => `${n}.md`);
    expect(faultsOf("github", payload("github-push", { commits: [{ added }] }), push)).toEqual([
      "/commits change 101 articles, more than 100 in one push",
    ]);
    const commits = Array.from({ length: 2048 }, () => ({}));
    expect(faultsOf("github", payload("github-push", { commits }), push)).toEqual([
      "/commits lists no more than 2048 commits: what the others changed is not known",
    ]);
  });

  it("faults", () => {
    const bad = { after: "../..", repository: { full_name: "../evil" }, commits: [{ added: [1] }] };
    expect(faultsOf("github", payload("github-push", bad), push)).toEqual([
      "/after must be a commit's id in hex",
      "/commits/0/added/0 must be text",
      "/repository/full_name must be owner/name",
    ]);
  });

  it("GitHub's own examples of every event", () => {
    const file = new URL("../../../node_modules/@octokit/webhooks-examples/api.github.com/index.json", import.meta.url);
    const events: { name: string; examples: unknown[] }[] = JSON.parse(readFileSync(file, "utf8"));
    const all = events.flatMap(({ name, examples }) =>
      examples.map((example) => read("github", example, { "x-github-event": name })),
    );
    expect(all.length).toBeGreaterThan(100);
    // They push tags, delete them, or change the README.
    expect(all.filter(({ ignored }) => ignored === undefined)).toEqual([]);
    expect(new Set(all.map(({ ignored }) => ignored))).toContain("The push changes no article.");
  });
});
