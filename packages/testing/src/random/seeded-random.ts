/** Random numbers for tests that come the same again: the generator behind `this.random()` of flows. */
import { SeededRandom } from "@millrace/runtime/internal";

/** Makes a generator of numbers 0 ≤ x < 1; equal seeds give equal numbers, on every machine. Not for secrets. */
export function seededRandom(...seed: readonly (string | number)[]): () => number {
  const generator = new SeededRandom(...seed.map(String));
  return () => generator.number();
}
