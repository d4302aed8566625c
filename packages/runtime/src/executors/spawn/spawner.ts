/** What somebody implements who runs jobs in a place of their own: one method, and a loop if the place needs one. */
import type { CommandAttempt, ContainerCommand, Job, LogLevel, ShellCommand } from "@millrace/core";

/** A command of a `shell` node, with what its step asks for. */
export type SpawnedCommand = ShellCommand & CommandAttempt;

/** A command of a `container` node, with what its step asks for. */
export interface SpawnedContainer extends ContainerCommand, CommandAttempt {
  /** Further folders that it has to reach beside its own, absolute: whoever hands a container on can add some. */
  readonly folders?: readonly string[];
}

/** One attempt, as a spawner gets it. */
export interface SpawnedJob
  extends Pick<
    Job,
    "run" | "key" | "node" | "task" | "module" | "exportName" | "attempt" | "attempts" | "idempotencyKey"
  > {
  /** Decoded, with values in place of Refs. */
  readonly params: object;
  /** Of a `shell` node. */
  readonly command: SpawnedCommand | undefined;
  /** Of a `container` node: whoever is given to the engine as `containers` gets them. */
  readonly container: SpawnedContainer | undefined;
  /** Longest time of the attempt, ms, if it has one: the engine tells it to stop then. */
  readonly timeoutMs: number | undefined;
  /** Aborted when the time has passed that the job has to stop in: what still runs is to be killed. */
  readonly kill: AbortSignal;
  /** Adds a line to the step's log. */
  log(level: LogLevel, text: string): void;
  /** Tells how far it is; `fraction` from 0 to 1. */
  progress(fraction?: number, message?: string): void;
}

/**
 * Runs jobs somewhere. A job that fails throws; what `spawn` returns is the step's result. Of a `shell` or `container` node that is the
 * code with which the command ended, alone or in an object as `code`: any but 0 is a failure.
 */
export interface Spawner {
  /** Jobs that are spawned at once. Default: the machine's parallelism. */
  readonly maxConcurrency?: number;
  /** It runs them on other machines: what they take of `cpus` and `memory` is not this machine's. */
  readonly elsewhere?: boolean;
  /** Runs one job. `signal` is aborted when it is to stop: it should then clean up and end within the step's grace. */
  spawn(job: SpawnedJob, signal: AbortSignal): unknown;
  /**
   * Runs beside the jobs, from the first one until the engine is closed; `signal` tells it to end. If it throws, what runs and waits is
   * given up, and the next job begins it again. Where commands and containers share a place, each of them begins it.
   */
  background?(signal: AbortSignal): Promise<void>;
}

/** Makes a spawner around the one that the engine would have without it. */
export type SpawnerAround = (own: Spawner) => Spawner;
