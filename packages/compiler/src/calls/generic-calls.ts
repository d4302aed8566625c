/** Calls of generic tasks and flows with type arguments: what their parameters are there, which the declaration leaves open. */
import { Node } from "ts-morph";
import { classOf } from "../project/declared.js";
import { objectToSchema, type SchemaResult } from "../schema/type-to-schema.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { FlowCall } from "./find-calls.js";

/** One such call. */
export interface GenericCall {
  readonly call: FlowCall;
  /** What is called. */
  readonly fact: DeclarationFacts;
  /** Of the whole parameter object, with the type arguments of this call filled in. */
  readonly schema: SchemaResult;
}

/** All of them. */
export function genericCalls(calls: readonly FlowCall[], facts: readonly DeclarationFacts[]): readonly GenericCall[] {
  const generic = new Map(
    facts
      .filter(({ declared }) => (classOf(declared)?.getTypeParameters() ?? []).length > 0)
      .map((fact) => [fact.declared, fact]),
  );
  return calls.flatMap((call): GenericCall[] => {
    const [target] = call.node.getArguments();
    const [declared] = call.target?.type === "one" ? call.target.candidates : [];
    const fact = declared && generic.get(declared);
    if (!fact || !Node.isExpressionWithTypeArguments(target)) return [];
    const instance = target.getType().getConstructSignatures()[0]?.getReturnType();
    const properties = fact.params.map((param) => ({
      ...param,
      type: instance?.getProperty(param.name)?.getTypeAtLocation(target) ?? param.type,
    }));
    return [{ call, fact, schema: objectToSchema(properties, target) }];
  });
}
