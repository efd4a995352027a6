/** An error of SQS: the shape's name in its JSON, and the code of the old query protocol, which SDKs still show. */
export type Fault = { kind: "fault"; status: number; type: string; code: string; message: string };

const modelled =
  (type: string, code: string, status = 400) =>
  (message: string): Fault => ({
    kind: "fault",
    status,
    type: `com.amazonaws.sqs#${type}`,
    code,
    message,
  });
const common =
  (type: string, code: string) =>
  (message: string): Fault => ({
    kind: "fault",
    status: 400,
    type: `com.amazon.coral.service#${type}`,
    code,
    message,
  });
const simple = (type: string, code = type) => modelled(type, `AWS.SimpleQueueService.${code}`);

/** The errors this stand-in knows: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html */
export const faults = {
  queueDoesNotExist: simple("QueueDoesNotExist", "NonExistentQueue"),
  unsupported: simple("UnsupportedOperation"),
  emptyBatch: simple("EmptyBatchRequest"),
  tooManyEntries: simple("TooManyEntriesInBatchRequest"),
  idsNotDistinct: simple("BatchEntryIdsNotDistinct"),
  batchTooLong: simple("BatchRequestTooLong"),
  invalidEntryId: simple("InvalidBatchEntryId"),
  notInFlight: simple("MessageNotInflight"),
  invalidContents: modelled("InvalidMessageContents", "InvalidMessageContents"),
  invalidAttribute: modelled("InvalidAttributeName", "InvalidAttributeName"),
  invalidReceipt: modelled("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", 404),
  invalidValue: common("InvalidParameterValueException", "InvalidParameterValue"),
  missing: common("MissingRequiredParameterException", "MissingParameter"),
  unknownAction: common("UnknownOperationException", "InvalidAction"),
  malformed: common("SerializationException", "MalformedInput"),
};

/** Whether a value is a fault rather than what was asked for. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "fault";
