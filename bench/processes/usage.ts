/** What a process has used so far. */
export interface Usage {
  cpuMs: number;
  /** The most resident memory it ever had, in megabytes. */
  peakMb: number;
}

/** What this process has used since it started. */
export function usageNow(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, peakMb: process.resourceUsage().maxRSS / 1024 };
}
