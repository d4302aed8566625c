/**
 * Keeps a thread alive when code throws where nobody catches. The attempt is found through AsyncLocalStorage: while it
 * runs it fails with that error, afterwards the error is a line of its log.
 */

import { withoutRevealed } from "@millrace/core/thread";
import { type AttemptScope, currentAttempt } from "../attempt/attempt-scope.js";
import { asError } from "../attempt/outcome.js";

/** Installs the listeners of this thread, for good. `running` gives the attempt to blame if the context tells nothing. */
export function keepStrayErrors(running: () => AttemptScope | undefined): void {
  const blame = (thrown: unknown, kind: string): void => {
    const error = asError(thrown);
    const attempt = currentAttempt() ?? running();
    if (!attempt) {
      const text = `${kind} in a worker thread, outside any step: ${error.stack ?? error.message}`;
      process.stderr.write(`${withoutRevealed(text)}\n`);
      return;
    }
    // What process.exit throws in a callback has failed the attempt before it arrives here.
    if (attempt.failure === thrown || attempt.fail(thrown)) return;
    attempt.log(
      "error",
      `${kind} left behind by ${attempt.task} (step ${attempt.step}): ${error.stack ?? error.message}`,
    );
  };
  process.on("uncaughtException", (error) => blame(error, "Uncaught exception"));
  process.on("unhandledRejection", (reason) => blame(reason, "Unhandled rejection"));
}
