import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cdn } from "../../infra/topology.ts";
import { type Json, story, type TestHouse, testHouse } from "../house.ts";
import { ofType, synthesize, type Template } from "./template.ts";

/**
 * The headers that a synthesized response headers policy sets
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/understanding-response-headers-policies.html).
 */
const headersOf = ({ SecurityHeadersConfig: security }: Json): Record<string, string> => {
  const sts = security.StrictTransportSecurity;
  return {
    "content-security-policy": security.ContentSecurityPolicy.ContentSecurityPolicy,
    "strict-transport-security": `max-age=${sts.AccessControlMaxAgeSec}${sts.IncludeSubdomains ? "; includeSubDomains" : ""}`,
    "x-content-type-options": "nosniff",
    "referrer-policy": security.ReferrerPolicy.ReferrerPolicy,
    "x-frame-options": security.FrameOptions.FrameOption,
  };
};

/** What S3 and the CDN say of themselves and of the body, besides the policy. */
const OF_ANSWER = new Set(
  "age cache-control connection content-encoding content-length content-type date etag keep-alive last-modified location transfer-encoding vary via x-cache".split(
    " ",
  ),
);

let template: Template;
let policy: Json;
let house: TestHouse;
let paths: Record<string, string>;
beforeAll(async () => {
  ({ template } = await synthesize());
  policy = ofType(template, "AWS::CloudFront::ResponseHeadersPolicy")[0]?.Properties.ResponseHeadersPolicyConfig;
  house = await testHouse();
  const photo = await readFile("test/fixtures/photos/san-khau.jpg");
  const image = await house.call("POST", "/images", { body: new Uint8Array(photo), type: "image/jpeg" });
  await house.quiet();
  const leadImage = { image: image.body.id };
  const { body, headers } = await house.call("POST", "/articles", { body: story({ leadImage }) });
  await house.quiet();
  const path = new URL(body.url).pathname;
  const page = await house.read(path);
  const moved = await house.call("PATCH", `/articles/${body.id}`, {
    body: { section: "kinh-te" },
    headers: { "if-match": headers.get("etag") ?? "" },
  });
  await house.call("POST", `/articles/${body.id}/publish`, {
    headers: { "if-match": moved.headers.get("etag") ?? "" },
  });
  await house.quiet();
  const now = await house.call("GET", `/articles/${body.id}`);
  paths = {
    front: "/",
    section: "/kinh-te",
    article: new URL(now.body.url).pathname,
    "moved page": path,
    feed: "/feed.xml",
    robots: "/robots.txt",
    picture: /\/images\/[^" ,]+\.jpg/.exec(page.text)?.[0] ?? "/no-picture-was-found",
    asset: /\/assets\/[^" ,>]+\.woff2/.exec(page.text)?.[0] ?? "/no-asset-was-found",
    "missing page": "/thoi-su/khong-co-bai-nay-00000000",
    "impossible path": "/a//b",
  };
}, 120_000);
afterAll(() => house.close());

describe("what readers get through the local house are the headers that the synthesized policy gives", () => {
  test.each([
    ["front", 200],
    ["section", 200],
    ["article", 200],
    ["moved page", 301],
    ["feed", 200],
    ["robots", 200],
    ["picture", 200],
    ["asset", 200],
    ["missing page", 404],
    ["impossible path", 404],
  ])("%s (%i)", async (kind, status) => {
    const answer = await house.read(paths[kind] ?? "");
    expect([kind, answer.status]).toEqual([kind, status]);
    const others = [...answer.headers].filter(([name]) => !OF_ANSWER.has(name));
    expect(Object.fromEntries(others)).toEqual(headersOf(policy));
    for (const { Header } of policy.RemoveHeadersConfig.Items) expect(answer.headers.has(Header)).toBe(false);
  });

  test("a withdrawn page (410) as well", async () => {
    const key = paths["article"]?.slice(1) ?? "";
    const gone = await house.functions.services.site.head(key);
    await house.functions.services.site.put(
      {
        key,
        body: "<p>gone</p>",
        contentType: "text/html; charset=utf-8",
        cacheControl: "public, max-age=0, s-maxage=300",
        metadata: { status: "410", epoch: "1" },
      },
      gone,
    );
    house.cdn.flush();
    const answer = await house.read(`/${key}`);
    expect(answer.status).toBe(410);
    expect(Object.fromEntries([...answer.headers].filter(([name]) => !OF_ANSWER.has(name)))).toEqual(headersOf(policy));
  });

  test("nothing in the policy overrides the life of a page, and the origin never wins over it", () => {
    for (const one of Object.values<Json>(policy.SecurityHeadersConfig)) expect(one.Override).toBe(true);
    expect(policy).not.toHaveProperty("CustomHeadersConfig");
    expect(policy.RemoveHeadersConfig.Items.map(({ Header }: Json) => Header)).toEqual([...cdn.removeHeaders]);
  });
});

describe("the cache", () => {
  test("has the path as its only key, and keeps compressed copies", () => {
    const [one] = ofType(template, "AWS::CloudFront::CachePolicy");
    expect(one?.Properties.CachePolicyConfig).toMatchObject({
      MinTTL: 1,
      ParametersInCacheKeyAndForwardedToOrigin: {
        CookiesConfig: { CookieBehavior: "none" },
        HeadersConfig: { HeaderBehavior: "none" },
        QueryStringsConfig: { QueryStringBehavior: "none" },
        EnableAcceptEncodingBrotli: true,
        EnableAcceptEncodingGzip: true,
      },
    });
  });

  test("keeps a missing path for a second, and purges by tags", () => {
    const [one] = ofType(template, "AWS::CloudFront::Distribution");
    const { CustomErrorResponses, CacheTagConfig, HttpVersion, DefaultCacheBehavior } =
      one?.Properties.DistributionConfig ?? {};
    expect(CacheTagConfig).toEqual({ HeaderName: "x-amz-meta-cache-tag" });
    expect(HttpVersion).toBe("http2and3");
    expect(DefaultCacheBehavior).not.toHaveProperty("OriginRequestPolicyId");
    for (const code of [400, 403, 404, 414])
      expect(CustomErrorResponses).toContainEqual({
        ErrorCode: code,
        ErrorCachingMinTTL: 1,
        ResponseCode: 404,
        ResponsePagePath: "/404",
      });
  });

  test("may list its bucket, so that what is missing is a 404; nobody else reads it", () => {
    const policies = ofType(template, "AWS::S3::BucketPolicy").flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const allowed = policies.filter(({ Effect }: Json) => Effect === "Allow");
    expect(allowed).toHaveLength(1);
    expect(allowed[0]).toMatchObject({
      Action: ["s3:GetObject", "s3:ListBucket"],
      Principal: { Service: "cloudfront.amazonaws.com" },
      Condition: { StringEquals: { "AWS:SourceArn": expect.anything() } },
    });
  });

  test("the object behind every 404 carries no metadata of ours: no edge function runs for it", async () => {
    const response = await fetch(`${house.s3.url}/site/404`);
    expect(response.status).toBe(200);
    expect([...response.headers.keys()].filter((name) => name.startsWith("x-amz-meta-"))).toEqual([]);
    const page = await fetch(`${house.s3.url}/site/index.html`);
    expect([...page.headers.keys()].filter((name) => name.startsWith("x-amz-meta-"))).not.toEqual([]);
  });
});
