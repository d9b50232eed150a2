import type { Clock } from '../../core/ports.ts';

/** What every metric of the service is named under in CloudWatch. */
export const METRIC_NAMESPACE = 'flowferry';

/** The dimension that every metric has, so that an alarm can name one series. */
export const SERVICE_DIMENSION = { Service: 'flowferry' } as const;

/** Figures by name; the unit stands in the name's end: `Ms` for milliseconds, else they are counts. */
export type Figures = Readonly<Record<string, number>>;

export interface Metrics {
  /**
   * Writes figures under the service alone, and once more under each of these dimensions where there are any.
   * `facts` stand in the same line for searches; they make no series of their own, and cost nothing.
   */
  put(
    figures: Figures,
    options?: { dimensions?: Readonly<Record<string, string>>; facts?: Readonly<Record<string, string>> },
  ): void;
}

/**
 * Metrics in CloudWatch's embedded metric format: lines of the log, out of which CloudWatch makes series by itself.
 * No call is made and none can fail.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function createMetrics({ clock, write }: { clock: Clock; write: (line: string) => void }): Metrics {
  return {
    put(figures, { dimensions = {}, facts = {} } = {}) {
      const own = Object.keys(SERVICE_DIMENSION);
      const more = Object.keys(dimensions);
      const directive = {
        Namespace: METRIC_NAMESPACE,
        Dimensions: more.length === 0 ? [own] : [own, [...own, ...more]],
        Metrics: Object.keys(figures).map((Name) => ({
          Name,
          Unit: Name.endsWith('Ms') ? 'Milliseconds' : 'Count',
        })),
      };
      const _aws = { Timestamp: clock.now(), CloudWatchMetrics: [directive] };
      write(`${JSON.stringify({ _aws, ...facts, ...SERVICE_DIMENSION, ...dimensions, ...figures })}\n`);
    },
  };
}
