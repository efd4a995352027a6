import { describe, expect, test } from "vitest";
import { HEIC_TEXT, refusalText } from "../../../shared/domain/image.ts";
import { pictureFrom } from "../../../shared/intake/picture/picture.ts";
import { accepted, refused } from "../../fixtures/pictures.ts";

const good = await accepted();
const bad = (await refused()).filter(({ by }) => by === "look");

describe("bytes as a picture", () => {
  test.each(good)("$name", ({ bytes, type }) => {
    expect(pictureFrom(bytes, "a.jpg")).toMatchObject({ bytes, type, name: "a.jpg" });
  });

  test.each(bad)("$name is none: $reason", ({ bytes, reason, heic }) => {
    expect(pictureFrom(bytes)).toEqual({ refused: reason, detail: heic ? HEIC_TEXT : refusalText(reason) });
  });

  test.each([
    [undefined, undefined],
    ["", undefined],
    ["Lũ\n\u202Ehai.jpg", "Lũ hai.jpg"],
    ["x".repeat(300), "x".repeat(80)],
  ])("a file called %j is called %j in messages", (filename, name) => {
    const [one] = good;
    expect(pictureFrom(one?.bytes ?? new Uint8Array(), filename)).toMatchObject({ name });
  });
});
