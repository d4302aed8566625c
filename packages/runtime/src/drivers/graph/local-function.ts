/** Functions that the nodes of job graphs run on the main thread, by name. */
import { MillraceError } from "@millrace/core";

/** What such a function is told beside its parameters. */
export interface LocalContext {
  /** Aborted when nobody waits for the function any more. */
  readonly signal: AbortSignal;
}

/** A function by the name that graphs know. `params` are decoded for it alone; the result is recorded. */
// biome-ignore lint/suspicious/noExplicitAny: who writes the function knows what the graph gives it; nothing checks that
export type LocalFunction = (params: any, context: LocalContext) => unknown;

/** Those that an engine knows. */
export class LocalFunctions {
  readonly #byName: Map<string, LocalFunction>;

  constructor(functions: Readonly<Record<string, LocalFunction>> = {}) {
    this.#byName = new Map(Object.entries(functions));
  }

  get(name: string): LocalFunction | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  keys(): Iterable<string> {
    return this.#byName.keys();
  }

  /** Adds a function; the same one again changes nothing. @throws MillraceError `invalid-options` if another has the name. */
  register(name: string, fn: LocalFunction): void {
    const known = this.#byName.get(name);
    if (known && known !== fn) {
      throw new MillraceError("invalid-options", `The engine has another local function "${name}" already.`, {
        hint: "Give it another name: a run that goes on finds its functions by their names.",
        data: { name },
      });
    }
    this.#byName.set(name, fn);
  }
}
