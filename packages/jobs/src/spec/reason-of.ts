/** What was thrown, as the reason of a failure: handlers are anybody's code. */
import { renderValue } from "@millrace/core";

/** Its message, or the value itself. Never throws. */
export function reasonOf(thrown: unknown): string {
  try {
    // Errors of another realm fail instanceof.
    if (thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]") {
      const { name, message } = thrown as Error;
      if (typeof message === "string" && message !== "") return message;
      return `${String(name)} without a message`;
    }
  } catch {
    // A getter of its own has thrown.
  }
  return typeof thrown === "string" && thrown !== "" ? thrown : `${renderValue(thrown)} was thrown`;
}
