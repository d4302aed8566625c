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
  let settle: (value: T) => void = () => {};
  let open = false;
  const promise = new Promise<T>((resolve) => {
    settle = resolve;
  });
  return {
    promise,
    resolve(value) {
      open = true;
      settle(value);
    },
    get open() {
      return open;
    },
  };
}
