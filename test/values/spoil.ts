/** Puts what cannot be sent somewhere into a value, and says by which path the encoder should find it. */

class Unregistered {
  readonly n = 1;
}

/** What no value may hold, by the words of the refusal. */
export const HOSTILE: readonly (readonly [string, (value: unknown) => unknown])[] = [
  ["is a function", () => () => 1],
  ["is a class", () => Unregistered],
  ["is a symbol", () => Symbol("s")],
  ["is a promise", () => Promise.resolve(1)],
  ["is an instance of Unregistered", () => new Unregistered()],
  ["is a WeakMap", () => new WeakMap()],
  ["is a boxed primitive", () => Object(1)],
  ["is a SharedArrayBuffer", () => new SharedArrayBuffer(1)],
  ["is a cycle", (value) => value],
];

interface Place {
  readonly path: string;
  /** Puts something there. */
  put(hostile: unknown): void;
}

/** Every place of a value where something can be added. Values of these tests are trees. */
export function placesOf(value: unknown, path: string): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) {
    const last = { path: `${path}[${value.length}]`, put: (hostile: unknown) => void value.push(hostile) };
    return [...value.flatMap((item, i) => placesOf(item, `${path}[${i}]`)), last];
  }
  if (value instanceof Map) {
    const last = { path: `${path}.get("hostile")`, put: (hostile: unknown) => void value.set("hostile", hostile) };
    const inner = [...value].flatMap(([key, item]) =>
      typeof key === "string" ? placesOf(item, `${path}.get(${JSON.stringify(key)})`) : [],
    );
    return [...inner, last];
  }
  if (value instanceof Set) {
    const at = `${path}.values()[${value.size}]`;
    return [
      ...[...value].flatMap((item, i) => placesOf(item, `${path}.values()[${i}]`)),
      { path: at, put: (hostile) => void value.add(hostile) },
    ];
  }
  // Built-ins and classes that turn themselves into data take no properties; what is inside errors is theirs.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return [];
  const add = (hostile: unknown): void => {
    Object.defineProperty(value, "hostile", { value: hostile, enumerable: true, writable: true, configurable: true });
  };
  const inner = Object.entries(value).flatMap(([key, item]) => placesOf(item, `${path}${placeOf(key)}`));
  return [...inner, { path: `${path}.hostile`, put: add }];
}

function placeOf(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
