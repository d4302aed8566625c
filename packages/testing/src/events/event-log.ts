/** Everything that the runs of an engine told, with assertions over it. An observer. */
import { AssertionError } from "node:assert";
import { MillraceError, type Observer, type RunEvent } from "@millrace/core";
import { type Execution, executionsOf } from "./executions.js";
import { type StepSelector, selectorText, selects } from "./step-selector.js";
import { timeline } from "./timeline.js";

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

interface Waiter {
  readonly test: (event: RunEvent) => boolean;
  resolve(event: RunEvent): void;
  reject(error: unknown): void;
}

/** The events so far, oldest first. A test's engine has one; others get one as one of their observers, which they may share. */
export class EventLog implements Observer {
  readonly name = "event log";
  readonly #events: RunEvent[] = [];
  #waiters: Waiter[] = [];
  #engines = 0;
  #closed = false;

  /** All events. */
  get all(): readonly RunEvent[] {
    return this.#events;
  }

  /** The events of one type. */
  of<T extends RunEvent["type"]>(type: T): readonly EventOf<T>[] {
    return this.#events.filter((event): event is EventOf<T> => event.type === type);
  }

  /** Attempts that ran, in order of their beginnings; restored steps did not run. */
  executions(selector?: StepSelector): readonly Execution[] {
    const test = selector === undefined ? () => true : selects(selector);
    return executionsOf(this.#events).filter(({ step }) => test(step));
  }

  /** Most executions that were running at once. */
  mostTogether(selector: StepSelector): number {
    const edges = this.executions(selector).flatMap(({ begin, end }) => [
      { place: begin, by: 1 },
      ...(end === undefined ? [] : [{ place: end, by: -1 }]),
    ]);
    let running = 0;
    let most = 0;
    for (const { by } of edges.sort((a, b) => a.place - b.place)) {
      running += by;
      most = Math.max(most, running);
    }
    return most;
  }

  /** The first event, past or future, for which `test` holds. Rejects with what `test` throws, and with `engine-closed` if none came. */
  async until<T extends RunEvent["type"]>(type: T, test?: (event: EventOf<T>) => boolean): Promise<EventOf<T>> {
    // The event that is found passes through `matches`, which looks at its type.
    const matches = (event: RunEvent): boolean => event.type === type && (test?.(event as EventOf<T>) ?? true);
    const found = this.#events.find(matches);
    if (found) return found as EventOf<T>;
    if (this.#closed) throw this.#never(type);
    return await new Promise((resolve, reject) => {
      this.#waiters.push({ test: matches, resolve: (event) => resolve(event as EventOf<T>), reject });
    });
  }

  /** Every execution of `first` had ended before any of `then` began; both ran. @throws AssertionError, with a timeline. */
  assertBefore(first: StepSelector, then: StepSelector): void {
    const earlier = this.#ran(first);
    const later = this.#ran(then);
    const begin = Math.min(...later.map((execution) => execution.begin));
    const late = earlier.filter(({ end }) => end === undefined || end > begin);
    if (late.length === 0) return;
    fail(`${selectorText(first)} had not ended when ${selectorText(then)} began.`, [...earlier, ...later]);
  }

  /**
   * No execution of one ran while one of the other did; with one selector, no two of its executions ran at once. There
   * were two that could have met. @throws AssertionError, with a timeline.
   */
  assertNeverTogether(one: StepSelector, other?: StepSelector): void {
    const left = this.#ran(one);
    const right = other === undefined ? left : this.#ran(other);
    const all = [...new Set([...left, ...right])];
    if (other === undefined && left.length < 2) {
      fail(`${selectorText(one)} ran once only: there is nothing that it could have met.`, all);
    }
    const met = left.some((a) => right.some((b) => a !== b && overlap(a, b)));
    if (!met) return;
    const whom = other === undefined ? "twice at once" : `together with ${selectorText(other)}`;
    fail(`${selectorText(one)} ran ${whom}.`, all);
  }

  /** Just one execution: one step, one attempt. @throws AssertionError, with a timeline. */
  assertExactlyOnce(selector: StepSelector): void {
    const ran = this.executions(selector);
    if (ran.length === 1) return;
    const times = ran.length === 0 ? "did not run" : `ran ${ran.length} times`;
    fail(`${selectorText(selector)} ${times}, not once.`, ran.length === 0 ? this.executions() : ran);
  }

  open(): void {
    this.#engines += 1;
    this.#closed = false;
  }

  on(event: RunEvent): void {
    this.#events.push(event);
    this.#waiters = this.#waiters.filter((waiter) => !tell(waiter, event));
  }

  close(): void {
    this.#engines -= 1;
    if (this.#engines > 0) return;
    this.#closed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#never("that was waited for"));
  }

  #ran(selector: StepSelector): readonly Execution[] {
    const found = this.executions(selector);
    if (found.length === 0) fail(`${selectorText(selector)} did not run.`, this.executions());
    return found;
  }

  #never(what: string): MillraceError {
    return new MillraceError("engine-closed", `The engine was closed; an event ${what} never came.`, {
      hint: `What ran:\n${timeline(this.executions())}`,
    });
  }
}

/** True if the waiter has been answered. A test that throws is its own failure: the log goes on. */
function tell(waiter: Waiter, event: RunEvent): boolean {
  try {
    if (!waiter.test(event)) return false;
    waiter.resolve(event);
  } catch (error) {
    waiter.reject(error);
  }
  return true;
}

function overlap(a: Execution, b: Execution): boolean {
  const end = (execution: Execution): number => execution.end ?? Number.POSITIVE_INFINITY;
  return a.begin < end(b) && b.begin < end(a);
}

function fail(message: string, executions: readonly Execution[]): never {
  const ordered = [...executions].sort((a, b) => a.begin - b.begin);
  throw new AssertionError({ message: `${message}\n${timeline(ordered)}` });
}
