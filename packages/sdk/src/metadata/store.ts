/**
 * Where decorators leave their findings: own entries only, read along the prototype chain. Legacy decorators write
 * through reflect-metadata on the class; TC39 decorators write on `context.metadata`. Keys are `Symbol.for`, so that
 * two copies of this package understand each other.
 */
import "reflect-metadata";
import type { Token } from "@millrace/core";
import type { ResourceClass } from "../resource.js";
import type { StandardSchemaV1 } from "../types/standard-schema.js";

// Node 20 to 26 lack Symbol.metadata; classes that use our decorators evaluate after this module.
const metadataSymbol: symbol = (Symbol as { metadata?: symbol }).metadata ?? Symbol.for("Symbol.metadata");
if (!("metadata" in Symbol)) Object.defineProperty(Symbol, "metadata", { value: metadataSymbol });

const PARAMS = Symbol.for("millrace.params");
const SCHEMAS = Symbol.for("millrace.schemas");
const WHOLE_SCHEMA = Symbol.for("millrace.wholeSchema");
const DECLARATION = Symbol.for("millrace.declaration");
const RESOURCE = Symbol.for("millrace.resource");

/** What `@task`, `@flow` or `@rule` said. */
export interface Declaration {
  readonly kind: "task" | "flow";
  /** Decorator `id`, else undefined: the class name counts. */
  readonly id: string | undefined;
  /** The decorator's argument; without `when`. */
  readonly options: object;
  /** Of a rule: one of these filters has to match; absent if it has no `when`. What the types of its tokens say, they alone know. */
  readonly rule?: { readonly filters?: readonly Token[] };
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

/** Records the schema that refines a parameter (legacy). */
export function addLegacySchema(target: Class, name: string, schema: StandardSchemaV1): void {
  const own = (Reflect.getOwnMetadata(SCHEMAS, target) as Schemas | undefined) ?? new Map();
  Reflect.defineMetadata(SCHEMAS, own.set(name, schema), target);
}

/** Records the schema that refines a parameter (TC39). */
export function addSchema(metadata: Record<PropertyKey, unknown>, name: string, schema: StandardSchemaV1): void {
  if (!Object.hasOwn(metadata, SCHEMAS)) metadata[SCHEMAS] = new Map();
  (metadata[SCHEMAS] as Schemas).set(name, schema);
}

/** Records the schema that refines all parameters at once: those of a function. */
export function setWholeSchema(target: Class, schema: StandardSchemaV1): void {
  Reflect.defineMetadata(WHOLE_SCHEMA, schema, target);
}

/** The schema that refines all parameters at once. */
export function wholeSchemaOf(target: Class): StandardSchemaV1 | undefined {
  return Reflect.getOwnMetadata(WHOLE_SCHEMA, target) as StandardSchemaV1 | undefined;
}

/** The schemas that refine single parameters, by name; that of the nearest class counts. */
export function schemasOf(target: Class): ReadonlyMap<string, StandardSchemaV1> {
  return new Map(ownOf<Schemas>(target, SCHEMAS).flatMap((own) => [...own]));
}

/** Records a declaration, whatever the convention. */
export function setDeclaration(target: Class, declaration: Declaration): void {
  Reflect.defineMetadata(DECLARATION, declaration, target);
}

/** What the class itself (not a base) was declared as. */
export function declarationOf(target: Class): Declaration | undefined {
  return Reflect.getOwnMetadata(DECLARATION, target) as Declaration | undefined;
}

/** Records that a class is one of resources, whatever the convention. */
export function setResource(target: Class): void {
  Reflect.defineMetadata(RESOURCE, true, target);
}

/** True if the class itself (not a base) was declared as one of resources. */
export function isResource(target: unknown): target is ResourceClass {
  return typeof target === "function" && Reflect.getOwnMetadata(RESOURCE, target) === true;
}

/** Names of the parameters of a class, base classes first, in order of declaration. */
export function paramsOf(target: Class): readonly string[] {
  return [...new Set(ownOf<Set<string>>(target, PARAMS).flatMap((names) => [...names]))];
}

type Schemas = Map<string, StandardSchemaV1>;

/** What decorators left under a key, in either convention: base classes first. */
function ownOf<T>(target: Class, key: symbol): readonly T[] {
  const chain: Class[] = [];
  for (let c: unknown = target; typeof c === "function" && c !== Function.prototype; c = Object.getPrototypeOf(c)) {
    chain.unshift(c);
  }
  return chain.flatMap((c) => {
    const metadata = Object.hasOwn(c, metadataSymbol)
      ? (c as unknown as Record<symbol, unknown>)[metadataSymbol]
      : undefined;
    const standard = typeof metadata === "object" && metadata !== null && Object.hasOwn(metadata, key);
    const found = [
      Reflect.getOwnMetadata(key, c) as T | undefined,
      standard ? (metadata as Record<symbol, T>)[key] : undefined,
    ];
    return found.filter((each) => each !== undefined);
  });
}
