/** What the dispatcher tells of a job: to whoever issued it, and to whoever notes which jobs are on their way. */
import type { Job, LaneEvent, MillraceError } from "@millrace/core";

/** Who wants to know what becomes of a job. */
export interface JobListener {
  claimed(at: number): void;
  progress(fraction: number | undefined, message: string | undefined): void;
  chunk(value: Uint8Array): void;
  log(line: Extract<LaneEvent, { readonly type: "log" }>): void;
  /** The attempt asks about shared state, and waits for `answer`. */
  shared(event: Extract<LaneEvent, { readonly type: "shared" }>): void;
  settled(event: Extract<LaneEvent, { readonly type: "settled" }>): void;
  /** The job runs again from the start. */
  returned(reason: "revoked" | "thread-lost"): void;
  /** The job is to blame, and never runs again. */
  refused(error: Error): void;
  /** No lane is left that could run it: it never began, and is not to blame. */
  stranded(error: MillraceError): void;
}

/** Who notes which jobs are with a lane. */
export interface JobNotes {
  /** They are about to be pushed. */
  leave(jobs: readonly Job[]): void;
  /** Its outcome is there, or it will be pushed again. */
  back(job: Job): void;
}
