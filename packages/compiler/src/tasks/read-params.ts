/** Reads the `@param()` members of a class and its bases, leniently. */
import {
  type ClassDeclaration,
  type ClassMemberTypes,
  type Decorator,
  Node,
  type PropertyDeclaration,
  type Type,
} from "ts-morph";
import { decoratorName, type SdkSymbols } from "../project/sdk-symbols.js";
import { classChain } from "./class-chain.js";
import { docComment } from "./doc-comment.js";
import { readConstant } from "./read-constant.js";
import type { MisplacedParam, ParamFact } from "./seen-declaration.js";

/** What a class says about its parameters. */
export interface ParamFacts {
  /** Base classes first, in order of declaration. */
  readonly params: readonly ParamFact[];
  readonly misplaced: readonly MisplacedParam[];
}

/** Reads the parameters of a class. */
export function readParams(node: ClassDeclaration, sdk: SdkSymbols): ParamFacts {
  const found = new Map<string, PropertyDeclaration>();
  const schemas = new Map<string, Node>();
  const misplaced: MisplacedParam[] = [];
  for (const owner of classChain(node)) {
    for (const member of owner.getMembers()) {
      const decorator = paramDecorator(member, sdk);
      const what = decorator && whyNotParam(member);
      if (decorator && what) misplaced.push({ member, decorator, what });
      else if (Node.isPropertyDeclaration(member)) {
        const name = member.getSymbol()?.getName() ?? member.getName();
        // A redeclared field stays a parameter: the base's decorator holds for the name.
        if (decorator || found.has(name)) found.set(name, member);
        const schema = decorator?.getArguments()[0];
        if (schema) schemas.set(name, schema);
      }
    }
  }
  const params = [...found].map(([name, member]) => ({ ...fact(name, member, node), refinement: schemas.get(name) }));
  return { params, misplaced };
}

/** The `@param(…)` of a member. */
export function paramDecorator(member: ClassMemberTypes, sdk: SdkSymbols): Decorator | undefined {
  if (!Node.isDecoratable(member)) return undefined;
  return member.getDecorators().find((decorator) => decoratorName(sdk, decorator.getExpression()) === "param");
}

function whyNotParam(member: ClassMemberTypes): string | undefined {
  if (Node.isMethodDeclaration(member)) return "a method";
  if (Node.isGetAccessorDeclaration(member) || Node.isSetAccessorDeclaration(member)) return "an accessor";
  if (!Node.isPropertyDeclaration(member)) return "no field";
  if (member.isStatic()) return "static";
  const name = member.getNameNode();
  if (Node.isPrivateIdentifier(name) || member.getScope() === "private") return "private";
  if (member.getScope() === "protected") return "protected";
  return Node.isComputedPropertyName(name) ? "a field with a computed name" : undefined;
}

function fact(name: string, member: PropertyDeclaration, node: ClassDeclaration): Omit<ParamFact, "refinement"> {
  const initializer = member.getInitializer();
  const constant = readConstant(initializer);
  return {
    name,
    nameNode: member.getNameNode(),
    declaration: member,
    typeNode: member.getTypeNode(),
    type: typeOf(name, member, node),
    required: initializer === undefined && !member.hasQuestionToken(),
    default: constant ?? (initializer && { source: initializer.getText() }),
    doc: docComment(member),
  };
}

/** As the class has it, whose base may be generic; of the class's own members that is what they declare. */
function typeOf(name: string, member: PropertyDeclaration, node: ClassDeclaration): Type {
  if (member.getParent() === node) return member.getType();
  return node.getType().getProperty(name)?.getTypeAtLocation(node) ?? member.getType();
}
