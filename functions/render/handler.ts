import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { parseWorkMessage } from "../../shared/store/message.ts";
import { type WorkHint, type WorkRef, workRefOf } from "../../shared/store/work.ts";
import { doWork, type Renderer } from "./work.ts";

export type RenderEvent = DynamoDBStreamEvent | SQSEvent;

const refsOf = (event: RenderEvent): WorkRef[] =>
  event.Records.flatMap((record) => {
    if ("body" in record) {
      const key = parseWorkMessage(record.body);
      return (key && workRefOf(key)) ?? [];
    }
    const { Keys, NewImage } = record.dynamodb ?? {};
    const [pk, sk] = [Keys?.["pk"]?.S, Keys?.["sk"]?.S];
    return (pk !== undefined && sk !== undefined && workRefOf({ pk, sk }, hintOf(NewImage))) || [];
  });

type Image = NonNullable<NonNullable<DynamoDBStreamEvent["Records"][number]["dynamodb"]>["NewImage"]>;

const hintOf = (image: Image = {}): WorkHint => {
  const [path, bodyDigest] = [image["path"]?.S, image["bodyDigest"]?.S];
  if (path === undefined) return {};
  return { path, fresh: image["fresh"]?.BOOL === true, ...(bodyDigest === undefined ? {} : { bodyDigest }) };
};

/**
 * The renderer: woken by the table's stream (new WORK) and by the render queue (WORK that the sweep found due). It
 * reports no failed records: what fails is noted on its WORK, and neither trigger is a place to keep it.
 */
export const createRender =
  (services: Renderer) =>
  async (event: RenderEvent): Promise<DynamoDBBatchResponse> => {
    await doWork(services, refsOf(event));
    return { batchItemFailures: [] };
  };
