/** Checks that the schemas which refine parameters are Standard Schemas of the very types that they refine. */
import type { Node, Type } from "ts-morph";
import { typeText } from "../tasks/type-text.js";
import type { Check, Report } from "./check.js";

/** `refinement-invalid`. */
export const refinements: Check = ({ facts }, report) => {
  const seen = new Set<Node>();
  for (const { declared, params, refinement } of facts) {
    for (const param of params) {
      if (!param.refinement || seen.has(param.refinement)) continue; // inherited
      seen.add(param.refinement);
      const subject = `"${param.name}" of ${declared.className}`;
      checkSchema({ node: param.refinement, type: param.type, optional: !param.required, subject }, report);
    }
    const subject = `the parameters of ${declared.className}`;
    if (refinement) checkSchema({ ...refinement, optional: false, subject }, report);
  }
};

interface Refined {
  /** The schema. */
  readonly node: Node;
  /** What it refines. */
  readonly type: Type;
  /** It never gets undefined: what is not given is not refined. */
  readonly optional: boolean;
  readonly subject: string;
}

function checkSchema({ node, type, optional, subject }: Refined, report: Report): void {
  const schema = node.getType();
  if (schema.isAny()) return;
  const invalid = (message: string, hint: string): void =>
    report({ code: "refinement-invalid", message, node, hint, data: { subject } });
  const standard = propertyType(schema, "~standard", node);
  if (!standard) {
    invalid(
      `What refines ${subject} is ${typeText(schema, node)}, and no Standard Schema.`,
      "Give a schema of a library that implements standardschema.dev (Zod, Valibot, ArkType, …): an object with `~standard`.",
    );
    return;
  }
  const types = propertyType(standard, "types", node)?.getNonNullableType();
  const input = types && propertyType(types, "input", node);
  const output = types && propertyType(types, "output", node);
  const members = type.isUnion() && !type.isBoolean() ? type.getUnionTypes() : [type];
  const given = members.filter((member) => !(optional && member.isUndefined()));
  const found = [
    input && !given.every((member) => member.isAssignableTo(input)) ? `takes ${typeText(input, node)}` : undefined,
    output && !output.isAssignableTo(type) ? `gives ${typeText(output, node)}` : undefined,
  ].filter((each) => each !== undefined);
  if (found.length === 0) return;
  invalid(
    `The schema that refines ${subject} ${found.join(" and ")}, but the type is ${typeText(type, node)}.`,
    "A schema refines values of the declared type, and gives values of it: convert to other types inside `run`.",
  );
}

function propertyType(type: Type, name: string, at: Node): Type | undefined {
  return type.getProperty(name)?.getTypeAtLocation(at);
}
