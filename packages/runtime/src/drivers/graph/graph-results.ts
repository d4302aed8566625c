/** The results of a graph's nodes, as long as somebody needs them: those who take them, or the result of the graph. */
import { decodeValue, type JobNode, type StoredBytes, sourcesOf } from "@millrace/core";

interface Kept {
  readonly bytes: StoredBytes | undefined;
  /** Decoded for the first who asks; those who take it copy what they take. */
  decoded?: { readonly value: unknown };
}

/** The results of one body. */
export class GraphResults {
  /** By node id: how many nodes have yet to take its result. */
  readonly #takers = new Map<string, number>();
  readonly #kept = new Map<string, Kept>();

  constructor(nodes: readonly JobNode[]) {
    for (const node of nodes) for (const id of sourcesOf(node)) this.#takers.set(id, (this.#takers.get(id) ?? 0) + 1);
  }

  /** A node has succeeded; its result is kept if somebody takes it. */
  keep(id: string, bytes: StoredBytes | undefined): void {
    if (this.#takers.has(id)) this.#kept.set(id, { bytes });
  }

  /** The result of a node; undefined if there is none. Do not change it. @throws what reading damaged bytes throws. */
  find(id: string): { readonly value: unknown } | undefined {
    const kept = this.#kept.get(id);
    if (!kept) return undefined;
    kept.decoded ??= { value: kept.bytes && decodeValue(kept.bytes.read()) };
    return kept.decoded;
  }

  /** A node has taken what it takes, or never will. */
  release(node: JobNode): void {
    for (const id of sourcesOf(node)) {
      const left = (this.#takers.get(id) ?? 0) - 1;
      this.#takers.set(id, left);
      if (left > 0) continue;
      this.#takers.delete(id);
      this.#kept.delete(id);
    }
  }
}
