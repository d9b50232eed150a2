import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Grant, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { Binding } from './binding.ts';
import { encryptionWildcards } from './encryption.ts';
import { environment } from './environment.ts';
import { FlowferryFunction, type FlowferryFunctionProps } from './flowferry-function.ts';
import { syncScheduleFunction } from './functions.ts';

export interface FlowferrySchedulesProps
  extends Pick<FlowferryFunctionProps, 'logLevel' | 'logRetention' | 'tracing' | 'functionsFolder'> {
  /** Where calls go that found nobody. */
  readonly deadLetters: IQueue;
  readonly encryptionKey?: IKey | undefined;
}

/** The schedules of syncs, made while the service runs: their group, what they call, and as whom they call it. */
export class FlowferrySchedules extends Construct {
  readonly function: FlowferryFunction;
  readonly group: CfnScheduleGroup;
  readonly role: Role;
  readonly #deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: FlowferrySchedulesProps) {
    super(scope, id);
    const { deadLetters, encryptionKey, ...common } = props;
    const { folder, description, memory, timeoutSeconds } = syncScheduleFunction;
    this.#deadLetters = deadLetters;
    this.function = new FlowferryFunction(this, 'Function', {
      ...common,
      encryptionKey,
      name: folder,
      description,
      memory,
      timeout: Duration.seconds(timeoutSeconds),
      deadLetterQueue: deadLetters,
    });
    this.group = new CfnScheduleGroup(this, 'Group');
    // Only schedules of this group may take the role: that of another could not call as flowferry.
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account, 'aws:SourceArn': this.group.attrArn },
        },
      }),
      description: 'What the schedules of syncs may do: call one function, and keep what found nobody',
    });
    const grant = (actions: string[], resource: string) =>
      Grant.addToPrincipal({ grantee: this.role, actions, resourceArns: [resource] });
    grant(['lambda:InvokeFunction'], this.function.function.functionArn);
    grant(['sqs:SendMessage'], deadLetters.queueArn);
    if (encryptionKey) {
      encryptionKey.grantEncryptDecrypt(this.role);
      for (const { finding, reason } of encryptionWildcards) {
        acknowledge(this.role, `AwsSolutions-IAM5[${finding}]`, reason);
        acknowledge(this.function.role, `AwsSolutions-IAM5[${finding}]`, reason);
      }
    }
    acknowledge(
      this.function.function,
      'Serverless-LambdaAsyncFailureDestination',
      'Events that failed for good go to the queue of dead letters, as those of the worker do.',
    );
  }

  /** Making, changing and deleting the schedules of the group, which call what they are here to call. */
  write(): Binding {
    const { role, group } = this;
    const name = group.ref;
    const schedules = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule',
      resourceName: `${name}/*`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    return {
      environment: {
        [environment.scheduleGroup]: name,
        [environment.scheduleFunctionArn]: this.function.function.functionArn,
        [environment.scheduleRoleArn]: role.roleArn,
        [environment.scheduleDeadLettersArn]: this.#deadLetters.queueArn,
      },
      grant(grantee) {
        const actions = ['CreateSchedule', 'UpdateSchedule', 'DeleteSchedule'];
        Grant.addToPrincipal({
          grantee,
          actions: actions.map((action) => `scheduler:${action}`),
          resourceArns: [schedules],
        });
        grantee.grantPrincipal.addToPrincipalPolicy(
          new PolicyStatement({
            actions: ['iam:PassRole'],
            resources: [role.roleArn],
            conditions: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
          }),
        );
      },
      wildcards: [
        {
          finding: `Resource::arn:<AWS::Partition>:scheduler:<AWS::Region>:<AWS::AccountId>:schedule/<${Stack.of(this).getLogicalId(group)}>/*`,
          reason: 'Syncs are added while the service runs; their group holds nothing else.',
        },
      ],
    };
  }
}
