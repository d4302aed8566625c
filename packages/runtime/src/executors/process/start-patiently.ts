/** Starts a process on a machine that may have no room for one just now. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { type Clock, formatDuration, type LogLevel } from "@millrace/core";
import { pause } from "../pause.js";

/** First pause, ms; each is twice the one before. */
const FIRST_PAUSE_MS = 1_000;
/** Longest pause, ms. */
const LONGEST_PAUSE_MS = 30_000;
/** How long is waited in all, ms. */
const PATIENCE_MS = 5 * 60_000;

/** Who waits. */
export interface Waiting {
  readonly clock: Clock;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  log(level: LogLevel, text: string): void;
}

/**
 * Starts it, again after a pause while the system refuses to make a process (EAGAIN), for five minutes at most. Rejects with what keeps
 * it from starting.
 */
export async function startPatiently(
  start: () => ChildProcess,
  { clock, signal, log }: Waiting,
): Promise<ChildProcess> {
  let waited = 0;
  for (let next = FIRST_PAUSE_MS; ; next = Math.min(2 * next, LONGEST_PAUSE_MS)) {
    const child = start();
    try {
      // Rejects with what the `error` event brings.
      await once(child, "spawn");
      return child;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN" || waited >= PATIENCE_MS || signal.aborted) throw error;
    }
    log("warn", `The system makes no further process now; trying again in ${formatDuration(next)}.`);
    waited += next;
    await pause(next, clock, signal);
  }
}
