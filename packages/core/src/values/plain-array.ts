/** Arrays as the walks read them: no subclass, no holes, nothing besides the items. */
import { isDeepStrictEqual, types } from "node:util";
import { extraProperty, symbolKey } from "./kinds/own-properties.js";
import { Refusal } from "./kinds/refusal.js";

/** True for arrays that are no subclass and no proxy. */
export function isPlainArray(value: object): value is unknown[] {
  return Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype && !types.isProxy(value);
}

// Up to here, listing all keys is the faster way.
const SMALL = 64;

/** Refuses holes and properties besides the items. Throws a Refusal. */
export function expectPlainItems(value: readonly unknown[]): void {
  if (Object.getOwnPropertySymbols(value).length > 0) throw symbolKey(value);
  // One name more than items: `length`. A long list is compared with its copy instead: Node looks at names other than
  // indices natively, and items that are identical cost one comparison.
  const plain =
    value.length <= SMALL
      ? Object.getOwnPropertyNames(value).length === value.length + 1
      : isDeepStrictEqual(value, Array.prototype.slice.call(value));
  for (let i = 0; i < value.length; i++) {
    if (value[i] === undefined && !Object.hasOwn(value, i)) {
      throw new Refusal("is a hole in an array", "Fill it, with undefined or null if there is nothing.", `[${i}]`);
    }
  }
  if (plain) return;
  const extra = Object.getOwnPropertyNames(value).find((name) => name !== "length" && !/^\d+$/.test(name));
  throw extraProperty(extra ?? "");
}
