import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { vi } from "vitest";
import type { HouseOptions } from "../infra/local/house.ts";
import { canonicalJson } from "../shared/store/digest.ts";
import { testHouse, type TestHouse } from "./house.ts";

/** Everything that a house keeps: each item of the table as JSON, and each bucket's keys; in order, so that two can be compared. */
export type Dump = { items: string[]; content: string[]; media: string[]; site: string[] };

/** A house of a test's own, and a way to see all that it keeps, past its API and its store. */
export const dumpedHouse = async (
  options: Partial<HouseOptions> = {},
): Promise<{ house: TestHouse; dump(): Promise<Dump> }> => {
  // The house hands no client out: the first one that it sends a command by is borrowed.
  const send = vi.spyOn(DynamoDBClient.prototype, "send");
  const house = await testHouse(options);
  const client = send.mock.contexts[0];
  send.mockRestore();
  if (!(client instanceof DynamoDBClient)) throw new Error("the house has opened no table");
  const items = async (): Promise<string[]> => {
    const found: string[] = [];
    let ExclusiveStartKey: ScanCommand["input"]["ExclusiveStartKey"];
    do {
      const page = await client.send(
        new ScanCommand({ TableName: "broadsheet", ConsistentRead: true, ExclusiveStartKey }),
      );
      for (const item of page.Items ?? []) found.push(canonicalJson(item));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return found.sort();
  };
  return {
    house,
    dump: async () => ({
      items: await items(),
      content: house.s3.keys("content").sort(),
      media: house.s3.keys("media").sort(),
      site: house.s3.keys("site").sort(),
    }),
  };
};
