import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { seal, unseal } from "../../shared/store/seal.ts";
import { story, testHouse, type TestHouse } from "../house.ts";

let dir = "";
let house: TestHouse;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "broadsheet-"));
  house = await testHouse({ dir });
});
afterEach(async () => {
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});

test("what the house has sealed it opens after a restart, and its key is this user's alone", async () => {
  const sealed = seal(await house.functions.services.sealingKeys(), "source:ghost", "whsec_1");
  await house.close();
  house = await testHouse({ dir });
  expect(unseal(await house.functions.services.sealingKeys(), "source:ghost", sealed)).toBe("whsec_1");
  expect(statSync(join(dir, "parameters.json")).mode & 0o777).toBe(0o600);
});

test("nobody asks for the keys before there is a secret, and then once", async () => {
  expect((await house.call("POST", "/articles", { body: story() })).status).toBe(201);
  await house.quiet();
  expect(house.calls["GetParameter"]).toBeUndefined();
  const { sealingKeys } = house.functions.services;
  await Promise.all([sealingKeys(), sealingKeys()]);
  await sealingKeys();
  expect(house.calls["GetParameter"]).toBe(1);
});

test("without a key nothing is sealed, and whoever asked is told what to do", async () => {
  const { services } = house.functions;
  const { sealingKeys } = services;
  services.sealingKeys = () =>
    Promise.reject(Object.assign(new Error("There is no such parameter."), { name: "ParameterNotFound" }));
  const body = { kind: "ghost", publish: "draft", secrets: ["bi-mat-cua-toa-soan"] };
  const refused = await house.call("PUT", "/sources/ghost", { key: house.adminKey, body });
  expect([refused.status, refused.body.detail]).toEqual([409, expect.stringContaining("deploying.md")]);
  services.sealingKeys = sealingKeys;
  expect((await house.call("PUT", "/sources/ghost", { key: house.adminKey, body })).status).toBe(201);
});
