import { App, Stack } from 'aws-cdk-lib';
import { FlowferryService } from './flowferry-service.ts';

// The deployment as it comes: one stack, in whatever account and region the AWS credentials name. Options of the
// service are documented at FlowferryServiceProps.
const app = new App();
const stack = new Stack(app, 'flowferry', {
  description: 'flowferry: clones integrator.io flows between accounts',
});
new FlowferryService(stack, 'Service');
