import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSEvent } from "aws-lambda";
import { WORK_PREFIX } from "../../shared/store/layout.ts";
import { parseMessage } from "../../shared/store/queue.ts";
import type { Services } from "../../shared/store/services.ts";
import type { WorkRef } from "../../shared/store/work.ts";
import { doWork } from "./work.ts";

export type RenderServices = Parameters<typeof doWork>[0] & Pick<Services, "table">;
export type RenderEvent = DynamoDBStreamEvent | SQSEvent;

const refsOf = (event: RenderEvent): WorkRef[] =>
  event.Records.flatMap((record) => {
    if ("body" in record) return parseMessage(record.body) ?? [];
    const { pk, sk } = record.dynamodb?.Keys ?? {};
    return pk?.S && sk?.S?.startsWith(WORK_PREFIX) ? { pk: pk.S, sk: sk.S } : [];
  });

/**
 * The renderer: woken by the table's stream (new WORK) and by the render queue (WORK that the sweep found due). It
 * reports no failed records: what fails is noted on its WORK, and neither trigger is a place to keep it.
 */
export const createRender =
  (services: RenderServices) =>
  async (event: RenderEvent): Promise<DynamoDBBatchResponse> => {
    await doWork(services, refsOf(event));
    return { batchItemFailures: [] };
  };
