import { marshall } from "@aws-sdk/util-dynamodb";

/**
 * The few conditions that the store uses. `equals` fails on an absent item, undefined being no such attribute; `absentOr` holds
 * when there is no item, or the item has these values; `unlessAtLeast` holds when the number is missing or smaller.
 */
export type Condition =
  | "absent"
  | "present"
  | { equals: Record<string, unknown> }
  | { absentOr: Record<string, unknown> }
  | { unlessAtLeast: Record<string, number> };

type Parts = { text: string; names: Record<string, string>; values: Record<string, unknown> };

const compare = (fields: Record<string, unknown>, operator: string): Parts => {
  const entries = Object.entries(fields);
  return {
    text: entries
      .map(([, value], n) => (value === undefined ? `attribute_not_exists(#c${n})` : `#c${n} ${operator} :c${n}`))
      .join(" AND "),
    names: Object.fromEntries(entries.map(([name], n) => [`#c${n}`, name])),
    values: Object.fromEntries(entries.map(([, value], n) => [`:c${n}`, value])),
  };
};

const partsOf = (condition: Condition): Parts => {
  if (condition === "absent") return { text: "attribute_not_exists(pk)", names: {}, values: {} };
  if (condition === "present") return { text: "attribute_exists(pk)", names: {}, values: {} };
  if ("equals" in condition) return compare(condition.equals, "=");
  if ("absentOr" in condition) {
    const same = compare(condition.absentOr, "=");
    return { ...same, text: `attribute_not_exists(pk) OR (${same.text})` };
  }
  const less = compare(condition.unlessAtLeast, "<");
  return { ...less, text: `attribute_not_exists(#c0) OR (${less.text})` };
};

const filled = (parts: Parts) => ({
  ...(Object.keys(parts.names).length ? { ExpressionAttributeNames: parts.names } : {}),
  ...(Object.keys(parts.values).length
    ? { ExpressionAttributeValues: marshall(parts.values, { removeUndefinedValues: true }) }
    : {}),
});

/** A condition as DynamoDB's expression parameters. */
export const conditionOf = (condition: Condition) => {
  const parts = partsOf(condition);
  return { ConditionExpression: parts.text, ...filled(parts) };
};

/** An update that sets attributes (undefined ones are removed), under a condition if there is one. */
export const settingOf = (set: Record<string, unknown>, condition?: Condition) => {
  const parts = condition === undefined ? { text: "", names: {}, values: {} } : partsOf(condition);
  const entries = Object.entries({ ...set, v: 1 });
  const sets = entries.flatMap(([, value], n) => (value === undefined ? [] : [`#s${n} = :s${n}`]));
  const removes = entries.flatMap(([, value], n) => (value === undefined ? [`#s${n}`] : []));
  const names = Object.fromEntries(entries.map(([name], n) => [`#s${n}`, name]));
  const values = Object.fromEntries(
    entries.flatMap(([, value], n) => (value === undefined ? [] : [[`:s${n}`, value]])),
  );
  return {
    UpdateExpression: `SET ${sets.join(", ")}${removes.length ? ` REMOVE ${removes.join(", ")}` : ""}`,
    ...(parts.text ? { ConditionExpression: parts.text } : {}),
    ...filled({ text: "", names: { ...parts.names, ...names }, values: { ...parts.values, ...values } }),
  };
};
