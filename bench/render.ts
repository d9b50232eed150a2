import { drawCharts } from './report/charts.ts';
import { writeReport } from './report/report.ts';
import { readResults } from './results.ts';

/** Writes report and charts again from what was measured before. */
const results = readResults();
drawCharts(results);
writeReport(results);
