/** A binary heap: what comes first by an order is always at hand; adding and taking cost O(log n). */

/** Items of one order. An item's place may only move backwards while it is inside, and then only at the top (`sink`). */
export class Heap<T> {
  readonly #items: T[] = [];
  readonly #before: (a: T, b: T) => boolean;

  /** @param before Whether `a` comes before `b`. */
  constructor(before: (a: T, b: T) => boolean) {
    this.#before = before;
  }

  /** How many there are. */
  get size(): number {
    return this.#items.length;
  }

  /** The first one; undefined if there is none. */
  peek(): T | undefined {
    return this.#items[0];
  }

  /** Adds one. */
  push(item: T): void {
    this.#items.push(item);
    let at = this.#items.length - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!this.#swapIfBefore(at, above)) return;
      at = above;
    }
  }

  /** Takes the first one out. */
  pop(): T | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) {
      this.#items[0] = last;
      this.sink();
    }
    return first;
  }

  /** The first one has moved backwards in the order. */
  sink(): void {
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [l, r] = [this.#items[left], this.#items[right]];
      if (l === undefined) return;
      const below = r !== undefined && this.#before(r, l) ? right : left;
      if (!this.#swapIfBefore(below, at)) return;
      at = below;
    }
  }

  #swapIfBefore(below: number, above: number): boolean {
    const [a, b] = [this.#items[below], this.#items[above]];
    if (a === undefined || b === undefined || !this.#before(a, b)) return false;
    this.#items[below] = b;
    this.#items[above] = a;
    return true;
  }
}
