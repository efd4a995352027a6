import { join } from "node:path";
import { Duration } from "aws-cdk-lib";
import * as acm from "aws-cdk-lib/aws-certificatemanager";
import * as cloudfront from "aws-cdk-lib/aws-cloudfront";
import * as origins from "aws-cdk-lib/aws-cloudfront-origins";
import type * as s3 from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";
import { acknowledge, acknowledgeListing } from "../acknowledged.ts";
import { FRONT, objectKey } from "../../shared/site/paths.ts";
import type { Settings } from "../settings.ts";
import { cdn } from "../topology.ts";
import { headersPolicy, nameIn } from "./headers.ts";

/** The cache key is the path, and nothing else of a request; what a page is told by its Cache-Control holds. */
const cachePolicy = (scope: Construct): cloudfront.CachePolicy =>
  new cloudfront.CachePolicy(scope, "PathOnly", {
    comment: "The path alone is the key; Accept-Encoding picks the copy",
    cookieBehavior: cloudfront.CacheCookieBehavior.none(),
    headerBehavior: cloudfront.CacheHeaderBehavior.none(),
    queryStringBehavior: cloudfront.CacheQueryStringBehavior.none(),
    enableAcceptEncodingBrotli: true,
    enableAcceptEncodingGzip: true,
    minTtl: Duration.seconds(cdn.ttl.least),
    defaultTtl: Duration.seconds(cdn.ttl.default),
    maxTtl: Duration.seconds(cdn.ttl.most),
  });

const edgeFunction = (scope: Construct, id: string, file: string): cloudfront.Function =>
  new cloudfront.Function(scope, id, {
    code: cloudfront.FunctionCode.fromFile({ filePath: join(process.cwd(), file) }),
    runtime: cloudfront.FunctionRuntime.JS_2_0,
    comment: file,
  });

const errors = (): cloudfront.ErrorResponse[] => [
  ...cdn.missing.map((httpStatus) => ({
    httpStatus,
    responseHttpStatus: 404,
    responsePagePath: `/${cdn.errorKey}`,
    ttl: Duration.seconds(cdn.errorTtlSeconds),
  })),
  ...cdn.failing.statuses.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(cdn.failing.ttlSeconds) })),
];

/**
 * The site as readers get it: CloudFront before the public bucket, which nobody but this distribution reads. It may list the bucket, so that
 * S3 says 404 for what is missing, not 403; the edge function lets no request for a listing through
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html).
 */
export class Site extends Construct {
  readonly distribution: cloudfront.Distribution;
  /** Where readers find it: the operator's domain, else CloudFront's own. */
  readonly url: string;

  constructor(scope: Construct, id: string, bucket: s3.IBucket, { siteDomain, siteCertificate }: Settings) {
    super(scope, id);
    const request = edgeFunction(this, "ViewerRequest", cdn.edge.viewerRequest);
    const response = edgeFunction(this, "ViewerResponse", cdn.edge.viewerResponse);
    this.distribution = new cloudfront.Distribution(this, "Cdn", {
      comment: "Broadsheet: the site",
      httpVersion: cloudfront.HttpVersion.HTTP2_AND_3,
      // All but South America and Oceania: Vietnam's own edge locations are in it.
      priceClass: cloudfront.PriceClass.PRICE_CLASS_200,
      errorResponses: errors(),
      // The edge function has made a key of `/` already; this holds should it ever be taken off.
      defaultRootObject: objectKey(FRONT),
      ...(siteDomain && siteCertificate
        ? {
            minimumProtocolVersion: cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domainNames: [siteDomain],
            certificate: acm.Certificate.fromCertificateArn(this, "Certificate", siteCertificate),
          }
        : {}),
      defaultBehavior: {
        origin: origins.S3BucketOrigin.withOriginAccessControl(bucket, {
          originAccessControl: new cloudfront.S3OriginAccessControl(this, "Access", {
            originAccessControlName: nameIn(this, "Access"),
          }),
          originAccessLevels: [cloudfront.AccessLevel.READ, cloudfront.AccessLevel.LIST],
        }),
        allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD,
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        compress: true,
        cachePolicy: cachePolicy(this),
        responseHeadersPolicy: headersPolicy(this, "Headers"),
        functionAssociations: [
          { function: request, eventType: cloudfront.FunctionEventType.VIEWER_REQUEST },
          { function: response, eventType: cloudfront.FunctionEventType.VIEWER_RESPONSE },
        ],
      },
    });
    acknowledgeListing(this.distribution);
    acknowledge(this.distribution, "CFR1", "CFR2", "CFR3", ...(siteDomain === undefined ? (["CFR4"] as const) : []));
    const cfn = this.distribution.node.defaultChild;
    // Cache tags are younger than this library's types: the header by whose values objects are purged.
    if (cfn instanceof cloudfront.CfnDistribution)
      cfn.addPropertyOverride("DistributionConfig.CacheTagConfig", { HeaderName: cdn.tagHeader });
    this.url = `https://${siteDomain ?? this.distribution.distributionDomainName}`;
  }
}
