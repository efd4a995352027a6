import { readdirSync, readFileSync } from "node:fs";
import { childHouse, publish } from "./child.ts";
import { progress, type Row } from "./table.ts";

const PUBLISHES = 1000;

type Process = { pid: number; parent: number; mb: number };

const processes = (): Process[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const status = readFileSync(`/proc/${name}/status`, "utf8");
        const field = (label: string): number => Number(new RegExp(`^${label}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
        return [{ pid: Number(name), parent: field("PPid"), mb: field("VmRSS") / 1024 }];
      } catch {
        // It ended while we looked.
        return [];
      }
    });

/** Resident megabytes of a process and of all below it. */
const residentOf = (root: number): number => {
  const all = processes();
  const family = new Set([root]);
  for (let grown = true; grown;) {
    const more = all.filter(({ pid, parent }) => family.has(parent) && !family.has(pid));
    for (const { pid } of more) family.add(pid);
    grown = more.length > 0;
  }
  return all.filter(({ pid }) => family.has(pid)).reduce((sum, { mb }) => sum + mb, 0);
};

export const memory = async (): Promise<Row[]> => {
  const house = await childHouse();
  const empty = residentOf(house.pid);
  for (let n = 0; n < PUBLISHES; n++) {
    await publish(house, n);
    progress("publishes", n + 1, PUBLISHES);
  }
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const after = residentOf(house.pid);
  await house.close();
  return [
    { what: "resident memory of the local house, at rest after its start", figure: `${empty.toFixed(0)} MB` },
    {
      what: `resident memory of all its processes after ${PUBLISHES} publishes`,
      figure: `${after.toFixed(0)} MB`,
      goal: "<= 350 MB",
      peer: "Ghost 460-790 MB",
    },
  ];
};
