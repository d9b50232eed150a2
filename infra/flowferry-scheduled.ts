import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import { FlowferryFunction, type FlowferryFunctionProps } from './flowferry-function.ts';
import { type ScheduledFunctionName, scheduledFunctions } from './functions.ts';

/** A function that a clock calls. What one call missed, the next one finds: nothing repeats it. */
export class FlowferryScheduled extends FlowferryFunction {
  constructor(
    scope: Construct,
    id: string,
    props: { readonly name: ScheduledFunctionName } & Pick<
      FlowferryFunctionProps,
      'logLevel' | 'logRetention' | 'tracing' | 'encryptionKey' | 'functionsFolder'
    >,
  ) {
    const { description, memory, timeoutSeconds, everyMinutes } = scheduledFunctions[props.name];
    super(scope, id, { ...props, description, memory, timeout: Duration.seconds(timeoutSeconds) });
    const rule = new Rule(this, 'Schedule', {
      description,
      schedule: Schedule.rate(Duration.minutes(everyMinutes)),
    });
    this.function.configureAsyncInvoke({ retryAttempts: 0 });
    rule.addTarget(new LambdaFunction(this.function, { retryAttempts: 0 }));
    const reason = 'What one call missed, the next one finds: a lost event is no loss.';
    acknowledge(rule, 'Serverless-EventBusDLQ', reason);
    acknowledge(this.function, 'Serverless-LambdaAsyncFailureDestination', reason);
  }
}
