/** Types as text that resolves from the generated declaration file, where nothing of the project is imported. */
import { type ClassDeclaration, type Type, ts } from "ts-morph";

/** Where the text will stand. */
export interface PrintPlace {
  /** Class whose type parameters are in scope. */
  readonly owner: ClassDeclaration;
  /** Module specifier for an absolute path without extension, as the checker writes it; undefined if there is none. */
  specifierFor(path: string): string | undefined;
}

const FLAGS = ts.NodeBuilderFlags.NoTruncation | ts.NodeBuilderFlags.UseFullyQualifiedType;

/**
 * TypeScript text of a type; undefined if it names something that the declaration file cannot reach, such as an
 * interface that its module does not export. `optional` leaves out `undefined`.
 */
export function printType(type: Type, place: PrintPlace, optional = false): string | undefined {
  const project = place.owner.getProject();
  const checker = project.getTypeChecker().compilerObject;
  const node = checker.typeToTypeNode(type.compilerType, undefined, FLAGS);
  if (node === undefined) return undefined;
  return printNode(optional ? withoutUndefined(node) : node, place, checker);
}

function printNode(node: ts.TypeNode, place: PrintPlace, checker: ts.TypeChecker): string | undefined {
  const parameters = new Set(place.owner.getTypeParameters().map((parameter) => parameter.getName()));
  const bound = new Set<string>(parameters);
  collectBound(node, bound);
  let reachable = true;
  const visit = (child: ts.Node): ts.Node => {
    if (ts.isImportTypeNode(child)) return visitImport(child);
    const name = referencedName(child);
    if (name !== undefined && !bound.has(name) && !isGlobal(name, checker)) reachable = false;
    return ts.visitEachChild(child, visit, undefined);
  };
  const visitImport = (child: ts.ImportTypeNode): ts.Node => {
    const { argument } = child;
    const path = ts.isLiteralTypeNode(argument) && ts.isStringLiteral(argument.literal) ? argument.literal.text : "";
    const specifier = place.specifierFor(path);
    if (specifier === undefined) reachable = false;
    const literal = ts.factory.createLiteralTypeNode(ts.factory.createStringLiteral(specifier ?? path));
    const args = child.typeArguments?.map((argument) => visit(argument) as ts.TypeNode); // visiting keeps types types
    return ts.factory.updateImportTypeNode(
      child,
      literal,
      child.attributes,
      child.qualifier,
      args && ts.factory.createNodeArray(args),
      child.isTypeOf,
    );
  };
  const visited = visit(node);
  if (!reachable) return undefined;
  const file = ts.createSourceFile("types.d.ts", "", ts.ScriptTarget.Latest);
  const text = ts.createPrinter({ removeComments: true }).printNode(ts.EmitHint.Unspecified, visited, file);
  return text.replace(/\s*\n\s*/g, " ");
}

function withoutUndefined(node: ts.TypeNode): ts.TypeNode {
  if (!ts.isUnionTypeNode(node)) return node;
  const kept = node.types.filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword);
  return kept.length === 1 && kept[0] ? kept[0] : ts.factory.createUnionTypeNode(kept);
}

/** The first identifier of a type reference or `typeof`: what must be in scope. */
function referencedName(node: ts.Node): string | undefined {
  const entity = ts.isTypeReferenceNode(node) ? node.typeName : ts.isTypeQueryNode(node) ? node.exprName : undefined;
  if (entity === undefined) return undefined;
  let left: ts.Node = entity;
  while (ts.isQualifiedName(left)) left = left.left;
  return ts.isIdentifier(left) ? left.text : undefined;
}

/** Names that the type itself introduces: `infer X`, mapped and function type parameters. */
function collectBound(node: ts.Node, bound: Set<string>): void {
  if (ts.isTypeParameterDeclaration(node)) bound.add(node.name.text);
  ts.forEachChild(node, (child) => collectBound(child, bound));
}

function isGlobal(name: string, checker: ts.TypeChecker): boolean {
  const flags = ts.SymbolFlags.Type | ts.SymbolFlags.Namespace | ts.SymbolFlags.Value;
  return checker.resolveName(name, undefined, flags, false) !== undefined;
}
