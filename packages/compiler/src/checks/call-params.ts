/** Checks the parameters of every call against the fields of what it calls. Leaves open what only running will show. */
import { didYouMean, nearestName } from "@millrace/core";
import { Node, type ObjectLiteralExpression, type Type } from "ts-morph";
import type { FlowCall } from "../calls/find-calls.js";
import { isPromise } from "../flows/is-promise.js";
import { classOf } from "../project/declared.js";
import { sdkSymbols } from "../project/sdk-symbols.js";
import type { DeclarationFacts, ParamWithSchema } from "../tasks/read-declaration.js";
import { typeText } from "../tasks/type-text.js";
import type { Check, Report } from "./check.js";
import { fitsAtSight, type KnownCalls } from "./fits-at-sight.js";

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
export const callParams: Check = ({ factOf, calls, model }, report) => {
  const exact = model.project.getCompilerOptions().exactOptionalPropertyTypes === true;
  const byNode = new Map<Node, FlowCall>(calls.map((call) => [call.node, call]));
  const known: KnownCalls = {
    callAt: (node) => byNode.get(node),
    resultOf({ target, method }) {
      // A Ref has the type of its result only where a parameter takes it: the slow way knows.
      if (method === "ref") return undefined;
      const [declared] = target?.type === "one" ? target.candidates : [];
      const generic = declared && (classOf(declared)?.getTypeParameters() ?? []).length > 0;
      return declared && !generic ? factOf(declared)?.result.type : undefined;
    },
  };
  for (const call of calls) {
    for (const candidate of call.target?.candidates ?? []) {
      const fact = factOf(candidate);
      // Among several unknown candidates nobody knows whose parameters these are.
      if (!fact || call.target?.type === "unknown") continue;
      if (!call.params || !fitsAtSight(call.params, fact, known))
        checkCall(call, fact, { exact, calls: byNode }, report);
    }
  }
};

interface Surroundings {
  /** `exactOptionalPropertyTypes`. */
  readonly exact: boolean;
  readonly calls: ReadonlyMap<Node, FlowCall>;
}

function checkCall(call: FlowCall, fact: DeclarationFacts, { exact, calls }: Surroundings, report: Report): void {
  const { paramsArgument, node } = call;
  const given = paramsArgument?.getType();
  if (given && !isReadable(given)) return;
  const names = new Set(given?.getProperties().map((property) => property.getName()) ?? []);
  const unknown = call.params ? unknownProperties(call.params, fact) : [];
  const absent = fact.params.filter(({ name, required }) => required && !names.has(name));
  // A name that was meant to be one of them is reported as the misspelt name that it is.
  const meant = unknown.map(({ name }) =>
    nearestName(
      name,
      absent.map((param) => param.name),
    ),
  );
  const missing = absent.filter(({ name }) => !meant.includes(name));
  const at = paramsArgument ?? node.getArguments()[0] ?? node;
  if (missing.length > 0) report(missingFinding(missing, fact, at));
  for (const property of unknown) report(unknownFinding(property, fact));
  if (!paramsArgument || !given) return;
  for (const param of fact.params) {
    const source = given.getProperty(param.name)?.getTypeAtLocation(paramsArgument);
    const target = paramType(param, fact, node.getArguments()[0]);
    if (!source || !target || accepts(target, source, !param.required && !exact)) continue;
    const property = propertyNode(call.params, param.name);
    const origin = property && originOf(property);
    // What an unresolved target gives is unknown: that is reported where it is called.
    if (source.isUnknown() && origin && calls.get(origin)?.target?.type === "unknown") continue;
    report(mistypedFinding(param, { source, target, fact, at: property ?? paramsArgument, origin }));
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
  return partsOf(source).every((part) => {
    if ((optional && part.isUndefined()) || fits(target, part)) return true;
    return partsOf(target).some((each) => listFits(each, part));
  });
}

/** The value itself, or a Ref of one. */
function fits(target: Type, source: Type): boolean {
  return partsOf(source).every(
    (part) => part.isAssignableTo(target) || behindRef(part)?.isAssignableTo(target) === true,
  );
}

/** A list in which Refs may stand for items. */
function listFits(target: Type, source: Type): boolean {
  const item = target.getArrayElementType();
  const whole = source.getArrayElementType();
  const items = whole ? [whole] : source.getTupleElements();
  if (item) return items.length > 0 && items.every((each) => fits(item, each));
  const places = target.getTupleElements();
  return (
    items.length > 0 && items.length === places.length && places.every((place, i) => fits(place, items[i] ?? place))
  );
}

function partsOf(type: Type): readonly Type[] {
  return type.isUnion() ? type.getUnionTypes() : [type];
}

/** The type of the value that a Ref stands for; undefined for other types. */
function behindRef(type: Type): Type | undefined {
  const symbol = type.getSymbol();
  return symbol?.getName() === "Ref" && sdkSymbols().nameOf(symbol) === "Ref" ? type.getTypeArguments()[0] : undefined;
}

function propertyNode(literal: ObjectLiteralExpression | undefined, name: string): Node | undefined {
  return literal?.getProperties().find((property) => !Node.isSpreadAssignment(property) && nameOf(property) === name);
}

function nameOf(property: Node): string | undefined {
  return property.getSymbol()?.getName();
}

type Finding = Parameters<Report>[0];

function missingFinding(missing: readonly ParamWithSchema[], { declared }: DeclarationFacts, at: Node): Finding {
  const names = missing.map(({ name }) => name);
  const quoted = names.map((name) => `"${name}"`).join(", ");
  const typed = missing.map(({ name, type }) => `${name}: ${typeText(type, at)}`).join(", ");
  const words = WORDS[declared.form.type];
  return {
    code: "param-missing",
    message:
      names.length === 1
        ? `Parameter ${quoted} of ${declared.className} is missing.`
        : `Parameters ${quoted} of ${declared.className} are missing.`,
    node: at,
    related: missing.map(({ name, nameNode }) => ({ node: nameNode, message: `"${name}" ${words.required}` })),
    hint: `Add ${typed}, or ${words.loosen}.`,
    data: { task: declared.id, params: names },
  };
}

interface UnknownProperty {
  readonly name: string;
  readonly node: Node;
}

function unknownProperties(literal: ObjectLiteralExpression, { params }: DeclarationFacts): readonly UnknownProperty[] {
  return literal.getProperties().flatMap((node): UnknownProperty[] => {
    const name = Node.isSpreadAssignment(node) ? undefined : nameOf(node);
    if (name === undefined || name.startsWith("__@") || name === "__computed") return [];
    return params.some((param) => param.name === name) ? [] : [{ name, node }];
  });
}

function unknownFinding({ name, node }: UnknownProperty, { declared, params }: DeclarationFacts): Finding {
  const known = params.map((param) => param.name);
  const list = known.length > 0 ? `Its parameters are ${known.join(", ")}.` : "It has none.";
  const member = classOf(declared)?.getProperty(name);
  return {
    code: "param-unknown",
    message: `${declared.className} has no parameter "${name}".`,
    node,
    related: member
      ? [{ node: member, message: `"${name}" is declared here, and is no parameter` }]
      : [{ node: declared.nameNode, message: `${declared.className} is declared here` }],
    hint: didYouMean(name, known) ?? `${list} A parameter is ${WORDS[declared.form.type].param}.`,
    data: { task: declared.id, param: name, known },
  };
}

/** The call that a property's value comes from, through one constant and `await`. */
function originOf(property: Node): Node | undefined {
  const value = Node.isPropertyAssignment(property) ? property.getInitializer() : property;
  const symbol = Node.isShorthandPropertyAssignment(value) ? value.getValueSymbol() : value?.getSymbol();
  const declaration = symbol?.getValueDeclaration();
  const given = Node.isVariableDeclaration(declaration) ? declaration.getInitializer() : undefined;
  const bare = Node.isAwaitExpression(given) ? given.getExpression() : given;
  return Node.isCallExpression(bare) ? bare : undefined;
}

interface Mistyped {
  readonly source: Type;
  readonly target: Type;
  readonly fact: DeclarationFacts;
  readonly at: Node;
  /** The call that gave the value, where it can be told. */
  readonly origin: Node | undefined;
}

function mistypedFinding(param: ParamWithSchema, { source, target, fact, at, origin }: Mistyped): Finding {
  const { declared } = fact;
  return {
    code: "param-mistyped",
    message: `Parameter "${param.name}" of ${declared.className} is ${typeText(target, at)}, not ${typeText(source, at)}.`,
    node: at,
    related: [
      { node: param.nameNode, message: `"${param.name}" is declared here` },
      ...(origin ? [{ node: origin, message: "the value comes from here" }] : []),
    ],
    hint: isPromise(source)
      ? "Write `await` where the value comes from: a step takes what a promise gives, not the promise."
      : "Convert the value, or change the type of the parameter.",
    data: { task: declared.id, param: param.name, expected: typeText(target, at), given: typeText(source, at) },
  };
}
