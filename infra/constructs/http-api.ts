import { RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import * as apigateway from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import * as acm from "aws-cdk-lib/aws-certificatemanager";
import type * as lambda from "aws-cdk-lib/aws-lambda";
import * as logs from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import { acknowledge } from "../acknowledged.ts";
import type { Settings } from "../settings.ts";
import { api as limits, type FunctionName, httpRoutes, LOG_DAYS } from "../topology.ts";

/** Of a request what helps to find it again and who sends too many: no header, for keys travel in one, and no path, for links to previews do. */
const LINE = {
  requestId: "$context.requestId",
  time: "$context.requestTimeEpoch",
  ip: "$context.identity.sourceIp",
  method: "$context.httpMethod",
  status: "$context.status",
  ms: "$context.responseLatency",
  error: "$context.integrationErrorMessage",
};

/**
 * The API on a host of its own (its 404s must not become the site's): every request, payload format 2.0, to a function that
 * does its own routing, but for the routes that the topology gives to another. The generated host stays beside the operator's: tools that know it go on working.
 */
export class HttpApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly url: string;
  /** What the operator's domain is to point at (CNAME); only with one. */
  readonly target: string | undefined;

  constructor(
    scope: Construct,
    id: string,
    functions: Record<FunctionName, lambda.IFunction>,
    { apiDomain, apiCertificate }: Settings,
  ) {
    super(scope, id);
    const log = new logs.LogGroup(this, "Log", { retention: LOG_DAYS, removalPolicy: RemovalPolicy.DESTROY });
    const domain =
      apiDomain && apiCertificate
        ? new apigateway.DomainName(this, "Domain", {
            domainName: apiDomain,
            certificate: acm.Certificate.fromCertificateArn(this, "Certificate", apiCertificate),
            securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
          })
        : undefined;
    this.api = new apigateway.HttpApi(this, "Api", {
      description: "Broadsheet: submissions and desk",
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration("Handler", functions.api),
    });
    acknowledge(this.api, "APIG4");
    const routes = this.addRoutes(functions);
    const stage = new apigateway.HttpStage(this, "Stage", {
      httpApi: this.api,
      autoDeploy: true,
      throttle: { rateLimit: limits.perSecond, burstLimit: limits.burst },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(log),
        format: AccessLogFormat.custom(JSON.stringify(LINE)),
      },
      ...(domain ? { domainMapping: { domainName: domain } } : {}),
    });
    // Apart from the editors': whoever floods a hook takes nothing from who publishes or withdraws.
    const own = { ThrottlingRateLimit: limits.perSecond, ThrottlingBurstLimit: limits.burst };
    const { defaultChild } = stage.node;
    if (defaultChild instanceof apigateway.CfnStage)
      defaultChild.addPropertyOverride(
        "RouteSettings",
        Object.fromEntries(httpRoutes.map(([, route]) => [route, own])),
      );
    stage.node.addDependency(...routes);
    this.url = domain ? `https://${apiDomain}` : stage.url.replace(/\/$/, "");
    this.target = domain?.regionalDomainName;
  }

  /** Routes that are another function's than the API's. */
  private addRoutes(functions: Record<FunctionName, lambda.IFunction>): apigateway.HttpRoute[] {
    return httpRoutes.flatMap(([name, route]) => {
      const [method = "", path = ""] = route.split(" ");
      const made = this.api.addRoutes({
        path,
        methods: [apigateway.HttpMethod[method as keyof typeof apigateway.HttpMethod]],
        integration: new HttpLambdaIntegration(name, functions[name]),
      });
      for (const one of made) acknowledge(one, "APIG4");
      return made;
    });
  }
}
