/** A promise that can be resolved from outside, once. */

/** A one-shot latch. */
export interface Latch<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  /** True once resolved. */
  readonly open: boolean;
}

/** Makes a closed latch. (Promise.withResolvers is missing on Node 20.) */
export function latch<T = void>(): Latch<T> {
  return new LazyLatch<T>();
}

/** Makes its promise when somebody asks for it: every step has a latch, and few are waited for. */
class LazyLatch<T> implements Latch<T> {
  #resolved: { readonly value: T } | undefined;
  #promise: Promise<T> | undefined;
  #settle: ((value: T) => void) | undefined;

  get promise(): Promise<T> {
    this.#promise ??= this.#resolved
      ? Promise.resolve(this.#resolved.value)
      : new Promise((resolve) => {
          this.#settle = resolve;
        });
    return this.#promise;
  }

  resolve(value: T): void {
    if (this.#resolved) return;
    this.#resolved = { value };
    this.#settle?.(value);
  }

  get open(): boolean {
    return this.#resolved !== undefined;
  }
}
