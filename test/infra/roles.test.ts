import { beforeAll, expect, test } from "vitest";
import { policyOf, type Target } from "../../infra/policies.ts";
import { functions, type FunctionName } from "../../infra/topology.ts";
import type { Json } from "../house.ts";
import { inOrder, ofType, synthesize, type Template } from "./template.ts";

let template: Template;
beforeAll(async () => {
  ({ template } = await synthesize());
});

/** An ARN as the template builds it, in one line: `{Table.Arn}/index/due`. */
const text = (value: Json): string => {
  if (typeof value === "string") return value;
  if (value.Ref) return `{${value.Ref}}`;
  if (value["Fn::GetAtt"]) return `{${value["Fn::GetAtt"].join(".")}}`;
  return value["Fn::Join"][1].map(text).join("");
};
const list = (value: Json): Json[] => [value].flat();

const idOf = (type: string, begins: string): string => {
  const found = ofType(template, type).filter(({ id }) => new RegExp(`^${begins}[0-9A-F]{8}$`).test(id));
  expect(found, `${type} ${begins}`).toHaveLength(1);
  return found[0]?.id ?? "";
};
const titled = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);

/** What the topology's names are in the template. */
const arnOf =
  (name: FunctionName) =>
  (target: Target): string => {
    const table = () => idOf("AWS::DynamoDB::Table", "StorageTable");
    const bucket = (one: string) => idOf("AWS::S3::Bucket", `Storage${titled(one)}`);
    switch (target.kind) {
      case "table":
        return `{${table()}.Arn}`;
      case "index":
        return `{${table()}.Arn}/index/${target.name}`;
      case "stream":
        return `{${table()}.StreamArn}`;
      case "bucket":
        return `{${bucket(target.bucket)}.Arn}`;
      case "objects":
        return `{${bucket(target.bucket)}.Arn}/${target.prefix}*`;
      case "queue":
        return `{${idOf("AWS::SQS::Queue", `Queues${target.queue.replaceAll("-", "")}`)}.Arn}`;
      case "parameter":
        return `arn:aws:ssm:ap-southeast-1:{AWS::AccountId}:parameter/Broadsheet-prod/${target.parameter}`;
      case "distribution":
        return `arn:aws:cloudfront::{AWS::AccountId}:distribution/{${idOf("AWS::CloudFront::Distribution", "SiteCdn")}}`;
      case "logs":
        return `{${idOf("AWS::Logs::LogGroup", `Functions${name}Log`)}.Arn}`;
    }
  };

const sorted = (values: string[]): string[] => values.toSorted();
const plain = (statements: Json[]) =>
  statements
    .map(({ Sid, Effect, Action, Resource, Condition }) => ({
      Sid,
      Effect,
      Action: sorted(list(Action)),
      Resource: sorted(list(Resource).map(text)),
      Condition: Condition && JSON.stringify(Condition).replaceAll(/\[("[^"]*")\]/g, "$1"),
    }))
    .sort((a, b) => (a.Sid < b.Sid ? -1 : 1));

test.each(Object.keys(functions) as FunctionName[])(
  "the role of %s has the policy that the local house enforces",
  (name) => {
    const { Properties } = template.Resources[idOf("AWS::IAM::Role", `Functions${name}Role`)] ?? { Properties: {} };
    expect(Properties.Policies).toHaveLength(1);
    expect(Properties).not.toHaveProperty("ManagedPolicyArns");
    expect(plain(Properties.Policies[0].PolicyDocument.Statement)).toEqual(plain(policyOf(name, arnOf(name))));
  },
);

test("nobody else has rights: no policy stands beside the roles', and each role is one function's", () => {
  expect(ofType(template, "AWS::IAM::Policy")).toEqual([]);
  expect(ofType(template, "AWS::IAM::ManagedPolicy")).toEqual([]);
  const roles = ofType(template, "AWS::IAM::Role").map(({ id }) => id);
  const used = ofType(template, "AWS::Lambda::Function").map(({ Properties }) => Properties.Role["Fn::GetAtt"][0]);
  expect(inOrder(used)).toEqual(inOrder(roles));
  for (const { Properties } of ofType(template, "AWS::IAM::Role"))
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } },
    ]);
});
