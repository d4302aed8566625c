/** Lexical scopes of inlined functions: which slot of the state a variable of one activation has. */
import type { Symbol as MorphSymbol, Node } from "ts-morph";

const numbers = { scope: 0, slot: 0 };

/** Variables of one activation of a function; `V` is what a variable holds. Blocks need no scopes of their own: symbols tell their variables apart. */
export class Scope<V> {
  /** Tells scopes apart. */
  readonly id: number;
  /** What `this` is here. */
  readonly self: V;
  /** The function that it belongs to; undefined outside of functions. */
  readonly owner: Node | undefined;
  readonly #parent: Scope<V> | undefined;
  readonly #slots: Map<unknown, number>;

  constructor(parent: Scope<V> | undefined, self: V, owner: Node | undefined, same?: Scope<V>) {
    this.id = same?.id ?? numbers.scope++;
    this.#slots = same ? same.#slots : new Map();
    this.#parent = parent;
    this.self = self;
    this.owner = owner;
  }

  /** The same activation with another `this`. */
  withSelf(self: V): Scope<V> {
    return new Scope(this.#parent, self, this.owner, this);
  }

  /** The slot of a variable declared in this activation; made on first sight. */
  declare(symbol: MorphSymbol): number {
    const known = this.#slots.get(symbol.compilerSymbol);
    if (known !== undefined) return known;
    const slot = numbers.slot++;
    this.#slots.set(symbol.compilerSymbol, slot);
    return slot;
  }

  /** The slot of a variable that this activation sees. */
  find(symbol: MorphSymbol): number | undefined {
    return this.#slots.get(symbol.compilerSymbol) ?? this.#parent?.find(symbol);
  }
}
