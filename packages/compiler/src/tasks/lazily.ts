/** Objects whose parts are read when they are first asked for: what nobody asks the checker costs nothing. */

/** How each part of an object is read. */
export type Readers<T> = { readonly [K in keyof T]-?: () => T[K] };

/** Makes such an object. Each part is read once. */
export function lazily<T extends object>(readers: Readers<T>): T {
  const object = {};
  for (const [name, read] of Object.entries<() => unknown>(readers)) {
    Object.defineProperty(object, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = read();
        Object.defineProperty(object, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return object as T; // it has every part that there is a reader for
}
