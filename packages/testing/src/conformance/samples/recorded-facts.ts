/** Facts as a store gives them back, in forms that `expect` can compare. */
import type { Fact, RunId, RunStore, StoredBytes } from "@millrace/core";

/** All facts of a run, in order. */
export async function recordedFacts(store: Pick<RunStore, "read">, run: RunId): Promise<Fact[]> {
  const facts: Fact[] = [];
  for await (const fact of store.read(run)) facts.push(fact);
  return facts;
}

/** A fact as plain data: in place of a stored value stand its size and its bytes. */
export function plainFact(fact: Fact): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fact).map(([field, value]) => [field, isStored(value) ? [value.size, ...value.read()] : value]),
  );
}

function isStored(value: unknown): value is StoredBytes {
  return typeof value === "object" && value !== null && "read" in value;
}
