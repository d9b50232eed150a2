import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { FlowferryFunction, type FlowferryFunctionProps } from './flowferry-function.ts';
import { sweeperFunction } from './functions.ts';

/** Restarts, every few minutes, the clones whose worker was lost. */
export class FlowferrySweeper extends FlowferryFunction {
  constructor(
    scope: Construct,
    id: string,
    props: Pick<FlowferryFunctionProps, 'logRetention' | 'tracing' | 'encryptionKey' | 'functionsFolder'>,
  ) {
    const { folder, description, memory, timeoutSeconds, everyMinutes } = sweeperFunction;
    super(scope, id, {
      ...props,
      name: folder,
      description,
      memory,
      timeout: Duration.seconds(timeoutSeconds),
    });
    const rule = new Rule(this, 'Schedule', {
      description: 'Looks for clones that lost their worker',
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
    });
    // What a sweep missed, the next one finds: neither Lambda nor EventBridge needs to repeat it.
    this.function.configureAsyncInvoke({ retryAttempts: 0 });
    rule.addTarget(new LambdaFunction(this.function, { retryAttempts: 0 }));
    const reason = 'What a sweep missed, the next one finds: a lost event is no loss.';
    acknowledge(rule, 'Serverless-EventBusDLQ', reason);
    acknowledge(this.function, 'Serverless-LambdaAsyncFailureDestination', reason);
  }
}
