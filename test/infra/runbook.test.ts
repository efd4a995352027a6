import { readFileSync } from "node:fs";
import * as z from "zod";
import { beforeAll, describe, expect, test } from "vitest";
import { ALARM_IDS, budget } from "../../infra/alarms.ts";
import { functions } from "../../infra/topology.ts";
import { synthesize, type Template } from "./template.ts";

const text = readFileSync("infra/RUNBOOK.md", "utf8");
/** What stands under each heading of the second rank. */
const chapters = new Map(
  text
    .split(/^## /m)
    .slice(1)
    .map((chapter) => [chapter.slice(0, chapter.indexOf("\n")), chapter]),
);

test("every alarm has its heading, and every heading its alarm, in one order", () => {
  expect([...chapters.keys()]).toEqual([...ALARM_IDS]);
});

test.each([...chapters])("%s says what it means, how to look, what to do, and when it is over", (_, chapter) => {
  const at = ["**What it means.**", "**Look.**", "**Do", "**Over when**"].map((part) => chapter.indexOf(part));
  expect(at).not.toContain(-1);
  expect(at).toEqual([...at].sort((a, b) => a - b));
  expect(chapter).toMatch(/^```sh$/m);
});

test("the budget's chapter knows its figure", () => {
  expect(chapters.get("budget")).toContain(`${budget.actual} %`);
});

/** The fields of each event, as its type says. */
const events = new Map(
  [...readFileSync("shared/runtime/events.ts", "utf8").matchAll(/^ {2}\| \{ event: ([^;]+); (.+) \}/gm)].flatMap(
    ([, names = "", fields = ""]) =>
      [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]): [string, string[]] => [
        name,
        [...fields.matchAll(/(\w+)\??:/g)].map(([, field = ""]) => field),
      ]),
  ),
);

/** Words of Logs Insights' language that are no fields (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html). */
const LANGUAGE = new Set(
  "filter stats fields sort limit by as in and or like desc asc count max min avg sum bin event".split(" "),
);

describe("the questions to the logs", () => {
  const questions = [...text.matchAll(/^ *ask '([^']+)'/gm)].map(([, question = ""]) => question);

  test("are about events that there are, and their fields", () => {
    expect(events.size).toBeGreaterThan(20);
    const about = questions.filter((question) => question.includes("event "));
    expect(about.length).toBeGreaterThan(8);
    for (const question of about) {
      const [filter = ""] = question.split("|");
      const names = [...filter.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
      expect(names.length, question).toBeGreaterThan(0);
      for (const name of names) expect([...events.keys()], question).toContain(name);
      const known = new Set(names.flatMap((name) => events.get(name) ?? []));
      const labels = [...question.matchAll(/\bas (\w+)/g)].map(([, label = ""]) => label);
      const used = question.replaceAll(/"[^"]*"|@\w+|\/[^/]+\/|\b\d+m?\b/g, " ").match(/[a-z]+/gi) ?? [];
      const strange = used.filter((word) => !LANGUAGE.has(word) && !labels.includes(word) && !known.has(word));
      expect(strange, question).toEqual([]);
    }
  });
});

describe("names in the commands", () => {
  let template: Template;
  beforeAll(async () => {
    ({ template } = await synthesize());
  });

  test("of the stack's parts are such that the template has exactly what is meant", () => {
    const parts = [...text.matchAll(/part (AWS::\w+::\w+) '([^']+)'/g)];
    const loops = [...text.matchAll(/for queue in (.+); do/g)].flatMap(([, list = ""]) =>
      [...list.matchAll(/'([^']+)'/g)].map(([, pattern = ""]): [string, string, string] => [
        "",
        "AWS::SQS::Queue",
        pattern,
      ]),
    );
    expect(parts.length).toBeGreaterThan(10);
    for (const [, type, pattern = ""] of [...parts, ...loops]) {
      const found = Object.entries(template.Resources)
        .filter(([id, one]) => one.Type === type && new RegExp(pattern).test(id))
        .map(([id]) => id);
      // All log groups of the functions are meant together; else one thing.
      expect(found, `${type} ${pattern}`).toHaveLength(pattern === "^Functions" ? Object.keys(functions).length : 1);
    }
  });

  test("of what the stack tells are its outputs", () => {
    const names = new Set([...text.matchAll(/\$\(out (\w+)\)/g)].map(([, name = ""]) => name));
    expect(names.size).toBeGreaterThan(2);
    const { Outputs } = z.object({ Outputs: z.record(z.string(), z.unknown()) }).parse(template);
    for (const name of names) expect(Object.keys(Outputs)).toContain(name);
  });
});
