/** One life of a run: from where it begins. Found out by the engine, kept by the run controller. */
import type { Suspicions } from "../inflight/inflight-file.js";
import type { Relation } from "./run-past.js";
import type { RunRecord } from "./run-record.js";

/** What the engine has found out before it begins. */
export interface RunLife {
  readonly seed: string;
  /** What is on record; undefined for a new run. */
  readonly record: RunRecord | undefined;
  /** How this life relates to those before. */
  readonly relation: Relation;
  /** How often its steps were in flight when a process died. */
  readonly suspicions?: Suspicions;
}
