/** The status that an answer has for an error. */
import { type ErrorCode, EXIT, exitCodeOf } from "@millrace/core";

const OTHERS: Readonly<Partial<Record<ErrorCode, number>>> = {
  "unknown-run": 404,
  "unknown-flow": 404,
  "run-exists": 409,
  "run-differs": 409,
  "run-owned": 409,
  "run-over": 409,
  "run-not-resumable": 409,
  "value-not-sendable": 400,
  "engine-closed": 503,
};

/** 404 and 409 where the code says so; else 400 for what a command calls wrong usage, and 500. */
export function statusOf(code: ErrorCode): number {
  return OTHERS[code] ?? (exitCodeOf(code) === EXIT.usage ? 400 : 500);
}
