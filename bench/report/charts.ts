import { mkdirSync, writeFileSync } from 'node:fs';
import * as echarts from 'echarts';
import type { Results } from '../results.ts';

const FOLDER = new URL('../../docs/benchmarks/', import.meta.url);

/** Draws the charts that the report shows. */
export function drawCharts({ size = [], policies = [] }: Results): void {
  mkdirSync(FOLDER, { recursive: true });
  const ours = size.filter(({ rateShare }) => rateShare === 0.95);
  const policyNames = [...new Set(policies.map(({ name }) => name))];
  draw('time.svg', {
    title: { text: 'Time to clone N flows of six objects', left: 'center' },
    legend: { bottom: 0 },
    grid: { bottom: 90 },
    xAxis: { type: 'log', name: 'flows', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'log', name: 'seconds' },
    series: [
      line(
        'flowferry',
        ours.map(({ flows, wallMs }) => [flows, wallMs / 1000]),
      ),
      {
        ...line(
          'floor',
          ours.map(({ flows, floorMs }) => [flows, floorMs / 1000]),
        ),
        lineStyle: { type: 'dashed' },
      },
      ...policyNames.map((name) =>
        line(
          name,
          policies.filter((row) => row.name === name).map(({ flows, wallMs }) => [flows, wallMs / 1000]),
        ),
      ),
    ],
  });
  const large = size.filter(({ flows }) => flows === 1000);
  draw('rate.svg', {
    title: { text: 'Calls to the target in each second, 1,000 flows', left: 'center' },
    legend: { bottom: 0 },
    xAxis: { type: 'value', name: 'second', nameLocation: 'middle', nameGap: 28 },
    yAxis: { type: 'value', name: 'calls' },
    series: [
      ...large.map(({ rateShare, perSecond }) =>
        line(
          `rateShare ${rateShare}`,
          perSecond.map((calls, second) => [second, calls]),
        ),
      ),
      {
        ...line('the bucket: 1,000 at once, then 300 a second', bucketLine(large[0]?.perSecond.length ?? 20)),
        lineStyle: { type: 'dashed' },
      },
    ],
  });
}

/** What the bucket lets through in each second of steady demand. */
function bucketLine(seconds: number): number[][] {
  return Array.from({ length: seconds }, (_, second) => [second, second === 0 ? 1300 : 300]);
}

function line(name: string, data: number[][]): echarts.LineSeriesOption {
  return { name, type: 'line', data, symbolSize: 5 };
}

function draw(file: string, option: echarts.EChartsOption): void {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 860, height: 480 });
  chart.setOption({ animation: false, backgroundColor: '#fff', ...option });
  writeFileSync(new URL(file, FOLDER), `${chart.renderToSVGString()}\n`);
  chart.dispose();
}
