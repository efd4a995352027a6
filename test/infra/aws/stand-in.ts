import type { ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { type HttpServer, serve } from "../../../infra/local/http.ts";
import { type Account, Refused } from "./account.ts";
import { changeSetAction, nameOf } from "./change-sets.ts";
import { getParameter, putParameter } from "./parameters.ts";

/** Who signed for what: `Credential=KEY/DATE/REGION/SERVICE/aws4_request` (Signature Version 4). */
const scopeOf = (authorization: string | undefined): { region: string; service: string } => {
  const [, region = "", service = ""] =
    /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\/([a-z0-9]+)\/aws4_request/.exec(authorization ?? "") ?? [];
  return { region, service };
};

const escaped = (value: string): string => value.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/"/g, "&quot;");

/** Refuses as AWS does: credentials first, then rights. JSON services name an unknown token otherwise than query ones. */
const admit = (account: Account, region: string, action: string, unknownToken: string): void => {
  account.asked.push(`${action} ${region}`);
  if (account.credentials === "unknown" || account.disabled.has(region))
    throw new Refused(unknownToken, 403, "The security token included in the request is invalid.");
  if (account.credentials === "expired")
    throw new Refused("ExpiredTokenException", 403, "The security token included in the request is expired");
  if (account.denied.has(action))
    throw new Refused("AccessDenied", 403, `User: ${account.arn} is not authorized to perform: ${action}`);
};

const stackXml = (name: string, stack: NonNullable<ReturnType<Account["stacks"]["get"]>>): string => {
  const outputs = Object.entries(stack.outputs ?? {})
    .map(
      ([key, value]) =>
        `<member><OutputKey>${key}</OutputKey><OutputValue>${escaped(value)}</OutputValue><Description/></member>`,
    )
    .join("");
  return `<member><StackId>arn:aws:cloudformation:ap-southeast-1:123456789012:stack/${name}/1</StackId><StackName>${name}</StackName><StackStatus>${stack.status}</StackStatus><CreationTime>2026-11-01T08:00:00.000Z</CreationTime><EnableTerminationProtection>${stack.protected ?? false}</EnableTerminationProtection><Outputs>${outputs}</Outputs></member>`;
};

/** STS and CloudFormation: AWS query protocol, XML back. */
const query = (account: Account, region: string, form: URLSearchParams): string => {
  switch (form.get("Action") ?? "") {
    case "GetCallerIdentity":
      admit(account, region, "sts:GetCallerIdentity", "InvalidClientTokenId");
      return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${account.arn}</Arn><UserId>AIDAEXAMPLE</UserId><Account>${account.id}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`;
    case "AssumeRole":
      admit(account, region, "sts:AssumeRole", "InvalidClientTokenId");
      return `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>${form.get("RoleArn")}</Arn><AssumedRoleId>AROAEXAMPLE:cdk</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;
    case "DescribeStacks": {
      admit(account, region, "cloudformation:DescribeStacks", "InvalidClientTokenId");
      const name = nameOf(form.get("StackName") ?? "");
      const stack = account.stacks.get(name);
      if (!stack) throw new Refused("ValidationError", 400, `Stack with id ${name} does not exist`);
      return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks>${stackXml(name, stack)}</Stacks></DescribeStacksResult></DescribeStacksResponse>`;
    }
    default: {
      const action = form.get("Action") ?? "";
      const result = changeSetAction(account, form);
      if (result === undefined) throw new Refused("InvalidAction", 400, `no such action here: ${action}`);
      account.asked.push(`cloudformation:${action} ${region}`);
      return `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`;
    }
  }
};

/** SSM and ACM: JSON 1.1, the operation in X-Amz-Target. */
const json = (account: Account, region: string, target: string, input: Record<string, unknown>): object => {
  switch (target) {
    case "AmazonSSM.GetParameter":
      admit(account, region, "ssm:GetParameter", "UnrecognizedClientException");
      return getParameter(account, region, input);
    case "AmazonSSM.PutParameter":
      admit(account, region, "ssm:PutParameter", "UnrecognizedClientException");
      return putParameter(account, region, input);
    case "CertificateManager.DescribeCertificate": {
      admit(account, region, "acm:DescribeCertificate", "UnrecognizedClientException");
      const arn = String(input["CertificateArn"]);
      const certificate = account.certificates.get(arn);
      if (!certificate || arn.split(":")[3] !== region)
        throw new Refused("ResourceNotFoundException", 400, `Could not find certificate ${arn}.`);
      return {
        Certificate: {
          CertificateArn: arn,
          DomainName: certificate.names[0],
          SubjectAlternativeNames: certificate.names,
          Status: certificate.status,
        },
      };
    }
    default:
      throw new Refused("UnknownOperationException", 400, target);
  }
};

const lambda = (account: Account, region: string, method: string, path: string): object => {
  if (method !== "GET" || !/^\/2016-08-19\/account-settings\/?$/.test(path))
    throw new Refused("UnknownOperationException", 404, path);
  admit(account, region, "lambda:GetAccountSettings", "UnrecognizedClientException");
  return {
    AccountLimit: {
      ConcurrentExecutions: account.quota.limit,
      UnreservedConcurrentExecutions: account.quota.unreserved,
    },
    AccountUsage: { FunctionCount: 0, TotalCodeSize: 0 },
  };
};

/** The bucket of the CDK's assets, in which everything lies already: ListObjectsV2 finds what it asks for. */
const assets = (url: URL): string => {
  const key = url.searchParams.get("prefix") ?? "";
  return url.searchParams.has("list-type")
    ? `<ListBucketResult><KeyCount>1</KeyCount><Contents><Key>${escaped(key)}</Key><Size>4096</Size></Contents></ListBucketResult>`
    : "<LocationConstraint>ap-southeast-1</LocationConstraint>";
};

const answerJson = (response: ServerResponse, status: number, body: object, headers: Record<string, string>): void => {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1", ...headers });
  response.end(JSON.stringify(body));
};

/** STS, CloudFormation, SSM, Lambda, ACM and the asset bucket of one account over HTTP, for the SDK's clients (AWS_ENDPOINT_URL). */
export const startAws = (account: Account): Promise<HttpServer> =>
  serve(async (request, response) => {
    const body = await text(request);
    const { region, service } = scopeOf(request.headers.authorization);
    const isQuery = service === "sts" || service === "cloudformation";
    try {
      if (isQuery) {
        const xml = query(account, region, new URLSearchParams(body));
        response.writeHead(200, { "content-type": "text/xml" }).end(xml);
      } else if (service === "s3") {
        response.writeHead(200, { "content-type": "application/xml" });
        response.end(assets(new URL(request.url ?? "", "http://s3")));
      } else if (service === "lambda") {
        answerJson(response, 200, lambda(account, region, request.method ?? "", request.url ?? ""), {});
      } else {
        const target = String(request.headers["x-amz-target"]);
        answerJson(response, 200, json(account, region, target, JSON.parse(body)), {});
      }
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, status, message } = error;
      if (isQuery)
        response
          .writeHead(status, { "content-type": "text/xml" })
          .end(
            `<ErrorResponse><Error><Type>Sender</Type><Code>${code.replace("ExpiredTokenException", "ExpiredToken")}</Code><Message>${escaped(message)}</Message></Error><RequestId>0</RequestId></ErrorResponse>`,
          );
      else {
        const name = code === "AccessDenied" ? "AccessDeniedException" : code;
        // Lambda's REST names it in a header, JSON 1.1 in the body.
        answerJson(response, status, { __type: name, message, Message: message }, { "x-amzn-errortype": name });
      }
    }
  });
