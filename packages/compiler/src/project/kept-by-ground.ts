/** Results kept from one build to the next of the same process for as long as what they rest on is the same. */
import type { ts } from "ts-morph";
import { sameItems } from "./same-items.js";

/** What a result rests on: two grounds are the same if all their parts are. */
export type Ground = readonly unknown[];

/** Results by the node that they are about. They live as long as its tree. */
export class KeptByGround<T> {
  readonly #kept = new WeakMap<ts.Node, { readonly ground: Ground; readonly result: T }>();

  /** The result of before if it rests on the same; else makes it. */
  get(node: ts.Node, ground: Ground, make: () => T): T {
    const known = this.#kept.get(node);
    if (known && sameItems(known.ground, ground)) return known.result;
    const result = make();
    this.#kept.set(node, { ground, result });
    return result;
  }
}
