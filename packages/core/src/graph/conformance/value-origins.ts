/**
 * Which objects of a body came from which steps. Every outcome is decoded afresh for its body, so that an object found in
 * what a call is given is proof that it came from there, whatever way it took. Texts and numbers prove nothing.
 */

/** Objects looked at in one value; what lies behind them is let pass. */
const MOST_OBJECTS = 2_000;

/** An object of a step within a value. */
export interface Found<O> {
  readonly origin: O;
  /** Names and indices that lead to it, outermost first. */
  readonly path: readonly string[];
}

/** The objects of one body. `O`: what is known of a step. */
export class ValueOrigins<O> {
  readonly #origins = new WeakMap<object, O>();

  /** The value has come from a step. */
  note(value: unknown, origin: O): void {
    visit(value, (object) => {
      this.#origins.set(object, origin);
      return "enter";
    });
  }

  /** Objects of steps within a value; not what lies within those. */
  within(value: unknown): readonly Found<O>[] {
    const found: Found<O>[] = [];
    visit(value, (object, path) => {
      const origin = this.#origins.get(object);
      if (origin === undefined) return "enter";
      found.push({ origin, path });
      return "leave";
    });
    return found;
  }
}

/** Visits a value's objects, outer before inner. Calls no code of theirs. */
function visit(root: unknown, see: (object: object, path: readonly string[]) => "enter" | "leave"): void {
  const seen = new Set<object>();
  const open: { readonly value: unknown; readonly path: readonly string[] }[] = [{ value: root, path: [] }];
  for (let at = open.pop(); at && seen.size < MOST_OBJECTS; at = open.pop()) {
    const { value, path } = at;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || seen.has(value)) continue;
    seen.add(value);
    if (see(value, path) === "leave") continue;
    for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
      if (typeof own.value === "object") open.push({ value: own.value, path: [...path, name] });
    }
  }
}
