/** Errors as plain data, for events. */
import { type ErrorSummary, errorSummary } from "@millrace/core";

/** The parts of an error that people look at. */
export function summarise(error: Error): ErrorSummary {
  return errorSummary(error);
}
