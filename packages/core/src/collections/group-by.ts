/** Lists of items by what they have in common. */
import { appendTo } from "./append-to.js";

/** Items by a key, each list in the order of the items; keys in the order in which they come first. */
export function groupBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) appendTo(groups, keyOf(item), item);
  return groups;
}
