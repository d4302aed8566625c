/** What types tell of tokens: the constants that all of them have. `{ type: "page"; url: string }` gives `{ type: "page" }`. */
import { isObject, type Token, type TokenShape } from "@millrace/core";
import { type Node, type Type, TypeFlags } from "ts-morph";
import { typeText } from "./type-text.js";

/** Types with more alternatives than these are told by what their members have in common, which may be nothing. */
const MOST_ALTERNATIVES = 32;
/** How deep constants are looked for. */
const DEPTH = 3;

/** The shapes of a token type, one for each alternative; empty if the type tells nothing of its tokens. */
export function tokenShapes(type: Type, at: Node): readonly TokenShape[] {
  if (type.isUnion()) return type.getUnionTypes().flatMap((member) => tokenShapes(member, at));
  if (!isObjectType(type)) return [];
  return alternativesOf(type, at, DEPTH).map((has) => ({ name: shapeName(has, type, at), has }));
}

/** Both together; undefined if no token can have both. */
export function mergeConstants(a: Token, b: Token): Token | undefined {
  const merged = new Map(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const known = merged.get(key);
    if (!merged.has(key)) merged.set(key, value);
    else if (isObject(known) && isObject(value)) {
      const inner = mergeConstants(known, value);
      if (!inner) return undefined;
      merged.set(key, inner);
    } else if (JSON.stringify(known) !== JSON.stringify(value)) return undefined;
  }
  return Object.fromEntries(merged);
}

/** What a type's tokens may have; `[{}]` if there is no constant among it. */
function alternativesOf(type: Type, at: Node, depth: number): readonly Token[] {
  let found: readonly Token[] = [{}];
  for (const property of type.getProperties()) {
    const name = property.getName();
    if (property.isOptional() || name.startsWith("__@")) continue;
    const values = constantsOf(property.getTypeAtLocation(at), at, depth);
    if (values.length === 0 || found.length * values.length > MOST_ALTERNATIVES) continue;
    found = found.flatMap((token) =>
      values.map((value) => Object.fromEntries([...Object.entries(token), [name, value]])),
    );
  }
  return found;
}

/** The constants that a property may be; empty if it may be anything else. */
function constantsOf(type: Type, at: Node, depth: number): readonly unknown[] {
  // `boolean` is a union, too, and says nothing.
  if (type.isBoolean()) return [];
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  const constants = members.map((member) => constantOf(member));
  if (constants.every((each) => each !== undefined)) return constants.map(({ value }) => value);
  if (members.length > 1 || depth === 0 || !isObjectType(type)) return [];
  const inner = alternativesOf(type, at, depth - 1);
  return inner.some((each) => Object.keys(each).length > 0) ? inner : [];
}

function constantOf(type: Type): { readonly value: unknown } | undefined {
  if (type.isNull()) return { value: null };
  if (type.isBooleanLiteral()) return { value: type.getText() === "true" };
  const value = type.getLiteralValue();
  return typeof value === "string" || typeof value === "number" ? { value } : undefined;
}

/** An object of named properties; lists, functions and classes of values are no tokens. */
function isObjectType(type: Type): boolean {
  if (type.isIntersection()) return type.getIntersectionTypes().every(isObjectType);
  return (
    (type.getFlags() & TypeFlags.Object) !== 0 &&
    !type.isArray() &&
    !type.isReadonlyArray() &&
    !type.isTuple() &&
    type.getCallSignatures().length === 0
  );
}

function shapeName(has: Token, type: Type, at: Node): string {
  if (typeof has.type === "string") return has.type;
  const name = type.getAliasSymbol()?.getName() ?? type.getSymbol()?.getName() ?? "";
  return name === "" || name.startsWith("__") ? typeText(type, at).replace(/\s+/g, " ") : name;
}
