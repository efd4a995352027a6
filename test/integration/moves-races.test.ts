import { afterAll, beforeAll, expect, test } from "vitest";
import { type Desk, deskOf } from "../fixtures/desk.ts";
import { type Answer, type TestHouse, testHouse } from "../house.ts";
import { rebuilt } from "../rebuilt.ts";

let house: TestHouse;
let desk: Desk;
beforeAll(async () => {
  house = await testHouse();
  desk = await deskOf(house);
  Object.assign(house.pump, { twice: true, shuffled: true });
});
afterAll(() => house.close());

const ROUNDS = 200;
const AT_ONCE = 10;

type Item = Record<string, unknown>;
const itemsOf = async (id: string, prefix: string): Promise<Item[]> =>
  house.functions.services.table.query({ pk: `ARTICLE#${id}`, prefix });

/** What a story can go through, one move after the other: whether it is up, and whether the newest revision is what readers see. */
type Standing = { up: boolean; newest: boolean };
const STEPS: Record<string, (standing: Standing) => Standing | undefined> = {
  publish: () => ({ up: true, newest: true }),
  correct: ({ up, newest }) => (up && newest ? { up: true, newest: true } : undefined),
  withdraw: ({ up, newest }) => (up ? { up: false, newest } : undefined),
};

/** Publishing, correcting and withdrawing one story at the same moment; what is wrong with the end of it. */
const round = async (n: number): Promise<{ id: string; check: () => Promise<string[]>; done: string }> => {
  // Every other story has an edit that nobody has published; every other pair fires past versions.
  const [hasEdit, isBlind] = [n % 2 === 0, n % 4 < 2];
  const story = await desk.storyIn("published", { headline: `Vòng ${n} bản đầu` });
  const standing = hasEdit ? await desk.edit("owner", story, { headline: `Vòng ${n} bản sửa` }) : story;
  const more = isBlind ? { headers: { "if-match": "*" } } : {};
  const moves: [string, unknown][] = [
    ["publish", {}],
    ["correct", { note: `Vòng ${n} đính chính.`, patch: { headline: `Vòng ${n} bản đúng` } }],
    ["withdraw", { mode: "gone", reason: "Thử." }],
  ];
  const turned = [...moves.slice(n % 3), ...moves.slice(0, n % 3)];
  const answers = await Promise.all(
    turned.map(async ([move, body]) => ({ move, answer: await desk.move("editor", standing, move, body, more) })),
  );
  const won = answers
    .filter(({ answer }) => answer.status === 200)
    .map(({ move }) => move)
    .sort();
  return { id: story.body.id, check: () => wrongWith(standing, answers, isBlind), done: won.join("+") };
};

const wrongWith = async (
  story: Answer,
  answers: { move: string; answer: Answer }[],
  isBlind: boolean,
): Promise<string[]> => {
  const faults: string[] = [];
  const { id } = story.body;
  const now = await desk.get(story);
  for (const { move, answer } of answers)
    if (![200, 409, ...(isBlind ? [] : [412])].includes(answer.status)) faults.push(`${move}: ${answer.status}`);

  // One command after the other, none lost and none twice, each possible where it was done.
  const audit = await itemsOf(id, "AUDIT#");
  if (audit.length !== now.body.seq) faults.push(`${audit.length} records of ${now.body.seq} commands`);
  const done = audit.slice(story.body.seq).map((item) => String(item["action"]));
  let standing: Standing | undefined = { up: true, newest: story.body.revision === 1 };
  for (const action of done) standing = standing && STEPS[action]?.(standing);
  if (!standing) faults.push(`${done.join(", ")} is no way to go`);
  // Publishing what is published is answered, and changes nothing.
  const told = answers.filter(({ answer }) => answer.status === 200).map(({ move }) => move);
  if (done.some((action) => !told.includes(action)) || told.some((move) => move !== "publish" && !done.includes(move)))
    faults.push(`${told.join(", ")} were told, ${done.join(", ")} were done`);

  const { items } = (await desk.ask("editor", "GET", `/articles/${id}/revisions?limit=100`)).body;
  const revisions = items.map((one: { revision: number }) => one.revision).reverse();
  if (revisions.join() !== Array.from({ length: now.body.revision }, (_, at) => at + 1).join())
    faults.push(`revisions ${revisions.join()} of ${now.body.revision}`);

  const receipt = await desk.ask("editor", "GET", `/articles/${id}/live`);
  const page = await house.read(new URL(now.body.url).pathname);
  const front = `${await house.origin("/thoi-su")} ${await house.origin("/feed.xml")}`;
  const isUp = now.body.status === "published";
  if (standing && standing.up !== isUp) faults.push(`${done.join(", ")} ended ${now.body.status}`);
  if (receipt.body.state !== (isUp ? "live" : "not-public") || receipt.body.liveSeq !== receipt.body.seq)
    faults.push(`receipt: ${receipt.text}`);
  const shown = /<h1[^>]*>(.*?)<\/h1>/s
    .exec(page.text)?.[1]
    ?.replaceAll(/<[^>]+>/g, "")
    .trim();
  const seen = isUp ? (await desk.get(story, "other")).body.headline : undefined;
  if (page.status !== (isUp ? 200 : 410) || (isUp && shown !== seen)) faults.push(`page: ${page.status} ${shown}`);
  if (!isUp && (page.text + front).includes(`Vòng ${now.body.headline.split(" ")[1]} `))
    faults.push("what was withdrawn is shown");
  return faults.map((fault) => `${now.body.headline}: ${fault}`);
};

test(
  "publishing, correcting and withdrawing one story at once ends in one of the ways that the moves allow",
  { timeout: 300_000 },
  async () => {
    const ends = new Map<string, number>();
    const ids: string[] = [];
    for (let from = 0; from < ROUNDS; from += AT_ONCE) {
      const rounds = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => round(from + n)));
      await house.quiet();
      for (const { id, check, done } of rounds) {
        expect(await check()).toEqual([]);
        ids.push(id);
        ends.set(done, (ends.get(done) ?? 0) + 1);
      }
      // Fronts and feed as well are what the final state makes when it is rendered once: later rounds write them again.
      const { differences } = await rebuilt(
        house,
        rounds.map(({ id }) => id),
      );
      expect(differences).toEqual([]);
    }
    // The rounds met: each of the three won some, and was refused in others.
    for (const move of ["publish", "correct", "withdraw"]) {
      const won = [...ends].filter(([done]) => done.includes(move)).reduce((sum, [, count]) => sum + count, 0);
      expect(won, `${move}: ${JSON.stringify([...ends])}`).toBeGreaterThan(0);
      expect(won).toBeLessThan(ROUNDS);
    }
    // Nothing that a later round did has changed an earlier story's pages, and there is none that is not rendered anew.
    expect(await rebuilt(house, ids)).toEqual({ differences: [], untouched: [] });
  },
);
