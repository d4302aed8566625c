/** Remembers which steps an error came from, so that resuming a failed run knows what to try again. */
import type { StepKey } from "@millrace/core";

const origins = new WeakMap<object, readonly StepKey[]>();

/** Says that an error given to a body came from these steps, too. What is no object, as in `throw "text"`, names none. */
export function blame<E>(error: E, keys: Iterable<StepKey>): E {
  if (typeof error === "object" && error !== null) origins.set(error, [...(origins.get(error) ?? []), ...keys]);
  return error;
}

/** Keys of all steps found in an error: itself, its `cause` and its `errors`, at any depth. Never throws. */
export function blamed(error: unknown): readonly StepKey[] {
  const keys = new Set<StepKey>();
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    for (const key of origins.get(value) ?? []) keys.add(key);
    try {
      if (!(value instanceof Error)) return;
      visit(value.cause);
      const errors = (value as { errors?: unknown }).errors;
      if (Array.isArray(errors)) for (const inner of errors) visit(inner);
    } catch {
      // A getter or a proxy that throws at whoever looks: what cannot be read names no step.
    }
  };
  visit(error);
  return [...keys];
}
