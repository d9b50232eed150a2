import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer, HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type Route, routeKeyOf } from '../lambdas/routes.ts';
import { acknowledge } from './acknowledge.ts';
import type { ServiceOptions } from './service-props.ts';

export interface FlowferryApiProps {
  readonly routes: readonly Route[];
  /** The function of this name; asked for each route's, and for the one that answers all other requests. */
  readonly functionOf: (name: Route['function']) => IFunction;
  readonly defaultFunction: Route['function'];
  readonly auth: ServiceOptions['auth'];
  readonly throttle: ServiceOptions['throttle'];
  readonly logRetention: RetentionDays;
  readonly encryptionKey?: IKey | undefined;
}

/** Routes that the contract opens to everybody, and why that is safe. */
const openRoutes: ReadonlyMap<string, string> = new Map([
  ['GET /health', 'Open by contract: it tells nothing about any account.'],
  ['GET /openapi.json', 'Open by contract: it tells nothing about any account.'],
  [
    'POST /webhooks/{hook}',
    "Open by contract: the function checks the sender's signature over time and body.",
  ],
]);

/** One line a request: who, what and how long; no header, no body, no query, so no secret. */
const accessLogFormat = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.requestId',
    requestTime: '$context.requestTime',
    sourceIp: '$context.identity.sourceIp',
    routeKey: '$context.routeKey',
    path: '$context.path',
    status: '$context.status',
    responseLength: '$context.responseLength',
    latencyMs: '$context.responseLatency',
    integrationStatus: '$context.integration.status',
    integrationError: '$context.integrationErrorMessage',
  }),
);

/** The HTTP API: the routes of the functions' own table, and a `$default` route that answers all else. */
export class FlowferryApi extends Construct {
  readonly api: apigateway.HttpApi;
  readonly stage: apigateway.HttpStage;
  readonly accessLogs: LogGroup;

  constructor(scope: Construct, id: string, props: FlowferryApiProps) {
    super(scope, id);
    // No CORS: the callers are servers, and a key has no place in a browser.
    this.api = new apigateway.HttpApi(this, 'Http', {
      createDefaultStage: false,
      description: 'flowferry: clones integrator.io flows between accounts',
    });
    this.accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.encryptionKey ? { encryptionKey: props.encryptionKey } : {}),
    });
    this.stage = new apigateway.HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      detailedMetricsEnabled: true,
      throttle: { rateLimit: props.throttle.stage.rate, burstLimit: props.throttle.stage.burst },
      accessLogSettings: {
        destination: new apigateway.LogGroupLogDestination(this.accessLogs),
        format: accessLogFormat,
      },
    });
    this.#limit(this.#addRoutes(props), props.throttle);
  }

  #addRoutes({
    routes,
    functionOf,
    defaultFunction,
    auth,
  }: FlowferryApiProps): Map<string, apigateway.HttpRoute> {
    const made = new Map<string, apigateway.HttpRoute>();
    const integrations = new Map<string, HttpLambdaIntegration>();
    const integrationOf = (name: Route['function']) => {
      const known = integrations.get(name);
      if (known) return known;
      const integration = new HttpLambdaIntegration(`To-${name}`, functionOf(name));
      integrations.set(name, integration);
      return integration;
    };
    const authorizer = authorizerFor(auth);
    for (const route of routes) {
      const key = routeKeyOf(route);
      const whyOpen = openRoutes.get(key);
      const [added] = this.api.addRoutes({
        path: route.path,
        methods: [apigateway.HttpMethod[route.method]],
        integration: integrationOf(route.function),
        ...(authorizer && whyOpen === undefined ? { authorizer } : {}),
      });
      if (!added) throw new Error(`API Gateway made no route of ${key}.`);
      made.set(key, added);
      if (whyOpen !== undefined) {
        acknowledge(added, 'AwsSolutions-APIG4', whyOpen);
      } else if (!authorizer) {
        acknowledge(
          added,
          'AwsSolutions-APIG4',
          'A middleware checks the API key: an authorizer could not answer with problem documents.',
        );
      }
    }
    const rest = new apigateway.HttpRoute(this, 'Default', {
      httpApi: this.api,
      routeKey: apigateway.HttpRouteKey.DEFAULT,
      integration: integrationOf(defaultFunction),
    });
    acknowledge(rest, 'AwsSolutions-APIG4', 'Answers nothing but 404.');
    return made;
  }

  /**
   * Limits of single routes, which stand in the place of all of the stage's settings, the metrics included. API
   * Gateway refuses settings of a route that is not there yet, so the stage comes after the routes.
   */
  #limit(made: ReadonlyMap<string, apigateway.HttpRoute>, { routes }: ServiceOptions['throttle']): void {
    const settings = Object.entries(routes).map(([key, { rate, burst }]) => [
      key,
      { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, DetailedMetricsEnabled: true },
    ]);
    (this.stage.node.defaultChild as apigateway.CfnStage).routeSettings = Object.fromEntries(settings);
    this.stage.node.addDependency(...made.values());
  }
}

function authorizerFor(auth: ServiceOptions['auth']): apigateway.IHttpRouteAuthorizer | undefined {
  if (auth === 'api-keys') return undefined;
  if (auth === 'iam') return new HttpIamAuthorizer();
  return new HttpJwtAuthorizer('Jwt', auth.jwt.issuer, { jwtAudience: [...auth.jwt.audience] });
}
