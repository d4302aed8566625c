/**
 * Calls of somebody's code that may be asynchronous: one after the other, each when the promise of the one before has been
 * kept. Who calls never waits; who closes waits, and not for ever.
 */

/** Calls that wait for a target which is far behind. */
const MAX_WAITING = 10_000;

/** Time that is left at the close to what still waits, ms. */
const GRACE_MS = 10_000;

/** The calls of one target. */
export class OrderedCalls {
  #waiting: (() => unknown)[] = [];
  #busy: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** True while too many calls wait. */
  get full(): boolean {
    return this.#waiting.length >= MAX_WAITING;
  }

  /** Makes a call now, or once those before it are done. @throws what it throws, or an earlier one has thrown meanwhile. */
  add(call: () => unknown): void {
    if (this.#failure) throw this.#failure.error;
    if (this.#busy) {
      this.#waiting.push(call);
      return;
    }
    const result = call();
    if (isThenable(result)) this.#busy = this.#goOn(result);
  }

  /** Resolves when every call is done. @throws what one has thrown, or an Error if they take longer than 10 s. */
  async finish(): Promise<void> {
    if (this.#busy) await this.#inTime(this.#busy);
    if (this.#failure) throw this.#failure.error;
  }

  async #goOn(first: PromiseLike<unknown>): Promise<void> {
    try {
      await first;
      while (this.#waiting.length > 0) {
        const calls = this.#waiting;
        // More are added while these are awaited.
        this.#waiting = [];
        for (const call of calls) await call();
      }
    } catch (error) {
      this.#failure = { error };
    }
    this.#waiting = [];
    this.#busy = undefined;
  }

  async #inTime(busy: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const given = (): void => reject(new Error(`it was not done ${GRACE_MS / 1_000} s after the engine's close`));
      timer = setTimeout(given, GRACE_MS);
    });
    await Promise.race([busy, late]).finally(() => clearTimeout(timer));
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
