/** Every code a MillraceError can carry, with the exit code the command line gives it. */
import type { ExitCode } from "./exit-codes.js";

/** Code → exit code of a command that ends with it. */
export const ERROR_CODES = {
  "internal-bug": 1,
  // usage and configuration
  usage: 2,
  "unknown-flow": 2,
  "picture-too-deep": 2,
  "unknown-task": 2,
  "unknown-flag": 2,
  "invalid-parameters": 2,
  "message-invalid": 2,
  "message-unknown": 2,
  "invalid-options": 2,
  "invalid-duration": 2,
  "limit-unmeetable": 2,
  "job-graph-invalid": 2,
  "job-invalid": 2,
  "scheduler-invalid": 2,
  "project-invalid": 2,
  "template-failed": 2,
  "setting-invalid": 2,
  "unknown-node": 2,
  "flow-spec-invalid": 2,
  "manifest-missing": 2,
  "manifest-unreadable": 2,
  "build-missing": 2,
  "commit-unreadable": 2,
  "state-dir-unusable": 2,
  "project-not-found": 2,
  "compiler-missing": 2,
  "package-missing": 2,
  "observer-invalid": 2,
  "engine-bundled": 2,
  "watch-refused": 2,
  "build-failed": 3,
  // runs
  "unknown-run": 2,
  "run-exists": 2,
  "run-differs": 2,
  "run-not-resumable": 2,
  "run-over": 2,
  "run-owned": 1,
  "run-aborted": 1,
  "run-suspended": 1,
  "replay-diverged": 1,
  stalled: 1,
  "engine-closed": 1,
  "ownership-lost": 1,
  // store
  "store-corrupt": 1,
  "store-too-new": 1,
  "store-unusable": 1,
  // steps
  "value-not-sendable": 1,
  "value-unreadable": 1,
  "step-timeout": 1,
  "wait-timeout": 1,
  "flow-timeout": 1,
  "step-aborted": 1,
  "step-exited": 1,
  "command-failed": 1,
  "crash-loop": 1,
  "thread-lost": 1,
  "thread-start-failed": 1,
  "out-of-memory": 1,
  "module-failed": 1,
  "secret-unavailable": 1,
  "close-failed": 1,
  "resource-failed": 1,
  "unknown-site": 1,
  "graph-violated": 1,
  "flow-misuse": 1,
  "node-skipped": 1,
  "nodes-failed": 1,
  "reference-missing": 1,
  "ticks-exceeded": 1,
  "task-misuse": 1,
  "shared-misuse": 1,
  "shared-conflict": 1,
  // the test kit
  "unbuilt-code": 1,
  "stand-in-failed": 1,
  "test-project-misuse": 1,
  "command-overdue": 1,
  "output-unexpected": 1,
  "clock-misuse": 1,
  "resources-leaked": 1,
} as const;

/** Readable slug of an error that users meet. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** The exit code of a command that ends with this error. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  return ERROR_CODES[code];
}
