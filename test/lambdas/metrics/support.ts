/** A line in the embedded metric format. */
export interface Line {
  _aws: { Timestamp: number; CloudWatchMetrics: { Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [member: string]: unknown;
}

export function parseLine(line: string): Line {
  return JSON.parse(line) as Line;
}
