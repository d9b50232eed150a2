import { describe, expect, test } from '@jest/globals';
import { httpFunctions } from '../../infra/functions.ts';
import type { FlowferryServiceProps } from '../../infra/service-props.ts';
import { ROUTE_LIMITS } from '../../lambdas/route-limits.ts';
import { ROUTES, routeKeyOf } from '../../lambdas/routes.ts';
import { Synthesized } from './synthesize.ts';

/** How each route is guarded, by its key. */
function guards(made: Synthesized): Record<string, unknown> {
  return Object.fromEntries(
    Object.values(made.resources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => [
      Properties.RouteKey,
      Properties.AuthorizationType,
    ]),
  );
}

const open = ['GET /health', 'GET /openapi.json', 'POST /webhooks/{hook}', '$default'];

describe('the API', () => {
  const made = new Synthesized();

  test('it has the routes of the functions and $default, and no other', () => {
    expect(Object.keys(guards(made)).sort()).toEqual([...ROUTES.map(routeKeyOf), '$default'].sort());
  });

  test('each route leads to its function, and what no route takes to the one that answers route_not_found', () => {
    // Prepare
    const integrations = made.resources('AWS::ApiGatewayV2::Integration');
    const functionAt = new Map(
      [...made.functions].map(([name, { function: fn }]) => [
        JSON.stringify(made.resolve(fn.functionArn)),
        name,
      ]),
    );

    // Act
    const led = Object.values(made.resources('AWS::ApiGatewayV2::Route')).map(({ Properties }) => {
      const target = JSON.stringify(Properties.Target);
      const id = Object.keys(integrations).find((each) => target.includes(`"${each}"`)) ?? '';
      return [
        Properties.RouteKey,
        functionAt.get(JSON.stringify(integrations[id]?.Properties.IntegrationUri)),
      ];
    });

    // Assess
    expect(Object.fromEntries(led)).toEqual({
      ...Object.fromEntries(ROUTES.map((route) => [routeKeyOf(route), route.function])),
      $default: 'meta',
    });
  });

  test('events have the version 2.0 that the functions read', () => {
    for (const { Properties } of Object.values(made.resources('AWS::ApiGatewayV2::Integration'))) {
      expect(Properties).toMatchObject({ IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' });
    }
  });

  test('requests are throttled', () => {
    expect(made.only('AWS::ApiGatewayV2::Stage').Properties.DefaultRouteSettings).toMatchObject({
      ThrottlingRateLimit: 50,
      ThrottlingBurstLimit: 100,
    });
  });

  test('single routes are throttled by the table of their limits, under their exact keys', () => {
    // Act
    const { RouteSettings } = made.only('AWS::ApiGatewayV2::Stage').Properties;

    // Assess
    const expected = Object.entries(ROUTE_LIMITS).map(([key, { rate, burst }]) => [
      key,
      { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst, DetailedMetricsEnabled: true },
    ]);
    expect(RouteSettings).toEqual(Object.fromEntries(expected));
    expect(Object.keys(guards(made))).toEqual(expect.arrayContaining(Object.keys(RouteSettings as object)));
    expect(RouteSettings).toMatchObject({
      'POST /clone': { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 100 },
      'POST /webhooks/{hook}': { ThrottlingRateLimit: 25, ThrottlingBurstLimit: 200 },
    });
  });

  test('the limit of a route can be set', () => {
    // Act
    const { Properties } = new Synthesized({
      throttle: { rate: 30, routes: { 'POST /clone': { rate: 2.5, burst: 7 } } },
    }).only('AWS::ApiGatewayV2::Stage');

    // Assess
    expect(Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 30, ThrottlingBurstLimit: 100 },
      RouteSettings: {
        'POST /clone': { ThrottlingRateLimit: 2.5, ThrottlingBurstLimit: 7 },
        'GET /clones/{cloneId}': { ThrottlingRateLimit: 30, ThrottlingBurstLimit: 200 },
      },
    });
  });

  test('the stage is made after the routes that it has settings of, or API Gateway would not know them', () => {
    // Prepare
    const routes = Object.entries(made.resources('AWS::ApiGatewayV2::Route'));
    const { DependsOn, Properties } = made.only('AWS::ApiGatewayV2::Stage');

    // Act
    const known = routes
      .filter(([id]) => DependsOn?.includes(id))
      .map(([, route]) => route.Properties.RouteKey);

    // Assess
    expect(known).toEqual(expect.arrayContaining(Object.keys(Properties.RouteSettings as object)));
  });

  test('the access log is JSON and holds no header, query or body', () => {
    // Act
    const { Format } = made.only('AWS::ApiGatewayV2::Stage').Properties.AccessLogSettings as {
      Format: string;
    };

    // Assess
    expect(Object.values(JSON.parse(Format))).toEqual([
      '$context.requestId',
      '$context.requestTime',
      '$context.identity.sourceIp',
      '$context.routeKey',
      '$context.path',
      '$context.status',
      '$context.responseLength',
      '$context.responseLatency',
      '$context.integration.status',
      '$context.integrationErrorMessage',
    ]);
  });

  test('no browser is let in from another origin', () => {
    expect(made.only('AWS::ApiGatewayV2::Api').Properties).not.toHaveProperty('CorsConfiguration');
  });

  test('by default API Gateway authorises nothing: the functions check the key themselves', () => {
    expect(new Set(Object.values(guards(made)))).toEqual(new Set(['NONE']));
  });
});

describe('other ways to let callers in', () => {
  test('iam guards every route but those that are open to everybody', () => {
    // Act
    const found = guards(new Synthesized({ auth: 'iam' }));

    // Assess
    for (const [key, type] of Object.entries(found))
      expect([key, type]).toEqual([key, open.includes(key) ? 'NONE' : 'AWS_IAM']);
    expect(Object.values(found)).toContain('AWS_IAM');
  });

  test.each<[NonNullable<FlowferryServiceProps['auth']>, Record<string, unknown>]>([
    ['iam', { FLOWFERRY_AUTH: 'iam' }],
    [
      { jwt: { issuer: 'https://login.example', audience: ['flowferry'], claim: 'client_id' } },
      { FLOWFERRY_AUTH: 'jwt', FLOWFERRY_JWT_CLAIM: 'client_id' },
    ],
  ])('behind %o every function that asks for keys asks for the identity in their place', (auth, expected) => {
    // Act
    const made = new Synthesized({ auth });

    // Assess
    for (const [name, { needs }] of Object.entries(httpFunctions)) {
      const { Variables = {} } = (made.properties(name).Environment ?? {}) as { Variables?: object };
      if (needs.includes('api-keys')) expect(Variables).toMatchObject(expected);
      else expect(Variables).not.toHaveProperty('FLOWFERRY_AUTH');
    }
  });

  test('jwt guards the same routes by issuer and audience', () => {
    // Act
    const made = new Synthesized({
      auth: { jwt: { issuer: 'https://login.example', audience: ['flowferry'] } },
    });

    // Assess
    for (const [key, type] of Object.entries(guards(made))) {
      expect([key, type]).toEqual([key, open.includes(key) ? 'NONE' : 'JWT']);
    }
    expect(made.only('AWS::ApiGatewayV2::Authorizer').Properties).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Issuer: 'https://login.example', Audience: ['flowferry'] },
    });
  });
});
