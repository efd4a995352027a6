import { childHouse, type ChildHouse, publish, storyOf, untilRead } from "./child.ts";
import { quantile, type Row } from "./table.ts";

const POSTS = 50;
/** Publishes before the first that is timed: few, for a newsroom's first story of the day meets a new process too. */
const WARM = 10;

const untilVisible = async (house: ChildHouse, n: number): Promise<number> => {
  const { ms: time, page } = await untilRead(house, storyOf(n));
  if (!page.includes(`Tin số ${n}`)) throw new Error("the page is another story's");
  return time;
};

const ms = (values: number[]): string =>
  `p50 ${quantile(values, 0.5).toFixed(0)} ms, p95 ${quantile(values, 0.95).toFixed(0)} ms`;

export const visible = async (): Promise<Row[]> => {
  const house = await childHouse();
  const times: number[] = [];
  const posts: number[] = [];
  for (let n = 0; n < POSTS + WARM; n++) {
    const time = await untilVisible(house, n);
    if (n >= WARM) times.push(time);
    // The lists of the one before are not part of the next one's time.
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  for (let n = 0; n < POSTS; n++) {
    posts.push((await publish(house, n)).ms);
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  await house.close();
  const heldHouse = await childHouse(true);
  const held: number[] = [];
  for (let n = 0; n < POSTS + WARM; n++) {
    const { ms: time } = await publish(heldHouse, n);
    if (n >= WARM) held.push(time);
  }
  await heldHouse.close();
  return [
    {
      what: "POST (published) -> page read on the CDN",
      figure: ms(times),
      goal: "p50 <= 50, p95 <= 120 ms",
      peer: "Ghost 6.65, SQLite: p50 202-334, p95 349-532 ms",
    },
    { what: "POST (published) -> 201", figure: ms(posts) },
    { what: "POST (published) -> 201, the pump held", figure: ms(held), goal: "as fast" },
  ];
};
