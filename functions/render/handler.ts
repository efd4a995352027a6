import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { parseMessage } from "../../shared/store/queue.ts";
import { type WorkRef, workRefOf } from "../../shared/store/work.ts";
import { doWork, type Renderer } from "./work.ts";

export type RenderEvent = DynamoDBStreamEvent | SQSEvent;

const refsOf = (event: RenderEvent): WorkRef[] =>
  event.Records.flatMap((record) => {
    if ("body" in record) {
      const key = parseMessage(record.body);
      return (key && workRefOf(key)) ?? [];
    }
    const { pk, sk } = record.dynamodb?.Keys ?? {};
    return (pk?.S && sk?.S && workRefOf({ pk: pk.S, sk: sk.S }, record.dynamodb?.NewImage?.["path"]?.S)) || [];
  });

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
