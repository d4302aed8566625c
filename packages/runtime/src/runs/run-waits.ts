/** How long steps of a run had threads to themselves, and how much of that they computed: worth a line at its end if they mostly waited. */
import { formatDuration } from "@millrace/core";

/** Waiting for less than this is nothing to speak of, ms. */
const WORTH_A_LINE_MS = 1_000;
/** So many tasks are named. */
const NAMED = 3;

interface Held {
  heldMs: number;
  busyMs: number;
}

/** Counts one run's. */
export class RunWaits {
  readonly #tasks = new Map<string, Held>();

  /** An attempt is over that had a thread to itself for so long. */
  add(task: string, heldMs: number, busyMs: number): void {
    const held = this.#tasks.get(task) ?? { heldMs: 0, busyMs: 0 };
    held.heldMs += heldMs;
    held.busyMs += Math.min(busyMs, heldMs);
    this.#tasks.set(task, held);
  }

  /** What is worth saying; undefined if they computed for longer than they waited. */
  advice(): { readonly message: string; readonly hint: string } | undefined {
    const all = [...this.#tasks.values()];
    const held = sum(all.map(({ heldMs }) => heldMs));
    const busy = sum(all.map(({ busyMs }) => busyMs));
    if (held - busy < WORTH_A_LINE_MS || held - busy <= busy) return undefined;
    const waiting = [...this.#tasks]
      .filter(([, { heldMs, busyMs }]) => heldMs - busyMs > busyMs)
      .sort(([, a], [, b]) => b.heldMs - b.busyMs - (a.heldMs - a.busyMs))
      .map(([task]) => task);
    const names = [...waiting.slice(0, NAMED), ...(waiting.length > NAMED ? [`${waiting.length - NAMED} more`] : [])];
    return {
      message: `Steps had threads to themselves for ${formatDuration(held)} and computed for ${formatDuration(busy)} of it.`,
      hint: `What mostly waits can share a thread, up to 64 steps: give the option io: true to ${names.join(", ")}.`,
    };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
