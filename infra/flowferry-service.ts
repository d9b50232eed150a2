import { CfnOutput, Duration, Stack, Tags } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { SERVICE_DIMENSION } from '../lambdas/metrics/emf.ts';
import { DEFAULT_ROUTE, type HttpFunctionName, ROUTES } from '../lambdas/routes.ts';
import { knowCallers } from './auth.ts';
import { type Binding, tell } from './binding.ts';
import { openKeyToCloudWatch } from './encryption.ts';
import { environment } from './environment.ts';
import { putEvents } from './events.ts';
import { FlowferryApi } from './flowferry-api.ts';
import { FlowferryFunction } from './flowferry-function.ts';
import { FlowferryScheduled } from './flowferry-scheduled.ts';
import { FlowferrySchedules } from './flowferry-schedules.ts';
import { apiKeysSecretName, callbackSecretName, FlowferrySecrets } from './flowferry-secrets.ts';
import { FlowferryTable } from './flowferry-table.ts';
import { FlowferryWorker } from './flowferry-worker.ts';
import {
  httpFunctions,
  type Need,
  type ScheduledFunctionName,
  scheduledFunctions,
  syncScheduleFunction,
  workerFunction,
} from './functions.ts';
import { Monitoring, type Watched } from './monitoring.ts';
import { type FlowferryServiceProps, resolveServiceProps, type ServiceOptions } from './service-props.ts';

/**
 * The whole service: an HTTP API, a function for each folder its routes name, the worker, the table, the secrets,
 * alarms and a dashboard. One of these fits into an AWS account and region, since its secrets have fixed names.
 *
 * @throws InvalidOptionError for options that are unknown or malformed; EntryMissingError where a function that is
 * to be deployed has no code.
 */
export class FlowferryService extends Construct {
  readonly api: FlowferryApi;
  readonly functions: ReadonlyMap<HttpFunctionName, FlowferryFunction>;
  readonly worker: FlowferryWorker;
  /** The functions that a clock calls. */
  readonly scheduled: ReadonlyMap<ScheduledFunctionName, FlowferryScheduled>;
  readonly schedules: FlowferrySchedules;
  readonly table: FlowferryTable;
  readonly secrets: FlowferrySecrets;
  readonly alarmTopic: ITopic;
  readonly monitoring: Monitoring;

  constructor(scope: Construct, id: string, props: FlowferryServiceProps = {}) {
    super(scope, id);
    const options = resolveServiceProps(props);
    const { removalPolicy, encryptionKey } = options;
    const { logLevel, logRetention, tracing, functionsFolder } = options;
    if (encryptionKey) openKeyToCloudWatch(this, encryptionKey);

    this.table = new FlowferryTable(this, 'Table', { removalPolicy, encryptionKey });
    this.secrets = new FlowferrySecrets(this, 'Secrets', { removalPolicy, encryptionKey });
    this.worker = new FlowferryWorker(this, 'Worker', {
      durable: options.durable
        ? { executionTimeout: options.executionTimeout, retentionPeriod: options.executionRetention }
        : undefined,
      concurrency: options.workerConcurrency,
      logLevel,
      logRetention,
      tracing,
      encryptionKey,
      functionsFolder,
    });
    this.worker.function.bind(...workerFunction.needs.map((need) => this.#bindingFor(need, options)));

    this.schedules = new FlowferrySchedules(this, 'Schedules', {
      deadLetters: this.worker.deadLetters,
      logLevel,
      logRetention,
      tracing,
      encryptionKey,
      functionsFolder,
    });
    this.schedules.function.bind(
      ...syncScheduleFunction.needs.map((need) => this.#bindingFor(need, options)),
    );
    this.scheduled = this.#scheduled(options);
    this.functions = this.#functions(options);
    this.api = new FlowferryApi(this, 'Api', {
      routes: ROUTES,
      functionOf: (name) => this.#function(name).function,
      defaultFunction: DEFAULT_ROUTE.function,
      auth: options.auth,
      throttle: options.throttle,
      logRetention,
      encryptionKey,
    });
    this.alarmTopic = options.alarmTopic ?? this.#topic(options);
    this.monitoring = new Monitoring(this, 'Monitoring', {
      topic: this.alarmTopic,
      watched: this.#watched(),
    });
    for (const [name, value] of Object.entries(options.tags)) Tags.of(this).add(name, value);
    this.#outputs();
  }

  /** One function for each that the routes name. */
  #functions(options: ServiceOptions) {
    const { logLevel, logRetention, tracing, encryptionKey, functionsFolder } = options;
    const names = new Set([...ROUTES.map((route) => route.function), DEFAULT_ROUTE.function]);
    return new Map(
      [...names].map((name) => {
        const spec = httpFunctions[name];
        const made = new FlowferryFunction(this, `Fn-${name}`, {
          name,
          description: spec.description,
          memory: spec.memory,
          timeout: Duration.seconds(spec.timeoutSeconds),
          logLevel,
          logRetention,
          tracing,
          encryptionKey,
          functionsFolder,
        });
        return [name, made.bind(...spec.needs.map((need) => this.#bindingFor(need, options)))] as const;
      }),
    );
  }

  #scheduled(options: ServiceOptions) {
    const { logLevel, logRetention, tracing, encryptionKey, functionsFolder } = options;
    const names = Object.keys(scheduledFunctions) as ScheduledFunctionName[];
    return new Map(
      names.map((name) => {
        const props = { name, logLevel, logRetention, tracing, encryptionKey, functionsFolder };
        const made = new FlowferryScheduled(this, `Scheduled-${name}`, props);
        const { needs } = scheduledFunctions[name];
        return [name, made.bind(...needs.map((need) => this.#bindingFor(need, options)))] as const;
      }),
    );
  }

  #bindingFor(need: Need, options: ServiceOptions): Binding {
    switch (need) {
      case 'table':
        return this.table.readWrite();
      case 'unfinished':
        return this.table.queryUnfinished();
      case 'api-keys':
        return knowCallers(options.auth, this.secrets.readApiKeys());
      case 'accounts':
        return this.secrets.readAccounts();
      case 'account-writing':
        return this.secrets.writeAccounts();
      case 'hooks':
        return this.secrets.readHooks();
      case 'callback-secret':
        return this.secrets.readCallbackSecret();
      case 'events':
        return putEvents(this);
      case 'dead-letters':
        return this.worker.giveUp();
      case 'schedules':
        return this.schedules.write();
      case 'worker':
        return this.worker.start();
      case 'clone-retention':
        return tell({ [environment.cloneDays]: String(options.cloneRetention.toDays()) });
      case 'idempotency-retention':
        return tell({ [environment.idempotencyDays]: String(options.idempotencyRetention.toDays()) });
      case 'metrics':
        return tell({ [environment.metrics]: options.metrics });
    }
  }

  #function(name: HttpFunctionName): FlowferryFunction {
    const found = this.functions.get(name);
    if (!found) throw new Error(`No function was made for "${name}".`);
    return found;
  }

  #topic({ encryptionKey }: ServiceOptions): Topic {
    const topic = new Topic(this, 'Alarms', {
      displayName: 'flowferry alarms',
      enforceSSL: true,
      ...(encryptionKey ? { masterKey: encryptionKey } : {}),
    });
    // A topic that has a policy of its own loses the default one, by which alarms of the same account may publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    return topic;
  }

  #watched() {
    const byFunction = (name: string, { function: fn }: FlowferryFunction): Watched => ({
      name,
      dimensions: { FunctionName: fn.functionName },
    });
    const worker = byFunction('worker', this.worker.function);
    return {
      function: [
        ...[...this.functions].map(([name, fn]) => byFunction(name, fn)),
        ...[...this.scheduled].map(([name, fn]) => byFunction(name, fn)),
        byFunction('sync-schedule', this.schedules.function),
        worker,
      ],
      'durable worker': 'alias' in this.worker.entrance ? [worker] : [],
      'dead letters': [
        { name: 'dead-letters', dimensions: { QueueName: this.worker.deadLetters.queueName } },
      ],
      clones: [{ name: 'clones', dimensions: SERVICE_DIMENSION }],
      api: [{ name: 'api', dimensions: { ApiId: this.api.api.apiId, Stage: this.api.stage.stageName } }],
      table: [{ name: 'table', dimensions: { TableName: this.table.table.tableName } }],
    };
  }

  #outputs(): void {
    const outputs: Record<string, [value: string, description: string]> = {
      Url: [this.api.stage.url, 'Where the service answers'],
      ApiKeysSecret: [apiKeysSecretName, 'The secret that holds the digests of the keys'],
      CallbackSecret: [callbackSecretName, 'The secret that callbacks are signed with'],
      TableName: [this.table.table.tableName, 'The table of clones and the ledger'],
      DeadLettersUrl: [this.worker.deadLetters.queueUrl, 'The queue of work that was given up'],
      AlarmTopicArn: [this.alarmTopic.topicArn, 'The topic that alarms go to'],
      DashboardName: [this.monitoring.dashboard.dashboardName, 'The dashboard in CloudWatch'],
    };
    for (const [name, [value, description]] of Object.entries(outputs)) {
      new CfnOutput(this, name, { value, description });
    }
  }
}
