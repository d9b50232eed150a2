/** What calls a sync's runs at their times. */
export interface Schedules {
  /** Makes or changes the schedule of a sync; safe to repeat. */
  put(sync: string, schedule: { expression: string; timezone?: string | undefined }): Promise<void>;
  /** Also where there is none. */
  remove(sync: string): Promise<void>;
}

/** What a schedule hands to the function it calls. `time` is when it was due: the same however late it comes. */
export interface ScheduledCall {
  sync: string;
  /** ISO 8601. */
  time: string;
}
