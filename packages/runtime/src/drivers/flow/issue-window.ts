/**
 * How much work a body may have open before its maps hold back further items: thousands of steps that wait for a thread cost memory and win
 * nothing. Only steps of tasks count, from their call to their delivery, so that a replay holds back just what the record held back; sleeps, messages and sub-flows
 * are never held back by each other.
 */

/** As many as fifteen threads share that have light steps alone. The same everywhere: a record goes on where it was not made. */
export const WINDOW_STEPS = 1_000;

/** The window of one body. */
export class IssueWindow {
  #open = 0;
  /** Maps with items that have not begun, in turn. */
  readonly #held = new Set<() => void>();

  /** True if a map may begin another item. */
  get hasRoom(): boolean {
    return this.#open < WINDOW_STEPS;
  }

  /** A step has been called. */
  issued(): void {
    this.#open += 1;
  }

  /** Its outcome has been handed over. */
  delivered(): void {
    this.#open -= 1;
    for (const begin of this.#held) {
      if (!this.hasRoom) return;
      this.#held.delete(begin);
      begin();
    }
  }

  /** Calls back once there is room; the same function again changes nothing. */
  whenRoom(begin: () => void): void {
    this.#held.add(begin);
  }
}
