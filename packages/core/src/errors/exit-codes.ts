/** Exit codes of the command line, and nothing else. */

/** What the process says to its parent. */
export const EXIT = {
  /** Everything succeeded. */
  success: 0,
  /** The run failed, stalled, diverged, is ambiguous, or lost its store or ownership. */
  failure: 1,
  /** Usage, configuration, unreadable manifest or missing build. */
  usage: 2,
  /** The build found errors in the project. */
  diagnostics: 3,
  /** The run is suspended and waits for something from outside. */
  waiting: 4,
  /** Interrupted by SIGINT. */
  sigint: 130,
  /** Ended by SIGTERM. */
  sigterm: 143,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
