/** Functions that the nodes of job graphs run on the main thread, by name. */
import { type LocalFunction, MillraceError } from "@millrace/core";

/** Those that an engine knows, or one of its runs: a run's own come first. */
export class LocalFunctions {
  readonly #byName: Map<string, LocalFunction>;
  readonly #others: LocalFunctions | undefined;

  /** @param others Asked for what is not among these, now and later. */
  constructor(functions: Readonly<Record<string, LocalFunction>> = {}, others?: LocalFunctions) {
    this.#byName = new Map(Object.entries(functions));
    this.#others = others;
  }

  get(name: string): LocalFunction | undefined {
    return this.#byName.get(name) ?? this.#others?.get(name);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  keys(): Iterable<string> {
    return new Set([...this.#byName.keys(), ...(this.#others?.keys() ?? [])]);
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

/** Those of a run that is planned: any name may be one, and none is called. */
export class UnaskedFunctions extends LocalFunctions {
  override has(): boolean {
    return true;
  }
}
