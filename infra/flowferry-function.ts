import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Binding } from './binding.ts';
import { environment } from './environment.ts';
import { codeOf } from './lambda-code.ts';
import type { LogLevel } from './service-props.ts';

export interface FlowferryFunctionProps {
  /** The folder of `lambdas/` whose `index.ts` exports the handler. */
  readonly name: string;
  readonly description: string;
  /** Memory in MB; processor time comes with it, a full core at 1,769. */
  readonly memory: number;
  readonly timeout: Duration;
  readonly logLevel: LogLevel;
  readonly logRetention: RetentionDays;
  readonly tracing: boolean;
  readonly encryptionKey?: IKey | undefined;
  /** Only for functions that are invoked asynchronously: where events go that it failed for good. */
  readonly deadLetterQueue?: IQueue;
  readonly reservedConcurrency?: number;
  readonly durable?: lambda.DurableConfig;
  /** The folder that holds the function's folder. @default flowferry's own `lambdas/` */
  readonly functionsFolder?: string | undefined;
}

/**
 * A function as all of them are here: Node 24 on ARM64, one small ES module, JSON logs that expire, traced, and a
 * role of its own that holds no managed policy and nothing but what `bind` gave it.
 */
export class FlowferryFunction extends Construct {
  readonly function: lambda.Function;
  readonly logGroup: LogGroup;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: FlowferryFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(props.encryptionKey ? { encryptionKey: props.encryptionKey } : {}),
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What the flowferry function "${props.name}" may do`,
    });
    this.logGroup.grantWrite(this.role);
    // No function name: `durableConfig` can only be set on a new function, and a fixed name could not be replaced.
    this.function = new lambda.Function(this, 'Function', {
      description: props.description,
      runtime: lambda.Runtime.NODEJS_24_X,
      architecture: lambda.Architecture.ARM_64,
      handler: 'index.handler',
      code: codeOf(props.name, props.functionsFolder),
      memorySize: props.memory,
      timeout: props.timeout,
      role: this.role,
      logGroup: this.logGroup,
      loggingFormat: lambda.LoggingFormat.JSON,
      applicationLogLevelV2: lambda.ApplicationLogLevel[props.logLevel],
      systemLogLevelV2: lambda.SystemLogLevel.WARN,
      tracing: props.tracing ? lambda.Tracing.ACTIVE : lambda.Tracing.DISABLED,
      ...(props.encryptionKey ? { environmentEncryption: props.encryptionKey } : {}),
      ...(props.deadLetterQueue ? { deadLetterQueue: props.deadLetterQueue } : {}),
      ...(props.reservedConcurrency ? { reservedConcurrentExecutions: props.reservedConcurrency } : {}),
      ...(props.durable ? { durableConfig: props.durable } : {}),
    });
    // What is left out means INFO.
    if (props.logLevel !== 'INFO') this.function.addEnvironment(environment.logLevel, props.logLevel);
    if (props.tracing) {
      acknowledge(
        this.role,
        'AwsSolutions-IAM5[Resource::*]',
        'X-Ray knows no resources to narrow PutTraceSegments to.',
      );
    }
    if (!props.deadLetterQueue) {
      acknowledge(
        this.function,
        'Serverless-LambdaDLQ',
        'No event is lost: callers wait for the answer, a queue has its own dead letters, sweeps are made up for.',
      );
    }
  }

  /** Gives the function what each binding holds: its environment variables and the rights that go with them. */
  bind(...bindings: readonly Binding[]): this {
    for (const { environment, wildcards = [], grant } of bindings) {
      for (const [name, value] of Object.entries(environment)) this.function.addEnvironment(name, value);
      grant(this.role);
      for (const { finding, reason } of wildcards) {
        acknowledge(this.role, `AwsSolutions-IAM5[${finding}]`, reason);
      }
    }
    return this;
  }
}
