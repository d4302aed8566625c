/** When a flow runs by itself, as types: what its author writes, and what the manifest keeps of it. */

/** What happens at an instant at which the flow's last scheduled run still goes. */
export type Overlap =
  /** The instant is left out. */
  | "skip"
  /** It waits until that run has ended. */
  | "queue"
  /** The runs go side by side. */
  | "parallel";

/** What becomes of instants at which no process was there. */
export type CatchUp =
  /** Nothing. */
  | "none"
  /** The newest of them is made up for, by one run. */
  | "last"
  /** Each is, the newest 100 at most, in order. */
  | "all";

/** A schedule as its author writes it: literals. */
export interface ScheduleOptions {
  /** Five fields (minute, hour, day of month, month, day of week), six with seconds in front, or `@hourly`, `@daily`, … */
  readonly cron: string;
  /** IANA name of the zone whose wall clock counts, `Europe/Oslo`. Default `UTC`, on every machine. */
  readonly timezone?: string;
  /** Default `skip`. */
  readonly overlap?: Overlap;
  /** Default `last`. */
  readonly catchUp?: CatchUp;
}

/** A schedule with its defaults. */
export type ScheduleEntry = Required<ScheduleOptions>;
