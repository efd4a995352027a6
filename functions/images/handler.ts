import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { parseImageMessage } from "../../shared/store/message.ts";
import { NotBegun, processImage, type Processor } from "./process.ts";

/**
 * The picture function: woken by S3 when an upload has come, and by the image queue when something is to be done on a
 * picture that is there. A message is only a hint where to look: what is to be done stands in the table, so one that
 * comes twice, late or for nothing does no harm, and one that is lost is sent again by the sweep.
 */
export const createImages =
  (services: Processor) =>
  async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const batchItemFailures: SQSBatchResponse["batchItemFailures"] = [];
    for (const { body, messageId } of event.Records) {
      const message = parseImageMessage(body);
      if (!message) continue;
      try {
        await processImage(services, message);
      } catch (error) {
        // A try that began stands in the table, where the sweep finds it: the queue's own tries would come too early.
        if (error instanceof NotBegun) batchItemFailures.push({ itemIdentifier: messageId });
        services.events({
          event: "image.failed",
          image: message.image,
          code: error instanceof Error ? error.name : "unknown",
        });
      }
    }
    return { batchItemFailures };
  };
