/** The nodes of a graph whose time has come, and how many of them may run at once. */

/** First come, first served, within a window; what runs forever stands beside it. */
export class ReadyNodes {
  readonly #window: number;
  readonly #within = new Line();
  readonly #beside = new Line();
  #arrived = 0;
  #running = 0;

  /** `window`: most nodes that run at once. Absent: as many as there are. */
  constructor(window: number = Number.POSITIVE_INFINITY) {
    this.#window = window;
  }

  add(index: number, forever: boolean): void {
    (forever ? this.#beside : this.#within).add(index, this.#arrived++);
  }

  /** The one that came first, of those for which there is room. */
  take(): number | undefined {
    const line = this.#running < this.#window && this.#within.first < this.#beside.first ? this.#within : this.#beside;
    return line.take();
  }

  /** A node of the window runs. */
  began(): void {
    this.#running += 1;
  }

  /** It runs no more. */
  left(): void {
    this.#running -= 1;
  }
}

/** Nodes in the order in which they came. */
class Line {
  readonly #nodes: { readonly index: number; readonly arrival: number }[] = [];
  #next = 0;

  /** Arrival of its first node; beyond all others if it is empty. */
  get first(): number {
    return this.#nodes[this.#next]?.arrival ?? Number.POSITIVE_INFINITY;
  }

  add(index: number, arrival: number): void {
    this.#nodes.push({ index, arrival });
  }

  take(): number | undefined {
    const node = this.#nodes[this.#next];
    if (node) this.#next += 1;
    return node?.index;
  }
}
