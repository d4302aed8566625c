/** What a front end is to the matrix: a way to run each workload, or the nearest to it and the reason why it is not the same. */
import type { Engine } from "@millrace/runtime";
import type { Workload } from "../workload.js";

/** Where a cell runs. */
export interface Place {
  readonly engine: Engine;
  /** A folder of the cell's own. */
  readonly folder: string;
}

/** Why a front end cannot say a workload. */
export interface Shortfall {
  readonly reason: string;
  /** The lines of the trace of the nearest that it can say which the workload's text has not. */
  readonly instead: readonly string[];
}

/** One cell's way: `run` gives the trace; with a shortfall, that of the nearest that the front end can say. */
export interface Way {
  run(place: Place): Promise<string>;
  readonly cannot?: Shortfall;
  /** What the table says in place of `yes`. */
  readonly note?: string;
}

/** A front end, with its way to each workload. */
export interface FrontEnd {
  readonly name: string;
  /** On engines: with tasks, with commands, or not at all. */
  readonly on: "tasks" | "commands" | "nothing";
  readonly ways: Readonly<Record<Workload, Way>>;
}
