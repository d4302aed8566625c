/**
 * Doc tags that narrow a schema: `@minimum 1`, `@maxLength 80`, `@pattern ^[a-z]+$`. The tags are those of the usual
 * generators of schemas; `@items.` before one means the items of a list. Tags of an alias hold wherever it is named.
 */
import type { JsonSchema } from "@millrace/core";
import { type JSDocTag, Node, SyntaxKind, type TypeNode } from "ts-morph";
import { CONSTRAINTS, type Constraint } from "./constraint-table.js";
import type { SchemaContext } from "./schema-context.js";

interface Demand {
  readonly tag: JSDocTag;
  readonly constraint: Constraint;
  /** How many lists lie between the declaration and what is narrowed. */
  readonly depth: number;
}

/** The schema, narrowed by what the declarations of its property and of the aliases that they name say. */
export function constrained(schema: JsonSchema, declarations: readonly Node[], context: SchemaContext): JsonSchema {
  let narrowed = schema;
  for (const demand of declarations.flatMap((declaration) => demandsOf(declaration, 0, new Set()))) {
    const { tag, constraint } = demand;
    const text = (tag.getCommentText() ?? "").replace(/^(?:\.\w+)+/, "").trim();
    const value = constraint.read(text);
    if (value === undefined) complain(tag, `takes ${constraint.takes}, not ${text === "" ? "nothing" : `"${text}"`}`);
    else {
      const result = apply(narrowed, constraint, value, demand.depth);
      if (result === undefined)
        complain(tag, `stands on a type that it says nothing about: it narrows ${constraint.of}s`);
      else narrowed = result;
    }
  }
  const empty = emptyRange(narrowed);
  const last = declarations.at(-1);
  if (empty && last) context.complaints.push({ node: last, message: `${empty} leave no value` });
  return narrowed;

  function complain(tag: JSDocTag, what: string): void {
    context.complaints.push({ node: tag, message: `@${tagName(tag)} ${what}` });
  }
}

function demandsOf(declaration: Node, depth: number, seen: Set<Node>): readonly Demand[] {
  if (seen.has(declaration)) return [];
  seen.add(declaration);
  const own = tagsOf(declaration).flatMap((tag): Demand[] => {
    const name = tagName(tag);
    const inner = name.replace(/^(?:items\.)+/, "");
    const constraint = Object.hasOwn(CONSTRAINTS, inner) ? CONSTRAINTS[inner] : undefined;
    return constraint ? [{ tag, constraint, depth: depth + (name.length - inner.length) / "items.".length }] : [];
  });
  const hasType = Node.isPropertyDeclaration(declaration) || Node.isPropertySignature(declaration);
  const typeNode = hasType || Node.isTypeAliasDeclaration(declaration) ? declaration.getTypeNode() : undefined;
  return [...aliasDemands(typeNode, depth, seen), ...own];
}

/** What the aliases named by a type say, outermost last so that it wins. */
function aliasDemands(node: TypeNode | undefined, depth: number, seen: Set<Node>): readonly Demand[] {
  if (node === undefined) return [];
  if (Node.isArrayTypeNode(node)) return aliasDemands(node.getElementTypeNode(), depth + 1, seen);
  if (Node.isParenthesizedTypeNode(node) || Node.isTypeOperatorTypeNode(node)) {
    return aliasDemands(node.getTypeNode(), depth, seen);
  }
  if (Node.isUnionTypeNode(node)) {
    // `Email | undefined`; with two aliases nobody knows which a value is of.
    const named = node.getTypeNodes().filter((member) => !isAbsence(member));
    return named.length === 1 ? aliasDemands(named[0], depth, seen) : [];
  }
  if (!Node.isTypeReference(node)) return [];
  const symbol = node.getTypeName().getSymbol();
  const target = (symbol?.getAliasedSymbol() ?? symbol)?.getDeclarations() ?? [];
  return target.filter((each) => Node.isTypeAliasDeclaration(each)).flatMap((alias) => demandsOf(alias, depth, seen));
}

function isAbsence(node: TypeNode): boolean {
  const literal = Node.isLiteralTypeNode(node) ? node.getLiteral() : node;
  return literal.getKind() === SyntaxKind.UndefinedKeyword || literal.getKind() === SyntaxKind.NullKeyword;
}

function tagsOf(declaration: Node): readonly JSDocTag[] {
  return Node.isJSDocable(declaration) ? declaration.getJsDocs().flatMap((doc) => doc.getTags()) : [];
}

/** `items.minimum` is one name here; for the parser the dot ends it. */
function tagName(tag: JSDocTag): string {
  const [, name = tag.getTagName()] = /^@([\w.]+)/.exec(tag.getText()) ?? [];
  return name;
}

function apply(schema: JsonSchema, constraint: Constraint, value: unknown, depth: number): JsonSchema | undefined {
  if (schema.anyOf) {
    const parts = schema.anyOf.map((part) => apply(part, constraint, value, depth) ?? part);
    return parts.some((part, i) => part !== schema.anyOf?.[i]) ? { ...schema, anyOf: parts } : undefined;
  }
  if (depth > 0) {
    const items = typeof schema.items === "object" ? apply(schema.items, constraint, value, depth - 1) : undefined;
    return items && { ...schema, items };
  }
  if (schema.$ref === undefined && Object.keys(schema).length > 0 && !constraint.narrows(schema)) return undefined;
  return { ...schema, [constraint.keyword]: value };
}

const RANGES = [
  ["minimum", "maximum"],
  ["minLength", "maxLength"],
  ["minItems", "maxItems"],
  ["minProperties", "maxProperties"],
] as const;

function emptyRange(schema: JsonSchema): string | undefined {
  const found = RANGES.find(
    ([low, high]) => (schema[low] ?? 0) > (schema[high] ?? Number.POSITIVE_INFINITY) && schema[low] !== undefined,
  );
  return found && `@${found[0]} ${schema[found[0]]} and @${found[1]} ${schema[found[1]]}`;
}
