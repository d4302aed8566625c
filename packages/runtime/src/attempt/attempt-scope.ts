/**
 * The scope of a running attempt, found from anywhere inside the user's code through AsyncLocalStorage. Output capture
 * and the guards of a thread ask it whose line or error they hold. One storage for each copy of this package.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { LogLevel } from "@millrace/core";

/** What code around an attempt may do to it. */
export interface AttemptScope {
  /** Key of the step, for messages. */
  readonly step: string;
  /** Task id, for messages. */
  readonly task: string;
  /** Adds a line to the step's log; also after its end, as long as somebody listens. */
  log(level: LogLevel, text: string): void;
  /** Adds raw output, which need not end with a line. */
  write(level: LogLevel, text: string): void;
  /** Fails the attempt whatever its code goes on to do; false if its outcome is decided already. */
  fail(error: unknown): boolean;
  /** What `fail` has ended the attempt with. */
  readonly failure: unknown;
}

const scopes = new AsyncLocalStorage<AttemptScope | undefined>();

/** The attempt whose code is running, directly or through a callback. */
export function currentAttempt(): AttemptScope | undefined {
  return scopes.getStore();
}

/** Runs `fn` as code of an attempt. */
export function runInAttempt<T>(scope: AttemptScope, fn: () => T): T {
  return scopes.run(scope, fn);
}

/** Runs `fn` as code of no attempt, also when an attempt calls. */
export function runOutsideAttempts<T>(fn: () => T): T {
  return scopes.run(undefined, fn);
}
