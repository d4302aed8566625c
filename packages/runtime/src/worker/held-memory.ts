/** Whether this thread holds so much memory that it should be replaced: its heap and its buffers, with what is not yet collected. */
import { getHeapStatistics } from "node:v8";

/** Share of the heap's limit, where no other limit is given: nearer to it, the next step might end the thread. */
const SHARE = 0.75;

/** @param limitMiB In MiB; undefined: a share of the heap's own limit. */
export function holdsTooMuch(limitMiB: number | undefined): boolean {
  const { used_heap_size, external_memory, heap_size_limit } = getHeapStatistics();
  const limit = limitMiB === undefined ? heap_size_limit * SHARE : limitMiB * 2 ** 20;
  return used_heap_size + external_memory > limit;
}
