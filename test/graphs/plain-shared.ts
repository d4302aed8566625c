/** Shared state of a body that runs without an engine: a map, of which nothing is recorded. */
import type { Shared } from "@millrace/sdk";

/** Empty shared state. */
export function plainShared(): Shared {
  const values = new Map<string, unknown>();
  const shared = {
    get: async (key: string) => values.get(key),
    has: async (key: string) => values.has(key),
    entries: async () => [...values].sort(([a], [b]) => (a < b ? -1 : 1)),
    set: async (key: string, value: unknown) => void values.set(key, value),
    publish: async (key: string, value: unknown) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key),
    update: async (key: string, fn: (current: unknown) => unknown) => {
      values.set(key, fn(values.get(key)));
      return values.get(key);
    },
  };
  return shared as Shared; // no key is declared in the tests' own project
}
