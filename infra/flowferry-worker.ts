import { Annotations, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Alias, CfnFunction, DurableConfig } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Binding } from './binding.ts';
import { encryptionWildcards } from './encryption.ts';
import { environment } from './environment.ts';
import { FlowferryFunction } from './flowferry-function.ts';
import { workerFunction, workerHosts } from './functions.ts';
import type { LogLevel } from './service-props.ts';

export interface FlowferryWorkerProps {
  /** How a durable execution is bounded; `undefined`: a queue drives the worker. */
  readonly durable: DurableConfig | undefined;
  /** How many may run at once. */
  readonly concurrency: number;
  readonly logLevel: LogLevel;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
  readonly encryptionKey?: IKey | undefined;
  readonly functionsFolder?: string | undefined;
}

/** By what the worker is started. */
type Entrance = { readonly alias: Alias } | { readonly queue: Queue };

/** What carries clones out, and the queue of those it gave up. */
export class FlowferryWorker extends Construct {
  readonly function: FlowferryFunction;
  readonly deadLetters: Queue;
  readonly entrance: Entrance;

  constructor(scope: Construct, id: string, props: FlowferryWorkerProps) {
    super(scope, id);
    const safe: QueueProps = {
      enforceSSL: true,
      ...(props.encryptionKey
        ? { encryption: QueueEncryption.KMS, encryptionMasterKey: props.encryptionKey }
        : { encryption: QueueEncryption.SQS_MANAGED }),
    };
    this.deadLetters = new Queue(this, 'DeadLetters', { ...safe, retentionPeriod: Duration.days(14) });
    acknowledge(this.deadLetters, 'Serverless-SQSRedrivePolicy', 'This is the dead-letter queue itself.');
    const host = props.durable ? workerHosts.durable : workerHosts.queue;
    this.function = new FlowferryFunction(this, 'Function', {
      name: host.folder,
      description: workerFunction.description,
      memory: workerFunction.memory,
      timeout: Duration.seconds(host.timeoutSeconds),
      logLevel: props.logLevel,
      logRetention: props.logRetention,
      tracing: props.tracing,
      encryptionKey: props.encryptionKey,
      reservedConcurrency: props.concurrency,
      functionsFolder: props.functionsFolder,
      // Lambda does not repeat a durable execution that ended without success: its event goes here.
      ...(props.durable ? { durable: props.durable, deadLetterQueue: this.deadLetters } : {}),
    });
    this.entrance = props.durable ? this.#asDurableFunction() : this.#behindQueue(safe, props.concurrency);
  }

  /** Starting work on a clone: invoking the alias, and nothing but the alias, or sending to the queue. */
  start(): Binding {
    const { entrance } = this;
    if ('alias' in entrance) {
      return {
        environment: {
          [environment.workerFunction]: this.function.function.functionName,
          [environment.workerQualifier]: entrance.alias.aliasName,
        },
        grant(grantee) {
          // The alias's ARN as it is: CDK's own grant would add a wildcard to it.
          const resourceArns = [entrance.alias.functionArn];
          Grant.addToPrincipal({ grantee, actions: ['lambda:InvokeFunction'], resourceArns });
        },
      };
    }
    return {
      environment: { [environment.workerQueueUrl]: entrance.queue.queueUrl },
      grant: this.#send(entrance),
    };
  }

  /** Putting work that was given up into the queue of dead letters. */
  giveUp(): Binding {
    const { deadLetters } = this;
    return {
      environment: { [environment.deadLettersUrl]: deadLetters.queueUrl },
      grant: this.#send({ queue: deadLetters }),
      wildcards: deadLetters.encryptionMasterKey ? encryptionWildcards : [],
    };
  }

  #send({ queue }: { queue: Queue }) {
    return (grantee: IGrantable) => {
      Grant.addToPrincipal({ grantee, actions: ['sqs:SendMessage'], resourceArns: [queue.queueArn] });
      queue.encryptionMasterKey?.grantEncryptDecrypt(grantee);
    };
  }

  /**
   * Started through the alias `live`: an execution goes on with the version it began with, which therefore outlives
   * the next deployment, while new executions take the new version.
   *
   * The worker's rights over itself stand in policies of their own. In the role's default policy, which must be
   * there before the function, they would be a circle. For the same reason the worker learns its own name from
   * Lambda (`AWS_LAMBDA_FUNCTION_NAME`).
   */
  #asDurableFunction(): Entrance {
    const { function: fn, role } = this.function;
    // Said of every durable function: that one made without durability would be replaced. Having no fixed name, it can be.
    Annotations.of(fn).acknowledgeInfo('aws-lambda:Function.DurableConfig');
    fn.currentVersion.applyRemovalPolicy(RemovalPolicy.RETAIN);
    const alias = fn.addAlias('live');
    const policy = (id: string, actions: string[], resource: string) =>
      new Policy(this, id, {
        roles: [role],
        statements: [new PolicyStatement({ actions, resources: [resource] })],
      });

    // Executions are authorised as parts of a version: the bare ARN of the function would match none.
    const checkpoints = policy(
      'Checkpoints',
      ['lambda:CheckpointDurableExecution', 'lambda:GetDurableExecutionState'],
      `${fn.functionArn}:*`,
    );
    alias.node.addDependency(checkpoints);
    const logicalId = Stack.of(this).getLogicalId(fn.node.defaultChild as CfnFunction);
    acknowledge(
      checkpoints,
      `AwsSolutions-IAM5[Resource::<${logicalId}.Arn>:*]`,
      "The worker's own executions, of whichever version: its number is not known beforehand.",
    );
    policy('HandOver', ['lambda:InvokeFunction'], alias.functionArn);
    return { alias };
  }

  /** Driven by messages, each of which the worker hands on to itself until the clone has ended. */
  #behindQueue(safe: QueueProps, concurrency: number): Entrance {
    const queue = new Queue(this, 'Work', {
      ...safe,
      // A message comes back only once the worker that took it can't be running any more.
      visibilityTimeout: Duration.seconds(workerHosts.queue.timeoutSeconds + 60),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
    const { function: fn } = this.function;
    fn.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: concurrency }));
    acknowledge(
      fn,
      'Serverless-LambdaEventSourceMappingDestination',
      'A queue as event source knows no such destination; the queue has a dead-letter queue.',
    );
    const entrance = { queue };
    this.function.bind({
      environment: { [environment.workerQueueUrl]: queue.queueUrl },
      grant: this.#send(entrance),
    });
    return entrance;
  }
}
