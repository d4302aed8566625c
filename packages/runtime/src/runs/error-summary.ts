/** Errors as plain data, for events. */
import { type ErrorSummary, isMillraceError } from "@millrace/core";

/** The parts of an error that people look at. */
export function summarise(error: Error): ErrorSummary {
  return {
    name: error.name,
    message: error.message,
    ...(isMillraceError(error) ? { code: error.code } : {}),
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}
