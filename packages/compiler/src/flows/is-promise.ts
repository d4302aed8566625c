import type { Type } from "ts-morph";

/** True for promises, and for what may be one. */
export function isPromise(type: Type): boolean {
  const members = type.isUnion() ? type.getUnionTypes() : [type];
  return members.some((member) => member.getSymbol()?.getName() === "Promise");
}
