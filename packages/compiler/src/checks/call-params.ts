/** Checks the parameters of every call against the fields of what it calls. Leaves open what only running will show. */
import { didYouMean } from "@millrace/core";
import { Node, type ObjectLiteralExpression, type Type } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import { isPromise } from "../flows/check-floating.js";
import { classOf } from "../project/declared.js";
import type { DeclarationFacts, ParamWithSchema } from "../tasks/read-declaration.js";
import { typeText } from "../tasks/type-text.js";
import type { Check, Report } from "./check.js";

/** What a parameter is called in each form. */
const WORDS = {
  class: {
    param: "a public field with @param()",
    required: "has no initialiser, so it is required",
    loosen: "give the field a default",
  },
  function: {
    param: "a property of run's first parameter",
    required: "is not optional, so it is required",
    loosen: "make it optional",
  },
} as const;

/** `param-missing`, `param-unknown`, `param-mistyped`. */
export const callParams: Check = ({ facts, calls, model }, report) => {
  const byDeclared = new Map(facts.map((fact) => [fact.declared, fact]));
  const exact = model.project.getCompilerOptions().exactOptionalPropertyTypes === true;
  for (const call of calls) {
    for (const candidate of call.target?.candidates ?? []) {
      const fact = byDeclared.get(candidate);
      // Among several unknown candidates nobody knows whose parameters these are.
      if (fact && call.target?.type !== "unknown") checkCall(call, fact, exact, report);
    }
  }
};

function checkCall(call: FlowCall, fact: DeclarationFacts, exact: boolean, report: Report): void {
  const { paramsArgument, node } = call;
  const given = paramsArgument?.getType();
  if (given && !isReadable(given)) return;
  const names = new Set(given?.getProperties().map((property) => property.getName()) ?? []);
  const missing = fact.params.filter(({ name, required }) => required && !names.has(name));
  const at = paramsArgument ?? node.getArguments()[0] ?? node;
  for (const param of missing) report(missingFinding(param, fact, at));
  if (call.params) for (const finding of unknownFindings(call.params, fact)) report(finding);
  if (!paramsArgument || !given) return;
  for (const param of fact.params) {
    const source = given.getProperty(param.name)?.getTypeAtLocation(paramsArgument);
    const target = paramType(param, fact, node.getArguments()[0]);
    if (!source || !target || accepts(target, source, !param.required && !exact)) continue;
    report(
      mistypedFinding(param, { source, target, fact, at: propertyNode(call.params, param.name) ?? paramsArgument }),
    );
  }
}

/** A type whose properties are all known. */
function isReadable(type: Type): boolean {
  if (type.isAny() || type.isUnknown() || type.isUnion() || type.isTypeParameter()) return false;
  return type.getStringIndexType() === undefined;
}

/** The parameter's type; for a generic class as the call instantiates it, undefined if it does not. */
function paramType(param: ParamWithSchema, { declared }: DeclarationFacts, target: Node | undefined): Type | undefined {
  if ((classOf(declared)?.getTypeParameters() ?? []).length === 0) return param.type;
  if (!Node.isExpressionWithTypeArguments(target)) return undefined;
  const instance = target.getType().getConstructSignatures()[0]?.getReturnType();
  return instance?.getProperty(param.name)?.getTypeAtLocation(target);
}

function accepts(target: Type, source: Type, optional: boolean): boolean {
  if (source.isAssignableTo(target)) return true;
  if (!optional) return false;
  const parts = source.isUnion() ? source.getUnionTypes() : [source];
  return parts.every((part) => part.isUndefined() || part.isAssignableTo(target));
}

function propertyNode(literal: ObjectLiteralExpression | undefined, name: string): Node | undefined {
  return literal?.getProperties().find((property) => !Node.isSpreadAssignment(property) && nameOf(property) === name);
}

function nameOf(property: Node): string | undefined {
  return property.getSymbol()?.getName();
}

type Finding = Parameters<Report>[0];

function missingFinding(param: ParamWithSchema, { declared }: DeclarationFacts, at: Node): Finding {
  return {
    code: "param-missing",
    message: `Parameter "${param.name}" of ${declared.className} is missing.`,
    node: at,
    related: [{ node: param.nameNode, message: `"${param.name}" ${WORDS[declared.form.type].required}` }],
    hint: `Add ${param.name}: ${typeText(param.type, at)}, or ${WORDS[declared.form.type].loosen}.`,
    data: { task: declared.id, param: param.name },
  };
}

function unknownFindings(literal: ObjectLiteralExpression, { declared, params }: DeclarationFacts): readonly Finding[] {
  const known = params.map(({ name }) => name);
  return literal.getProperties().flatMap((property): Finding[] => {
    const name = Node.isSpreadAssignment(property) ? undefined : nameOf(property);
    if (name === undefined || name.startsWith("__@") || name === "__computed" || known.includes(name)) return [];
    const list = known.length > 0 ? `Its parameters are ${known.join(", ")}.` : "It has none.";
    return [
      {
        code: "param-unknown",
        message: `${declared.className} has no parameter "${name}".`,
        node: property,
        related: [{ node: declared.nameNode, message: `${declared.className} is declared here` }],
        hint: didYouMean(name, known) ?? `${list} A parameter is ${WORDS[declared.form.type].param}.`,
        data: { task: declared.id, param: name, known },
      },
    ];
  });
}

interface Mistyped {
  readonly source: Type;
  readonly target: Type;
  readonly fact: DeclarationFacts;
  readonly at: Node;
}

function mistypedFinding(param: ParamWithSchema, { source, target, fact, at }: Mistyped): Finding {
  const { declared } = fact;
  return {
    code: "param-mistyped",
    message: `Parameter "${param.name}" of ${declared.className} is ${typeText(target, at)}, not ${typeText(source, at)}.`,
    node: at,
    related: [{ node: param.nameNode, message: `"${param.name}" is declared here` }],
    hint: isPromise(source)
      ? "Write `await` where the value comes from: a step takes what a promise gives, not the promise."
      : "Convert the value, or change the type of the parameter.",
    data: { task: declared.id, param: param.name, expected: typeText(target, at), given: typeText(source, at) },
  };
}
