/**
 * Where decorators leave their findings: own entries only, read along the prototype chain. Legacy decorators write
 * through reflect-metadata on the class; TC39 decorators write on `context.metadata`. Keys are `Symbol.for`, so that
 * two copies of this package understand each other.
 */
import "reflect-metadata";

// Node 20 to 26 lack Symbol.metadata; classes that use our decorators evaluate after this module.
const metadataSymbol: symbol = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for("Symbol.metadata");
if (!("metadata" in Symbol)) Object.defineProperty(Symbol, "metadata", { value: metadataSymbol });

const PARAMS = Symbol.for("millrace.params");
const DECLARATION = Symbol.for("millrace.declaration");

/** What `@task` or `@flow` said. */
export interface Declaration {
  readonly kind: "task" | "flow";
  /** Decorator `id`, else undefined: the class name counts. */
  readonly id: string | undefined;
  /** The decorator's argument. */
  readonly options: object;
}

// biome-ignore lint/complexity/noBannedTypes: any class
type Class = Function;

/** Records a parameter (legacy). */
export function addLegacyParam(target: Class, name: string): void {
  const own = (Reflect.getOwnMetadata(PARAMS, target) as Set<string> | undefined) ?? new Set<string>();
  Reflect.defineMetadata(PARAMS, own.add(name), target);
}

/** Records a parameter (TC39). The metadata object inherits from the base class's; only own entries are written. */
export function addParam(metadata: Record<PropertyKey, unknown>, name: string): void {
  if (!Object.hasOwn(metadata, PARAMS)) metadata[PARAMS] = new Set<string>();
  (metadata[PARAMS] as Set<string>).add(name);
}

/** Records a declaration, whatever the convention. */
export function setDeclaration(target: Class, declaration: Declaration): void {
  Reflect.defineMetadata(DECLARATION, declaration, target);
}

/** What the class itself (not a base) was declared as. */
export function declarationOf(target: Class): Declaration | undefined {
  return Reflect.getOwnMetadata(DECLARATION, target) as Declaration | undefined;
}

/** Names of the parameters of a class, base classes first, in order of declaration. */
export function paramsOf(target: Class): readonly string[] {
  const names = new Set<string>();
  const chain: Class[] = [];
  for (let c: unknown = target; typeof c === "function" && c !== Function.prototype; c = Object.getPrototypeOf(c)) {
    chain.unshift(c);
  }
  for (const c of chain) {
    const legacy = Reflect.getOwnMetadata(PARAMS, c) as Set<string> | undefined;
    for (const name of legacy ?? []) names.add(name);
    const metadata = Object.hasOwn(c, metadataSymbol)
      ? (c as unknown as Record<symbol, unknown>)[metadataSymbol]
      : undefined;
    if (typeof metadata === "object" && metadata !== null && Object.hasOwn(metadata, PARAMS)) {
      for (const name of (metadata as Record<symbol, Set<string>>)[PARAMS] ?? []) names.add(name);
    }
  }
  return [...names];
}
