import { Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { EVENT_SOURCE } from '../adapters/events/index.ts';
import type { Binding } from './binding.ts';
import { environment } from './environment.ts';

/** The bus that AWS services use themselves, and that every account has. */
const DEFAULT_BUS = 'default';

/** Putting the service's own events on the default bus, and nobody else's. */
export function putEvents(scope: Construct): Binding {
  const resource = 'event-bus';
  const bus = Stack.of(scope).formatArn({ service: 'events', resource, resourceName: DEFAULT_BUS });
  return {
    environment: { [environment.eventBus]: DEFAULT_BUS },
    grant(grantee) {
      Grant.addToPrincipal({
        grantee,
        actions: ['events:PutEvents'],
        resourceArns: [bus],
        conditions: { StringEquals: { 'events:source': EVENT_SOURCE } },
      });
    },
  };
}
