import type { Expression } from "ts-morph";

/** True for arrays, tuples and their read-only forms. */
export function isArray(expression: Expression): boolean {
  const type = expression.getType().getNonNullableType();
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  return members.every((t) => t.isArray() || t.isReadonlyArray() || t.isTuple());
}
