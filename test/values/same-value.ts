/** Strict structural equality for these tests: tells apart everything that the codec promises to keep. Written against the promise, not the codec. */

/** What may differ. */
export interface Leeway {
  /** Order of keys of objects. */
  readonly keyOrder?: boolean;
  /** Stacks of errors. */
  readonly stacks?: boolean;
}

/** The path of the first difference; undefined if the values are the same. */
export function difference(a: unknown, b: unknown, leeway: Leeway = {}, path = "value"): string | undefined {
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return Object.is(a, b) ? undefined : path;
  }
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `${path} (prototype)`;
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime()) ? undefined : path;
  if (a instanceof URL) return a.href === (b as URL).href ? undefined : path;
  if (a instanceof RegExp) {
    const other = b as RegExp;
    const same = a.source === other.source && a.flags === other.flags && Object.is(a.lastIndex, other.lastIndex);
    return same ? undefined : path;
  }
  if (a instanceof ArrayBuffer)
    return sameBytes(new Uint8Array(a), new Uint8Array(b as ArrayBuffer)) ? undefined : path;
  if (ArrayBuffer.isView(a)) {
    return sameBytes(bytesOf(a), bytesOf(b as ArrayBufferView)) ? undefined : path;
  }
  if (a instanceof Map) return difference([...a], [...(b as Map<unknown, unknown>)], leeway, `${path}(entries)`);
  if (a instanceof Set) return difference([...a], [...(b as Set<unknown>)], leeway, `${path}(items)`);
  return differentFields(a, b, leeway, path);
}

function differentFields(a: object, b: object, leeway: Leeway, path: string): string | undefined {
  const keysOf = (value: object): PropertyKey[] => {
    const keys = Reflect.ownKeys(value).filter((key) => !(leeway.stacks && value instanceof Error && key === "stack"));
    const sortable = leeway.keyOrder || value instanceof Error;
    return sortable ? keys.sort((x, y) => (String(x) < String(y) ? -1 : 1)) : keys;
  };
  const [keys, others] = [keysOf(a), keysOf(b)];
  if (keys.length !== others.length || keys.some((key, i) => key !== others[i])) return `${path} (keys)`;
  for (const key of keys) {
    const [x, y] = [Object.getOwnPropertyDescriptor(a, key), Object.getOwnPropertyDescriptor(b, key)];
    // From Node 22 on, engines show the stack of an error that they made as an accessor: its text is what counts.
    const stack = key === "stack" && a instanceof Error && b instanceof Error ? [a.stack, b.stack] : undefined;
    if (!stack && (!x || !y || x.enumerable !== y.enumerable || "get" in x !== "get" in y))
      return `${path}.${String(key)} (shape)`;
    const [left, right] = stack ?? [x?.value, y?.value];
    const found = difference(left, right, leeway, `${path}.${String(key)}`);
    if (found) return found;
  }
  return undefined;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
