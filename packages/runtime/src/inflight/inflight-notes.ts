/**
 * The notes of an engine's runs. A disk that refuses them costs the protection against crash loops, never a run. A process that
 * ends in order, also by `process.exit`, has not crashed: its notes say so.
 */
import { join } from "node:path";
import { appendTo, type Job, type RunId, STATE_PATHS, type StepKey } from "@millrace/core";
import { InflightFile, type StoppedRun, type Suspicions } from "./inflight-file.js";

/** Notes of all engines of this process: one listener serves them. */
const kept = new Set<InflightFile>();

function closeAll(): void {
  for (const file of kept) attempt(() => file.close("suspended"));
}

function keep(file: InflightFile): void {
  if (kept.size === 0) process.on("exit", closeAll);
  kept.add(file);
}

function letGo(file: InflightFile): void {
  kept.delete(file);
  if (kept.size === 0) process.off("exit", closeAll);
}

function attempt(action: () => void): void {
  try {
    action();
  } catch {
    // The disk is full, or read-only: the store will say so where it matters.
  }
}

/** The notes of one engine. */
export class InflightNotes {
  readonly #stateDir: string;
  readonly #files = new Map<RunId, InflightFile>();
  #flushing = false;

  /** @param stateDir The output folder. */
  constructor(stateDir: string) {
    this.#stateDir = stateDir;
  }

  /** A run goes on: how often its steps were in flight when a process died. */
  takeOver(run: RunId): Suspicions {
    let suspicions: Suspicions = new Map();
    attempt(() => {
      const taken = InflightFile.takeOver(this.#path(run));
      suspicions = taken.suspicions;
      this.#keep(run, taken.file);
    });
    return suspicions;
  }

  /** Jobs are about to leave for their threads. */
  leave(jobs: readonly Job[]): void {
    const keys = new Map<RunId, StepKey[]>();
    for (const { run, key } of jobs) appendTo(keys, run, key);
    for (const [run, its] of keys) attempt(() => this.#of(run).leave(its));
  }

  /** A job is back, with an outcome or without. */
  back({ run, key }: Job): void {
    this.#files.get(run)?.back(key);
    if (this.#flushing) return;
    this.#flushing = true;
    // Those that are back in one turn of the event loop are one line of work.
    setImmediate(() => {
      this.#flushing = false;
      for (const file of this.#files.values()) attempt(() => file.flush());
    });
  }

  /** A run is over in this process. */
  close(run: RunId, how: StoppedRun): void {
    const file = this.#files.get(run);
    if (!file) return;
    this.#files.delete(run);
    letGo(file);
    attempt(() => file.close(how));
  }

  #of(run: RunId): InflightFile {
    return this.#files.get(run) ?? this.#keep(run, InflightFile.begin(this.#path(run)));
  }

  #keep(run: RunId, file: InflightFile): InflightFile {
    this.#files.set(run, file);
    keep(file);
    return file;
  }

  #path(run: RunId): string {
    return join(this.#stateDir, STATE_PATHS.inflight(run));
  }
}
