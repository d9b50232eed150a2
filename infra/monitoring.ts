import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  Metric,
  TextWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type AlarmSpec, type AlarmSubject, alarms } from './alarms.ts';

/** One resource an alarm may look at: a name for people, and its dimensions in CloudWatch. */
export interface Watched {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

export interface MonitoringProps {
  readonly topic: ITopic;
  /** The resources each subject stands for; none: its alarms are left out. */
  readonly watched: Readonly<Record<AlarmSubject, readonly Watched[]>>;
}

/** The alarms of `alarms.ts` for the resources there are, and a dashboard with the same metrics. */
export class Monitoring extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.days(1) });
    this.dashboard.addWidgets(
      new TextWidget({
        markdown: '# flowferry\nClones of integrator.io flows. A red line is the threshold of an alarm.',
        width: 24,
        height: 2,
      }),
    );
    const widgets = alarms.flatMap((spec) => {
      const resources = props.watched[spec.subject];
      if (resources.length === 0) return [];
      const metrics = resources.map((resource) => metricOf(spec, resource));
      metrics.forEach((metric, position) => {
        const name = resources[position]?.name ?? '';
        new Alarm(this, `${spec.id}-${name}`, {
          metric,
          alarmDescription: `${name}: ${spec.description}`,
          threshold: spec.threshold,
          evaluationPeriods: spec.periods,
          comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
          treatMissingData: TreatMissingData.NOT_BREACHING,
        }).addAlarmAction(new SnsAction(props.topic));
      });
      return [
        new GraphWidget({
          title: spec.id,
          left: metrics.map((metric, position) => metric.with({ label: resources[position]?.name ?? '' })),
          leftAnnotations: [{ value: spec.threshold, color: '#d62728', label: 'alarm' }],
          width: 8,
        }),
      ];
    });
    this.dashboard.addWidgets(...widgets);
  }
}

// Without a label: an alarm whose metric has one is written as an expression, which is harder to read.
function metricOf(spec: AlarmSpec, { dimensions }: Watched): Metric {
  return new Metric({
    namespace: spec.namespace,
    metricName: spec.metric,
    dimensionsMap: { ...dimensions },
    statistic: spec.statistic,
    period: Duration.minutes(spec.periodMinutes),
  });
}
