import { describe, expect, test } from "vitest";
import { type Body, blocks, type Figure, textBlockOf } from "../../shared/domain/body.ts";
import { checkBody } from "../../shared/intake/body.ts";
import { type Photo, type Picture, withImages, withPhotos, withSurplus } from "../../shared/intake/photos.ts";
import { readSubmission } from "../../shared/intake/submission.ts";
import { waiting, withWaiting } from "../../shared/intake/waiting.ts";

const p = textBlockOf;
const figure = (caption?: string, more: Partial<Figure> = {}): Figure => ({
  _type: "figure",
  ...(caption && { caption }),
  ...more,
});
const picture = (name?: string): Picture => ({
  bytes: new Uint8Array([1]),
  type: "image/jpeg",
  width: 3,
  height: 2,
  name,
});
const at = (block: number, name?: string): Photo => ({ ...picture(name), block });
const ID = "01JC0000000000000000000000";
const OTHER = "01JC0000000000000000000001";
const none = { photos: [], warnings: [] };

describe("photos", () => {
  test("fill the figures that have none, in order", () => {
    const body = [figure("A"), p("x"), figure("B", { image: ID }), figure("C"), figure("D")];
    expect(withPhotos({ body, ...none }, [picture("1"), picture("2")], undefined)).toStrictEqual({
      body,
      photos: [at(0, "1"), at(3, "2")],
      warnings: [],
    });
  });

  test("leave figures to those that have their place already, and come in the order of figures", () => {
    const body = [figure("A"), figure("B"), figure("C")];
    const { photos } = withPhotos({ body, photos: [at(1, "own")], warnings: [] }, [picture("1"), picture("2")], "PV");
    expect(photos.map(({ block, name }) => [block, name])).toStrictEqual([
      [0, "1"],
      [1, "own"],
      [2, "2"],
    ]);
  });

  test("that are too many follow the last paragraph without a caption, each named", () => {
    const before = [figure("A"), p("x")];
    const { body, photos, warnings } = withPhotos(
      { body: before, ...none },
      [picture("1"), picture("2.jpg"), picture()],
      undefined,
    );
    expect(body).toStrictEqual([...before, figure(), figure()]);
    expect(photos.map(({ block }) => block)).toStrictEqual([0, 2, 3]);
    expect(warnings).toMatchObject([
      { code: "surplus-photo", pointer: "/body/2", detail: expect.stringContaining('"2.jpg"') },
      { code: "surplus-photo", pointer: "/body/3" },
    ]);
    expect(before).toHaveLength(2);
  });

  test("that are too many carry the credit of all pictures", () => {
    expect(withSurplus({ body: [], ...none }, [picture()], "Hải An").body).toStrictEqual([
      figure(undefined, { credit: "Hải An" }),
    ]);
  });

  test.each(["(Còn nữa)", "(Hết)"])("stay above %s, and what was said of it moves with it", (mark) => {
    const warned = [
      { code: "x", pointer: "/body/0", detail: "" },
      { code: "x", pointer: "/body/1/children", detail: "" },
      { code: "x", pointer: "/body", detail: "" },
    ];
    const { body, photos, warnings } = withPhotos(
      { body: [p("x"), p(mark)], photos: [], warnings: warned },
      [picture(), picture()],
      undefined,
    );
    expect(body).toStrictEqual([p("x"), figure(), figure(), p(mark)]);
    expect(photos.map(({ block }) => block)).toStrictEqual([1, 2]);
    expect(warnings.slice(0, 3).map(({ pointer }) => pointer)).toStrictEqual(["/body/0", "/body/3/children", "/body"]);
  });

  test("change nothing when there are none", () => {
    const body = [figure("A")];
    expect(withPhotos({ body, ...none }, [], undefined)).toStrictEqual({ body, ...none });
  });
});

describe("withImages", () => {
  const body: Body = [p("x"), figure("A", { _key: "k", alt: "a" }), figure()];

  test("puts each id into the figure of its photo", () => {
    expect(withImages(body, [at(2), at(1)], [OTHER, ID])).toStrictEqual([
      p("x"),
      { _type: "figure", _key: "k", image: ID, alt: "a", caption: "A" },
      { _type: "figure", image: OTHER },
    ]);
  });

  test("makes the bytes that the schema makes of the same body: they have one digest", () => {
    const made = withImages(blocks.parse(body), [at(1)], [ID]);
    expect(JSON.stringify(made)).toBe(JSON.stringify(blocks.parse(made)));
  });

  test.each([
    ["an id is missing", [at(1), at(2)], [ID]],
    ["the block is no figure", [at(0)], [ID]],
    ["there is no such block", [at(9)], [ID]],
  ])("throws when %s", (_, photos, ids) => {
    expect(() => withImages(body, photos, ids)).toThrow(/block/);
  });
});

describe("a figure without a picture", () => {
  const body = [figure("A"), figure("B", { image: ID }), figure("C"), figure()];

  test("is named once, unless it has one or is about to", () => {
    const found = withWaiting(body, [waiting(figure("A"), 0), waiting(figure("B"), 1)], new Set([2]));
    expect(found.map(({ pointer }) => pointer)).toStrictEqual(["/body/0", "/body/3"]);
    expect(new Set(found.map(({ code }) => code))).toStrictEqual(new Set(["figure-without-picture"]));
  });

  test("keeps what its reader said of it, and other warnings stay", () => {
    const said = {
      code: "figure-without-picture",
      pointer: "/body/0",
      detail: "the picture https://a.b/ was not taken over",
    };
    const other = { code: "crosshead?", pointer: "/body/1", detail: "" };
    expect(withWaiting(body, [other, said], new Set([2, 3]))).toStrictEqual([other, said]);
  });
});

describe("caps", () => {
  const figures = (count: number): Body => Array.from({ length: count }, () => figure());
  const faultsOf = (body: Body, photos: Photo[] = []) => checkBody({ body, warnings: [], faults: [] }, photos).faults;

  test("30 figures pass, 31 do not", () => {
    expect(faultsOf(figures(30))).toStrictEqual([]);
    expect(faultsOf(figures(31))).toMatchObject([{ pointer: "/body", detail: expect.stringContaining("30") }]);
  });

  test("the ids that are to come count as bytes", () => {
    const room = 1024 * 1024 - JSON.stringify([p(""), figure()]).length;
    const body = [p("a".repeat(room)), figure()];
    expect(faultsOf(body)).toStrictEqual([]);
    expect(faultsOf(body, [at(1)])).toMatchObject([{ pointer: "/body", detail: expect.stringContaining("1 MB") }]);
  });
});

test("a figure that names an image waits for none", async () => {
  const sent = { body: [figure("A", { image: ID }), figure("B")] };
  const read = await readSubmission(
    { contentType: "application/json", bytes: Buffer.from(JSON.stringify(sent)), query: {} },
    { zone: "Asia/Ho_Chi_Minh", locale: "vi", now: 0, section: "thoi-su" },
  );
  expect(read).toMatchObject({
    ok: true,
    value: { photos: [], warnings: [{ code: "figure-without-picture", pointer: "/body/1" }] },
  });
});
