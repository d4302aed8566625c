/** How a promise ends, as a value: what `attempt` and collecting maps give. */
import type { Outcome } from "@millrace/sdk";

/** Never rejects. */
export function outcomeOf<T>(promise: Promise<T>): Promise<Outcome<T>> {
  return promise.then(
    (value) => ({ status: "succeeded", value }),
    (error: Error) => ({ status: "failed", error }),
  );
}
