/** Alternatives: the schema of a union. */
import type { JsonSchema } from "@millrace/core";

/** Any of the schemas, in an order that does not depend on how the checker met them. */
export function oneOf(schemas: readonly JsonSchema[]): JsonSchema {
  const literals = schemas.flatMap((s) => (s.const === undefined ? [] : [s.const]));
  const both = literals.includes(true) && literals.includes(false);
  const named = sorted(both ? literals.filter((value) => typeof value !== "boolean") : literals);
  const parts: JsonSchema[] = [
    ...schemas.filter((s) => s.const === undefined),
    ...(both ? [{ type: "boolean" } as const] : []),
  ];
  if (parts.some((part) => Object.keys(part).length === 0)) return {};
  const first = named[0];
  if (first !== undefined) parts.unshift(named.length === 1 ? { const: first } : { enum: named });
  const distinct = [...new Map(parts.map((part) => [JSON.stringify(part), part])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const [only] = distinct;
  return distinct.length === 1 && only ? only[1] : { anyOf: distinct.map(([, part]) => part) };
}

function sorted<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
