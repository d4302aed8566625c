/** States of a run, and what a list of runs shows. */
import type { BuildHash, RunId } from "../identity/brands.js";
import type { SuspendReason } from "./facts.js";

/** `running` without a living owner is what recovery takes over. */
export type RunState = "running" | "suspended" | "succeeded" | "failed" | "aborted";

/** One line of a list of runs. */
export interface RunSummary {
  readonly id: RunId;
  /** Flow id. */
  readonly flow: string;
  /** Build that ran it last. */
  readonly build: BuildHash;
  readonly state: RunState;
  /** Why it is suspended. */
  readonly reason?: SuspendReason;
  /** ms since 1970. */
  readonly startedAt: number;
  /** ms since 1970 of the newest fact. */
  readonly updatedAt: number;
  /** Newest sequence number. */
  readonly seq: number;
  /** Who runs it now; undefined if nobody does or the owner is dead. */
  readonly owner?: OwnerInfo;
}

/** True for a run that whoever comes next is to go on with, without a decision of anybody: its owner has gone, or it waits. */
export function goesOnByItself({ state, reason }: Pick<RunSummary, "state" | "reason">): boolean {
  if (state === "running") return true;
  return state === "suspended" && (reason === "wait" || reason === "interrupt" || reason === "no-threads");
}

/** A process that owns runs. */
export interface OwnerInfo {
  readonly pid: number;
  /** Start time of the process in the system's own ticks, where it can be read; tells a reused pid apart. */
  readonly processStart: string;
  /** Identity of this boot of the machine, where it can be read. */
  readonly boot: string;
  readonly host: string;
  /** Unique for each engine: two in one process differ. */
  readonly engine: string;
}
