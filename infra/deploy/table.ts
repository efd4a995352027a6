import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { systemClock } from "../../shared/runtime/clock.ts";
import { systemIds } from "../../shared/runtime/ids.ts";
import { CLIENT } from "../../shared/store/client.ts";
import { dynamoTable } from "../../shared/store/dynamo.ts";
import type { Services } from "../../shared/store/services.ts";
import { foundSite } from "../../shared/store/site.ts";
import { sayTrouble, troubleOf } from "./trouble.ts";

export type Opened = Pick<Services, "table" | "clock" | "ids"> & { close(): void };

/** The deployed table with the operator's own credentials. */
export const openTable = (region: string, name: string): Opened => {
  const client = new DynamoDBClient({ ...CLIENT, region });
  return {
    table: dynamoTable(client, name, systemClock),
    clock: systemClock,
    ids: systemIds(),
    close: () => client.destroy(),
  };
};

/** Makes the title, sections and first pages of a new house in the deployed table; a sentence when that cannot be. */
export const foundHouse = async (region: string, tableName: string | undefined): Promise<string | undefined> => {
  if (!tableName) return "The stack does not say which table it has.";
  const opened = openTable(region, tableName);
  try {
    await foundSite(opened);
    return undefined;
  } catch (error) {
    return sayTrouble(troubleOf(error), `write to the table ${tableName}`);
  } finally {
    opened.close();
  }
};
