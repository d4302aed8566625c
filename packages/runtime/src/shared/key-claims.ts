/**
 * Who may write which keys of shared state. A claim names all its keys at once and is granted when no earlier claim on any of
 * them is left; so claims of one key follow each other in order, and no two can wait for each other.
 */

interface Claim {
  readonly keys: readonly string[];
  readonly granted: () => void;
  /** Keys on which an earlier claim is left. */
  ahead: number;
}

/** Claims of one run. */
export class KeyClaims {
  /** Claims of a key in order; the first has it. */
  readonly #queues = new Map<string, Claim[]>();

  /** Calls `granted` once all keys are free, perhaps at once. What is returned gives the claim up, granted or not; to be called once. */
  take(keys: Iterable<string>, granted: () => void): () => void {
    const claim: Claim = { keys: [...new Set(keys)], granted, ahead: 0 };
    for (const key of claim.keys) {
      const queue = this.#queues.get(key);
      if (!queue) this.#queues.set(key, [claim]);
      else {
        queue.push(claim);
        claim.ahead += 1;
      }
    }
    if (claim.ahead === 0) granted();
    return () => this.#giveUp(claim);
  }

  #giveUp(claim: Claim): void {
    const free: Claim[] = [];
    for (const key of claim.keys) {
      const queue = this.#queues.get(key) ?? [];
      const at = queue.indexOf(claim);
      queue.splice(at, 1);
      const [next] = queue;
      if (!next) this.#queues.delete(key);
      else if (at === 0) {
        next.ahead -= 1;
        if (next.ahead === 0) free.push(next);
      }
    }
    for (const { granted } of free) granted();
  }
}
