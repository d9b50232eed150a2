import { describe, expect, test } from '@jest/globals';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { Synthesized } from './synthesize.ts';

const packs = (scope: IConstruct): NagPack[] => [new AwsSolutionsChecks(scope), new ServerlessChecks(scope)];

/** Findings that nobody acknowledged, as `rule at path`. */
function findings(scope: IConstruct): string[] {
  return packs(scope).flatMap((pack) =>
    pack
      .validateScope(scope)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      ),
  );
}

/** Every acknowledgement there is, with its reason. */
function acknowledgements(scope: IConstruct): [finding: string, reason: string][] {
  return scope.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries(data as Record<string, string>)),
    );
}

describe('cdk-nag, packs AwsSolutions and Serverless', () => {
  test('they do find what is wrong', () => {
    // Prepare
    const app = new App();
    new Topic(new Stack(app, 'careless'), 'Topic');

    // Act and assess
    expect(findings(app)).toEqual(['AwsSolutions-SNS3 at careless/Topic/Resource']);
  });

  test.each<[string, ConstructorParameters<typeof Synthesized>[0]]>([
    ['as it comes', {}],
    ['behind IAM', { auth: 'iam' }],
    [
      'behind a JWT authorizer',
      { auth: { jwt: { issuer: 'https://login.example', audience: ['flowferry'] } } },
    ],
    ['without durable functions', { durable: false }],
    [
      'with a key of its own',
      (stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }),
    ],
    [
      'with a key of its own and without durable functions',
      (stack) => ({ durable: false, encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }),
    ],
  ])('they find nothing in a service %s', (_what, props) => {
    expect(findings(new Synthesized(props).app)).toEqual([]);
  });

  test('every acknowledged finding has a reason, and none is acknowledged for the whole stack', () => {
    // Prepare
    const made = new Synthesized();

    // Act
    const found = acknowledgements(made.stack);

    // Assess
    expect(found.length).toBeGreaterThan(0);
    for (const [, reason] of found) expect(reason).toMatch(/\w+ .{15,}\.$/);
    expect(
      made.stack.node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY),
    ).toEqual([]);
  });
});
