/** Reads what a rule says about itself: as a task whose one parameter is a token, and which tokens it matches and gives. */
import { isObject, type Token } from "@millrace/core";
import {
  type ClassDeclaration,
  type MethodDeclaration,
  Node,
  type ParameterDeclaration,
  type Signature,
  type Type,
} from "ts-morph";
import type { ClassForm, FunctionForm } from "../project/declared.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { classChain } from "./class-chain.js";
import { readEmitted } from "./emitted-types.js";
import { readClass } from "./read-class.js";
import { readConstant } from "./read-constant.js";
import { memberSignature, readFunction } from "./read-function.js";
import { paramDecorator } from "./read-params.js";
import type { ParamFact, RuleFact, SeenDeclaration } from "./seen-declaration.js";
import { mergeConstants, tokenShapes } from "./token-shapes.js";

/** Reads a rule class with its bases. */
export function readRuleClass(form: ClassForm, sdk: SdkSymbols): SeenDeclaration {
  const { node } = form;
  const seen = readClass(form, "task", sdk);
  const next = methodOf(node, "next");
  const match = methodOf(node, "match");
  const [parameter] = next?.getParameters() ?? [];
  const signature = node.getType().getProperty("next")?.getTypeAtLocation(node).getCallSignatures()[0];
  const option = seen.options.nodes.get("when");
  return {
    ...seen,
    misplacedParams: [...seen.misplacedParams, ...seen.params.flatMap((param) => misplaced(param, node, sdk))],
    ...ofRule(node, sdk, {
      parameter,
      taken: takenOf(argumentOfRule(node.getType(), sdk), parameter?.getTypeNode() && takenBy(signature, node)),
      returned: signature?.getReturnType(),
      node: next?.getReturnTypeNode() ?? next?.getNameNode() ?? node.getNameNode() ?? node,
      when: option && { node: option, value: seen.options.value.when },
      match: match && { node: match.getReturnTypeNode() ?? match.getNameNode(), gives: match.getReturnType() },
    }),
  };
}

/** Reads a call of `defineRule`. */
export function readRuleFunction(form: FunctionForm, sdk: SdkSymbols): SeenDeclaration {
  const { node, definition } = form;
  const signature = memberSignature(definition, "next");
  const declaration = signature?.getDeclaration();
  const parameter = Node.isParametered(declaration) ? declaration.getParameters()[0] : undefined;
  const made = node.getType().getConstructSignatures()[0]?.getReturnType();
  const member = definition.getProperty("when");
  const match = definition.getProperty("match");
  const gives = memberSignature(definition, "match")?.getReturnType();
  const run = made?.getProperty("run")?.getTypeAtLocation(node).getCallSignatures()[0]?.getReturnType();
  const seen = readFunction(form, "task");
  return {
    ...seen,
    result: { ...seen.result, type: run?.getAwaitedType() },
    ...ofRule(node, sdk, {
      parameter,
      taken: takenOf(made && argumentOfRule(made, sdk), takenBy(signature, definition)),
      returned: signature?.getReturnType(),
      node:
        (Node.isReturnTyped(declaration) && declaration.getReturnTypeNode()) ||
        nameOf(definition.getProperty("next")) ||
        definition,
      when: member && {
        node: member,
        value: Node.isPropertyAssignment(member) ? readConstant(member.getInitializer())?.value : undefined,
      },
      match: match && gives ? { node: nameOf(match) ?? match, gives } : undefined,
    }),
  };
}

/** What the readers of both forms have found. */
interface RuleParts extends Pick<RuleFact, "when" | "match" | "node"> {
  readonly parameter: ParameterDeclaration | undefined;
  /** The type of its tokens. */
  readonly taken: Type | undefined;
  /** What `next` gives. */
  readonly returned: Type | undefined;
}

function ofRule(
  at: ClassDeclaration | FunctionForm["node"],
  sdk: SdkSymbols,
  { parameter, taken, returned, node, when, match }: RuleParts,
): Pick<SeenDeclaration, "params"> & { readonly rule: RuleFact } {
  const awaited = returned && (returned.getAwaitedType() ?? returned);
  const emitted = awaited && readEmitted(awaited, at, sdk);
  const shapes = taken ? tokenShapes(taken, at).map(({ has }) => has) : [];
  return {
    params: taken ? [tokenParam(taken, parameter, parameter?.getNameNode() ?? node)] : [],
    rule: {
      filters: filtersOf(shapes, when?.value),
      when,
      match,
      emits: emitted?.emits ?? { type: "end" },
      given: emitted?.tokens ?? [],
      node,
    },
  };
}

/** A method with a body, of the class or of its nearest base that has one. */
function methodOf(node: ClassDeclaration, name: string): MethodDeclaration | undefined {
  return classChain(node)
    .map((owner) => owner.getInstanceMethod(name))
    .findLast((method) => method?.hasBody());
}

/** What `Rule` says of the token counts: `next` may name only the part that it needs. Without type arguments, what `next` says. */
function takenOf(argument: Type | undefined, byNext: Type | undefined): Type | undefined {
  const says = argument && argument.getProperties().length > 0;
  return says ? argument : (byNext ?? argument);
}

/** The type of the token that `next` takes; undefined where it says nothing of it. */
function takenBy(signature: Signature | undefined, at: Node): Type | undefined {
  const type = signature?.getParameters()[0]?.getTypeAtLocation(at);
  return type?.isAny() ? undefined : type;
}

/** The first type argument of `Rule`. */
function argumentOfRule(type: Type, sdk: SdkSymbols): Type | undefined {
  if (sdk.nameOf(type.getSymbol()) === "Rule") return type.getTypeArguments()[0];
  for (const base of type.getBaseTypes()) {
    const found = argumentOfRule(base, sdk);
    if (found) return found;
  }
  return undefined;
}

function misplaced(
  { declaration }: ParamFact,
  node: ClassDeclaration,
  sdk: SdkSymbols,
): SeenDeclaration["misplacedParams"] {
  const members = classChain(node).flatMap((owner) => owner.getMembers());
  const member = members.find((each) => each === declaration);
  const decorator = member && paramDecorator(member, sdk);
  return decorator ? [{ member, decorator, what: "of a rule, which is given its token and nothing else" }] : [];
}

function tokenParam(type: Type, parameter: ParameterDeclaration | undefined, nameNode: Node): ParamFact {
  return {
    name: "token",
    nameNode,
    declaration: undefined,
    typeNode: parameter?.getTypeNode(),
    type,
    required: true,
    default: undefined,
    refinement: undefined,
    doc: undefined,
  };
}

function nameOf(member: Node | undefined): Node | undefined {
  return member && Node.hasName(member) ? member.getNameNode() : undefined;
}

/** Each alternative of the type with each filter of `when`. */
function filtersOf(ofType: readonly Token[], when: unknown): readonly Token[] {
  const given: readonly unknown[] = Array.isArray(when) ? when : [when];
  const narrowing = given.filter(isObject);
  const merged = (ofType.length > 0 ? ofType : [{}])
    .flatMap((has) => (narrowing.length > 0 ? narrowing : [{}]).map((filter) => mergeConstants(has, filter)))
    .filter((filter) => filter !== undefined);
  // `{}` matches all that the others match.
  if (merged.some((filter) => Object.keys(filter).length === 0)) return [{}];
  const different = new Map(merged.map((filter) => [JSON.stringify(filter), filter]));
  // The members of a union are in no order that lasts.
  return [...different].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, filter]) => filter);
}
