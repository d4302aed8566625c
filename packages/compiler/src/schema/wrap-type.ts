/** A type of the bare compiler as one of ts-morph: for what only the bare compiler lists, such as index signatures. */
import { type Type, type TypeChecker, ts } from "ts-morph";

/** The wrapper of a bare type. ts-morph has no door for it: both questions answer with the type they were asked about. */
export function wrapType(bare: ts.Type, checker: TypeChecker): Type | undefined {
  // Either method reads nothing but `compilerType`.
  const asked = { compilerType: bare } as Type;
  // A promise is the apparent type of itself, but not its awaited type; a primitive the other way round.
  return bare.flags & ts.TypeFlags.Object ? checker.getApparentType(asked) : checker.getAwaitedType(asked);
}
