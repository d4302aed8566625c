/** Reads what a rule class says about itself: as a task whose one parameter is a token, and which tokens it matches and gives. */
import type { Token } from "@millrace/core";
import type { ClassDeclaration, MethodDeclaration, ParameterDeclaration, Type } from "ts-morph";
import type { ClassForm } from "../project/declared.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { classChain } from "./class-chain.js";
import { readEmitted } from "./emitted-types.js";
import { readClass } from "./read-class.js";
import { paramDecorator } from "./read-params.js";
import type { ParamFact, SeenDeclaration } from "./seen-declaration.js";
import { isRecord, mergeConstants, tokenShapes } from "./token-shapes.js";

/** Reads a rule class with its bases. */
export function readRule(form: ClassForm, sdk: SdkSymbols): SeenDeclaration {
  const { node } = form;
  const seen = readClass(form, "task", sdk);
  const next = methodOf(node, "next");
  const signature = node.getType().getProperty("next")?.getTypeAtLocation(node).getCallSignatures()[0];
  const parameter = next?.getParameters()[0];
  const taken = tokenType(node, parameter, sdk);
  const returned = signature?.getReturnType();
  const awaited = returned && (returned.getAwaitedType() ?? returned);
  const emitted = awaited && readEmitted(awaited, node, sdk);
  const match = methodOf(node, "match");
  return {
    ...seen,
    params: taken ? [tokenParam(taken, { node, parameter })] : [],
    misplacedParams: [
      ...seen.misplacedParams,
      ...seen.params.flatMap(({ declaration }) => {
        const member = classChain(node)
          .flatMap((owner) => owner.getMembers())
          .find((each) => each === declaration);
        const decorator = member && paramDecorator(member, sdk);
        return decorator ? [{ member, decorator, what: "of a rule, which is given its token and nothing else" }] : [];
      }),
    ],
    rule: {
      filters: filtersOf(taken ? tokenShapes(taken, node).map(({ has }) => has) : [], seen.options.value.when),
      match: match && { node: match, gives: match.getReturnType() },
      emits: emitted?.emits ?? { type: "end" },
      given: emitted?.tokens ?? [],
      node: next?.getReturnTypeNode() ?? next?.getNameNode() ?? node.getNameNode() ?? node,
    },
  };
}

/** A method with a body, of the class or of its nearest base that has one. */
function methodOf(node: ClassDeclaration, name: string): MethodDeclaration | undefined {
  return classChain(node)
    .map((owner) => owner.getInstanceMethod(name))
    .findLast((method) => method?.hasBody());
}

/** What `next` takes, where it says so; else the type argument of `Rule`. */
function tokenType(
  node: ClassDeclaration,
  parameter: ParameterDeclaration | undefined,
  sdk: SdkSymbols,
): Type | undefined {
  const written = parameter?.getTypeNode() && node.getType().getProperty("next")?.getTypeAtLocation(node);
  const own = written?.getCallSignatures()[0]?.getParameters()[0]?.getTypeAtLocation(node);
  return own && !own.isAny() ? own : argumentOfRule(node.getType(), sdk);
}

function argumentOfRule(type: Type, sdk: SdkSymbols): Type | undefined {
  for (const base of type.getBaseTypes()) {
    const found = sdk.nameOf(base.getSymbol()) === "Rule" ? base.getTypeArguments()[0] : argumentOfRule(base, sdk);
    if (found) return found;
  }
  return undefined;
}

function tokenParam(
  type: Type,
  { node, parameter }: { readonly node: ClassDeclaration; readonly parameter: ParameterDeclaration | undefined },
): ParamFact {
  return {
    name: "token",
    nameNode: parameter?.getNameNode() ?? node.getNameNode() ?? node,
    declaration: undefined,
    typeNode: parameter?.getTypeNode(),
    type,
    required: true,
    default: undefined,
    refinement: undefined,
    doc: undefined,
  };
}

/** Each alternative of the type with each filter of `when`. */
function filtersOf(ofType: readonly Token[], when: unknown): readonly Token[] {
  const given: readonly unknown[] = Array.isArray(when) ? when : [when];
  const narrowing = given.filter(isRecord);
  const merged = (ofType.length > 0 ? ofType : [{}])
    .flatMap((has) => (narrowing.length > 0 ? narrowing : [{}]).map((filter) => mergeConstants(has, filter)))
    .filter((filter) => filter !== undefined);
  // `{}` matches all that the others match.
  if (merged.some((filter) => Object.keys(filter).length === 0)) return [{}];
  const different = new Map(merged.map((filter) => [JSON.stringify(filter), filter]));
  // The members of a union are in no order that lasts.
  return [...different].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, filter]) => filter);
}
