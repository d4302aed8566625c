/** SIGINT and SIGTERM: the first one asks, the second one ends, the third one kills. Only the command line installs handlers. */
import { EXIT, type ExitCode } from "@millrace/core";
import { say } from "./output/streams.js";

type Signal = "SIGINT" | "SIGTERM";

const EXIT_CODES: Readonly<Record<Signal, ExitCode>> = { SIGINT: EXIT.sigint, SIGTERM: EXIT.sigterm };

/** What was caught so far. */
export interface CaughtSignals {
  /** The first signal; undefined while there is none. */
  readonly caught: { readonly signal: Signal; readonly exitCode: ExitCode } | undefined;
  /** Gives the signals back to their default. */
  release(): void;
}

/** Calls `first` at the first signal; a second one ends the process at once with that signal's exit code. */
export function catchSignals(first: (signal: Signal) => void): CaughtSignals {
  let caught: CaughtSignals["caught"];
  const handle = (signal: Signal): void => {
    if (caught) {
      // The exit waits for threads that wait in the system, for a program that a step has started: then the next signal ends it all.
      // Before the words: whoever reads them may send it at once.
      release();
      say(`${signal}: stopping at once. If a program that a step waits for keeps this process, once more kills it.`);
      process.exit(EXIT_CODES[signal]);
    }
    caught = { signal, exitCode: EXIT_CODES[signal] };
    first(signal);
  };
  const release = (): void => void process.off("SIGINT", handle).off("SIGTERM", handle);
  process.on("SIGINT", handle).on("SIGTERM", handle);
  return {
    get caught() {
      return caught;
    },
    release,
  };
}
