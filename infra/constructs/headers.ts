import { Duration, Stack } from "aws-cdk-lib";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import type { Construct } from "constructs";
import * as z from "zod";
import { cdn } from "../topology.ts";

/** CloudFront's names are the account's, and the same stage may stand in two regions. */
export const nameIn = (scope: Construct, id: string): string => {
  const { stackName, region } = Stack.of(scope);
  return `${stackName}-${region}-${id}`;
};

/** The values that CloudFront's own fields can say; anything else in the topology is a fault of ours, found at synthesis. */
const known = z.strictObject({
  "content-security-policy": z.string(),
  "strict-transport-security": z
    .string()
    .regex(/^max-age=\d+$/)
    .transform((value) => Number(/\d+/.exec(value)?.[0])),
  "x-content-type-options": z.literal("nosniff"),
  "referrer-policy": z.enum(cloudfront.HeadersReferrerPolicy),
  "x-frame-options": z.enum(cloudfront.HeadersFrameOption),
});

/**
 * The topology's response headers as CloudFront's policy: each set on every answer over the origin's own, and what is to be kept
 * off removed. Throws a ZodError naming every header that the policy has no field for.
 */
export const headersPolicy = (scope: Construct, id: string): cloudfront.ResponseHeadersPolicy => {
  const headers = known.parse(cdn.responseHeaders);
  const override = true;
  return new cloudfront.ResponseHeadersPolicy(scope, id, {
    responseHeadersPolicyName: nameIn(scope, id),
    comment: "Security headers of every answer",
    securityHeadersBehavior: {
      contentSecurityPolicy: { contentSecurityPolicy: headers["content-security-policy"], override },
      strictTransportSecurity: {
        accessControlMaxAge: Duration.seconds(headers["strict-transport-security"]),
        includeSubdomains: false,
        override,
      },
      contentTypeOptions: { override },
      referrerPolicy: { referrerPolicy: headers["referrer-policy"], override },
      frameOptions: { frameOption: headers["x-frame-options"], override },
    },
    removeHeaders: [...cdn.removeHeaders],
  });
};
