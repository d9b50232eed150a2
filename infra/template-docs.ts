import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { FlowferryServiceProps } from './service-props.ts';
import { diffOf, type Resources, resourcesOf, type TemplateDiff } from './template-diff.ts';

/** Every option, at a value that is not its default. */
const variants: readonly [
  code: string,
  props: FlowferryServiceProps | ((stack: Stack) => FlowferryServiceProps),
][] = [
  ["auth: 'iam'", { auth: 'iam' }],
  [
    "auth: { jwt: { issuer: 'https://login.example.com', audience: ['flowferry'] } }",
    { auth: { jwt: { issuer: 'https://login.example.com', audience: ['flowferry'] } } },
  ],
  ['durable: false', { durable: false }],
  [
    'executionTimeout: Duration.days(7), executionRetention: Duration.days(30)',
    { executionTimeout: Duration.days(7), executionRetention: Duration.days(30) },
  ],
  ["logLevel: 'DEBUG'", { logLevel: 'DEBUG' }],
  ['logRetention: RetentionDays.ONE_YEAR', { logRetention: RetentionDays.ONE_YEAR }],
  ['removalPolicy: RemovalPolicy.DESTROY', { removalPolicy: RemovalPolicy.DESTROY }],
  ['workerConcurrency: 5', { workerConcurrency: 5 }],
  ['throttle: { rate: 10, burst: 20 }', { throttle: { rate: 10, burst: 20 } }],
  [
    "throttle: { routes: { 'POST /clone': { rate: 5, burst: 20 } } }",
    { throttle: { routes: { 'POST /clone': { rate: 5, burst: 20 } } } },
  ],
  [
    'cloneRetention: Duration.days(365), idempotencyRetention: Duration.days(30)',
    { cloneRetention: Duration.days(365), idempotencyRetention: Duration.days(30) },
  ],
  ['alarmTopic: topic', (stack) => ({ alarmTopic: new Topic(stack, 'topic') })],
  ['encryptionKey: key', (stack) => ({ encryptionKey: new Key(stack, 'key', { enableKeyRotation: true }) })],
  ["metrics: 'by-account'", { metrics: 'by-account' }],
  ['tracing: false', { tracing: false }],
  ["tags: { team: 'integration' }", { tags: { team: 'integration' } }],
];

/** The page that says what a deployment consists of, and what each option adds to it, takes from it and changes. */
export function templatesMarkdown(): string {
  const plain = resourcesOf({});
  const sections = variants.map(([code, props]) => {
    const diff = diffOf(plain, resourcesOf(props));
    return [`## \`${code}\``, '', '```diff', ...linesOf(diff), '```'].join('\n');
  });
  return `${[
    '# What each option adds to the template',
    'Made from the templates themselves by `npm run docs`. `+` and `-` are resources that come and go, `!` are properties that change; a name is the path of the construct. Resources of the same kind stand in one line.',
    '## Without options',
    tableOf(plain),
    ...sections,
  ].join('\n\n')}\n`;
}

function tableOf(resources: Resources): string {
  const counts = new Map<string, number>();
  for (const { type } of resources.values()) counts.set(type, (counts.get(type) ?? 0) + 1);
  const rows = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
  return ['| resource | count |', '|---|---|', ...rows.map(([type, count]) => `| ${type} | ${count} |`)].join(
    '\n',
  );
}

/** More resources than this of one kind with the same change, and more properties of one, are told by their number. */
const NAMED_UP_TO = 4;

function linesOf({ added, removed, changed }: TemplateDiff): string[] {
  const lines = [
    ...grouped('-', removed, () => ''),
    ...grouped('+', added, () => ''),
    ...grouped('!', changed, ({ properties }) => ` ${inShort(properties).join(', ')}`),
  ];
  return lines.length > 0
    ? lines
    : ['no difference in resources: what CloudFormation does with them differs'];
}

function inShort(properties: readonly string[]): string[] {
  const groups = Map.groupBy(properties, (property) => property.split('.')[0] ?? property);
  return [...groups].flatMap(([whole, parts]) =>
    parts.length > NAMED_UP_TO ? [`${whole} (${parts.length} of its properties)`] : parts,
  );
}

function grouped<T extends { path: string; type: string }>(
  sign: string,
  resources: readonly T[],
  more: (resource: T) => string,
): string[] {
  const groups = Map.groupBy(resources, (resource) => `${resource.type}${more(resource)}`);
  return [...groups].map(([what, members]) => {
    const names = members.map(({ path }) => path.replace(/\/Resource$/, ''));
    return `${sign} ${what} (${names.length > NAMED_UP_TO ? `${names.length} of them` : names.join(', ')})`;
  });
}
