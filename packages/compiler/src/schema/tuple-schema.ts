/** Tuples: fixed places, optional ones, and a rest of one type. */
import type { JsonSchema } from "@millrace/core";
import { type Type, ts } from "ts-morph";
import { oneOf } from "./one-of.js";
import type { SchemaContext } from "./schema-context.js";

/** The schema of a tuple type. */
export function tupleSchema(type: Type, context: SchemaContext): JsonSchema {
  const flags = (type.getTargetType()?.compilerType as ts.TupleType | undefined)?.elementFlags ?? []; // a tuple's target is its tuple type
  const elements = type.getTupleElements();
  const rest = flags.findIndex((flag) => flag & ts.ElementFlags.Variable);
  const fixed = rest < 0 ? elements : elements.slice(0, rest);
  // What stands after a rest element has no fixed place: anything from there on may be any of those.
  const tail = rest < 0 ? [] : elements.slice(rest);
  const minItems = flags.filter((flag) => flag & ts.ElementFlags.Required).length;
  const prefixItems = fixed.map((element, i) => context.part(element, `[${i}]`));
  return {
    type: "array",
    ...(prefixItems.length > 0 ? { prefixItems } : {}),
    minItems,
    ...(tail.length > 0
      ? { items: oneOf(tail.map((element) => context.part(element, "[]"))) }
      : { items: false, maxItems: fixed.length }),
  };
}
