import { expect } from "vitest";
import { photo } from "../fixtures/pictures.ts";
import { story, testHouse, type TestHouse } from "../house.ts";
import { figure, sendPicture } from "../pictures.ts";

type Filed = { id: string; path: string };
export type Newspaper = { house: TestHouse; long: Filed };

/** What the pictures of the long story show. */
export const ALTS = ["Chợ nhìn từ trên cao.", "Tháp chuông bên chợ.", "Con tem cũ."] as const;
/** Every arrangement of a list: the lead with two cards beside it, twice, with one, with none, and too small for its place. */
export const LISTS = ["/", "/thoi-su", "/kinh-te", "/van-hoa", "/the-thao"];

const SENTENCE = "Sáng nay chợ họp lại bên sông, người mua kẻ bán đông như trước, ghe thuyền về chật bến. ";
const paragraph = { _type: "block", children: [{ _type: "span", text: SENTENCE.repeat(5) }] };
const screensful = Array.from({ length: 8 }, () => paragraph);

/** A house with three pictures in eleven stories: a long one that has them far from one another, and what its lists need. */
export const newspaper = async (): Promise<Newspaper> => {
  const house = await testHouse();
  try {
    return { house, long: await fill(house) };
  } catch (error) {
    await house.close();
    throw error;
  }
};

const fill = async (house: TestHouse): Promise<Filed> => {
  const picture = async (width: number, height: number): Promise<string> => {
    const sent = await sendPicture(house, await photo({ width, height, seed: 900 }));
    expect(sent.status, sent.text).toBe(201);
    return sent.body.id;
  };
  const file = async (section: string, body: unknown[], standfirst = SENTENCE): Promise<Filed> => {
    const sent = await house.call("POST", "/articles", { body: story({ section, standfirst, body }) });
    expect(sent.status, sent.text).toBe(201);
    return { id: sent.body.id, path: new URL(sent.body.url).pathname };
  };
  const [landscape, portrait, small] = [await picture(2400, 1600), await picture(800, 1200), await picture(300, 200)];
  // Ready before any story names them, so that its page is rendered once.
  await house.quiet();

  // The first is the last on the front, a long way down.
  await file("thoi-su", [figure(small), paragraph]);
  for (let n = 0; n < 5; n++) await file("thoi-su", [paragraph], SENTENCE.repeat(8));
  await file("the-thao", [figure(small), paragraph]);
  await file("van-hoa", [figure(landscape), paragraph]);
  await file("kinh-te", [figure(portrait), paragraph]);
  await file("kinh-te", [figure(landscape), paragraph]);
  const long = await file("thoi-su", [
    figure(landscape, { alt: ALTS[0] }),
    ...screensful,
    figure(portrait, { alt: ALTS[1] }),
    ...screensful,
    figure(small, { alt: ALTS[2] }),
    paragraph,
  ]);
  await house.quiet();
  return long;
};
