/** Reads what a call of `defineTask` or `defineFlow` says about itself. */
import {
  type BindingElement,
  type ExportAssignment,
  type Symbol as MorphSymbol,
  Node,
  type ParameterDeclaration,
  type Signature,
  type Type,
  TypeFlags,
  type VariableDeclaration,
} from "ts-morph";
import type { Declared, FunctionForm } from "../project/declared.js";
import { docComment } from "./doc-comment.js";
import { lazily } from "./lazily.js";
import { readConstant } from "./read-constant.js";
import { HOOKS } from "./read-hooks.js";
import { type OptionsFact, readOptions } from "./read-options.js";
import type { ParamFact, SeenDeclaration } from "./seen-declaration.js";

/** Reads a definition: parameters and result from the signature of its `run`, all else from its members. */
export function readFunction({ holder, definition }: FunctionForm, kind: Declared["kind"]): SeenDeclaration {
  const body = lazily<{ readonly read: BodyFacts }>({ read: () => readBody(definition) });
  const schema = definition.getProperty("params");
  return lazily<SeenDeclaration>({
    doc: () => docOf(holder),
    params() {
      const { type, parameter } = body.read;
      const properties = type && isListed(type) ? type.getProperties() : [];
      return properties.map((each) => paramFact(each, definition, parameter));
    },
    misplacedParams: () => [],
    refinement: () => schema && body.read.type && { node: givenBy(schema), type: body.read.type },
    unlistedParams() {
      const { type, parameter } = body.read;
      if (type === undefined || isListed(type)) return undefined;
      return { node: parameter ?? definition.getProperty("run") ?? definition, type };
    },
    result() {
      const { returned, returnNode } = body.read;
      return {
        type: returned && (returned.getAwaitedType() ?? returned),
        node: returnNode ?? nameOf(definition.getProperty("run")) ?? definition,
      };
    },
    options: () => optionsOf(definition.getProperty("options")),
    hooks: () => (kind === "task" ? hooksOf(memberType(definition, "hooks")) : []),
    rule: () => undefined,
  });
}

/** What the signature of `run` says. */
interface BodyFacts {
  readonly parameter: ParameterDeclaration | undefined;
  /** Of all parameters. */
  readonly type: Type | undefined;
  readonly returned: Type | undefined;
  readonly returnNode: Node | undefined;
}

function readBody(definition: FunctionForm["definition"]): BodyFacts {
  const signature = memberSignature(definition, "run");
  const declaration = signature?.getDeclaration();
  return {
    parameter: Node.isParametered(declaration) ? declaration.getParameters()[0] : undefined,
    type: signature?.getParameters()[0]?.getTypeAtLocation(definition),
    returned: signature?.getReturnType(),
    returnNode: Node.isReturnTyped(declaration) ? declaration.getReturnTypeNode() : undefined,
  };
}

/** The signature of a member that is a function. */
export function memberSignature(definition: FunctionForm["definition"], name: string): Signature | undefined {
  return memberType(definition, name)?.getCallSignatures()[0];
}

function memberType(definition: FunctionForm["definition"], name: string): Type | undefined {
  return definition.getType().getProperty(name)?.getTypeAtLocation(definition);
}

function givenBy(member: Node): Node {
  return (Node.isPropertyAssignment(member) && member.getInitializer()) || member;
}

function nameOf(member: Node | undefined): Node | undefined {
  return member && Node.hasName(member) ? member.getNameNode() : undefined;
}

function docOf(holder: VariableDeclaration | ExportAssignment): string | undefined {
  const documented = Node.isVariableDeclaration(holder) ? holder.getVariableStatement() : holder;
  return documented && docComment(documented);
}

/** An object type whose properties are all known. */
function isListed(type: Type): boolean {
  if (type.getFlags() & TypeFlags.NonPrimitive) return true; // `object`: it has none
  if (type.isIntersection()) return type.getIntersectionTypes().every(isListed);
  if (!type.isObject() || type.isArray() || type.isTuple() || type.getCallSignatures().length > 0) return false;
  return type.getStringIndexType() === undefined && type.getNumberIndexType() === undefined;
}

function paramFact(property: MorphSymbol, at: Node, parameter: ParameterDeclaration | undefined): ParamFact {
  const name = property.getName();
  const declaration = property.getDeclarations().find(isOfProject);
  const element = elementOf(parameter, name);
  const required = !property.isOptional();
  // What is required is always given: its default in the pattern never counts.
  const initializer = required ? undefined : element?.getInitializer();
  return {
    name,
    nameNode: nameOf(declaration) ?? element ?? parameter ?? at,
    declaration,
    typeNode: Node.isPropertySignature(declaration) ? declaration.getTypeNode() : undefined,
    type: property.getTypeAtLocation(at),
    required,
    refinement: undefined,
    default: readConstant(initializer) ?? (initializer && { source: initializer.getText() }),
    doc: Node.isPropertySignature(declaration) ? docComment(declaration) : undefined,
  };
}

function isOfProject(declaration: Node): boolean {
  const file = declaration.getSourceFile();
  return !file.isDeclarationFile() && !file.isInNodeModules();
}

/** What destructures a parameter: `days = 7` of `({ city, days = 7 }: …) => …`. */
function elementOf(parameter: ParameterDeclaration | undefined, name: string): BindingElement | undefined {
  const pattern = parameter?.getNameNode();
  if (!Node.isObjectBindingPattern(pattern)) return undefined;
  return pattern.getElements().find((element) => {
    const key = element.getPropertyNameNode() ?? element.getNameNode();
    return (Node.isStringLiteral(key) ? key.getLiteralText() : key.getText()) === name;
  });
}

function optionsOf(member: Node | undefined): OptionsFact {
  if (!member) return readOptions(undefined);
  return readOptions(Node.isPropertyAssignment(member) ? member.getInitializer() : member);
}

function hooksOf(type: Type | undefined): SeenDeclaration["hooks"] {
  return HOOKS.filter((hook) => type?.getProperty(hook) !== undefined);
}
