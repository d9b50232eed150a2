import { App, Duration, Stack } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { FlowferryService } from 'flowferry/infra';

const app = new App();
const stack = new Stack(app, 'provisioning');
const topic = new Topic(stack, 'Alarms', { enforceSSL: true });

new FlowferryService(stack, 'Flowferry', {
  auth: { jwt: { issuer: 'https://login.example.com', audience: ['flowferry'] } },
  cloneRetention: Duration.days(30),
  workerConcurrency: 5,
  logRetention: RetentionDays.THREE_MONTHS,
  alarmTopic: topic,
});
