/**
 * Checks that names which decide what is declared and called stand for something: imports from modules of the project,
 * decorators, base classes, `defineTask` and the targets of calls. What such a name does to the rest of a project is silent:
 * a class whose `Flow` was never imported is no flow.
 */

import { appendTo } from "@millrace/core";
import { type Identifier, type Node, type SourceFile, SyntaxKind, ts } from "ts-morph";
import { namesTarget } from "../calls/find-calls.js";
import type { ProjectModel } from "../project/model.js";
import { bareNodesOfKind, objectOf } from "../project/nodes-of-kind.js";
import type { Check, CheckFacts } from "./check.js";

/** `name-unresolved`, one for each file: the names of one forgotten import belong together. */
export const nameUnresolved: Check = (all, report) => {
  const targets = targetsByFile(all);
  for (const file of all.files) {
    const missing = notExportedNames(file, all.model);
    const unbound = firstOfEach(unboundNames(file, targets.get(file) ?? [], all.model)).map((node) => ({
      node,
      message: `\`${node.getText()}\` stands for nothing`,
    }));
    for (const [i, { node, name, from, local }] of missing.entries()) {
      report({
        code: "name-unresolved",
        message: `${from} exports no \`${name}\`.`,
        node,
        // What a misspelt import was meant to bind stands for nothing, too.
        related: [
          ...(local ? [{ node: local, message: `\`${name}\` is declared here, and not exported` }] : []),
          ...(i === 0 ? unbound : []),
        ],
        hint: `Export \`${name}\` there, or import what it does export.`,
        data: { name, from },
      });
    }
    const [first, ...others] = missing.length > 0 ? [] : unbound;
    if (!first) continue;
    const names = unbound.map(({ node }) => node.getText());
    report({
      code: "name-unresolved",
      message: `${names.map((name) => `\`${name}\``).join(", ")} ${names.length === 1 ? "stands" : "stand"} for nothing in this file.`,
      node: first.node,
      related: others,
      hint: `Import ${names.length === 1 ? "it" : "them"}: import { ${names.join(", ")} } from "…".`,
      data: { names },
    });
  }
};

interface MissingExport {
  readonly node: Node;
  readonly name: string;
  readonly from: string;
  /** The declaration of that name in the module. */
  readonly local: Node | undefined;
}

/** Imports of names that a module of the project does not export. Packages are left to the build of modules. */
function notExportedNames(file: SourceFile, model: ProjectModel): readonly MissingExport[] {
  const checker = model.project.getTypeChecker().compilerObject;
  const leads = ({ name }: ts.ImportSpecifier): boolean => {
    const symbol = checker.getSymbolAtLocation(name);
    return symbol !== undefined && (checker.getAliasedSymbol(symbol).declarations ?? []).length > 0;
  };
  return file.getImportDeclarations().flatMap((declaration) => {
    const { namedBindings } = declaration.compilerNode.importClause ?? {};
    const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const lost = named.filter((specifier) => !leads(specifier));
    const source = lost.length > 0 ? declaration.getModuleSpecifierSourceFile() : undefined;
    if (!source || !model.isOwn(source)) return [];
    return lost.map((specifier) => {
      const node = specifier.propertyName ?? specifier.name;
      const name = node.text;
      const local = source.getClass(name)?.getNameNode() ?? source.getVariableDeclaration(name)?.getNameNode();
      return { node: objectOf(node, file), name, from: model.sourceOf(source), local };
    });
  });
}

/** What is called as a step, by the file in which it is. */
function targetsByFile({ calls }: CheckFacts): ReadonlyMap<SourceFile, readonly Node[]> {
  const targets = new Map<SourceFile, Node[]>();
  for (const { node, method } of calls) {
    const target = node.getArguments()[0];
    if (namesTarget(method) && target) appendTo(targets, node.getSourceFile(), target);
  }
  return targets;
}

function unboundNames(file: SourceFile, targets: readonly Node[], model: ProjectModel): readonly Identifier[] {
  const tree = file.compilerNode;
  const found: ts.Node[] = targets.map((target) => target.compilerNode);
  for (const { expression } of bareNodesOfKind(tree, SyntaxKind.Decorator)) {
    found.push(ts.isCallExpression(expression) ? expression.expression : expression);
  }
  for (const { token, parent, types } of bareNodesOfKind(tree, SyntaxKind.HeritageClause)) {
    if (token !== SyntaxKind.ExtendsKeyword || !ts.isClassLike(parent)) continue;
    found.push(...types.map((base) => base.expression));
  }
  for (const { expression } of bareNodesOfKind(tree, SyntaxKind.CallExpression)) {
    if (ts.isIdentifier(expression) && /^define(Task|Flow|Rule)$/.test(expression.text)) found.push(expression);
  }
  const checker = model.project.getTypeChecker().compilerObject;
  return found
    .filter(ts.isIdentifier)
    .filter((name) => checker.getSymbolAtLocation(name) === undefined)
    .sort((a, b) => a.pos - b.pos)
    .map((name) => objectOf(name, file) as Identifier); // the object of an identifier
}

function firstOfEach(names: readonly Identifier[]): readonly Identifier[] {
  const first = new Map<string, Identifier>();
  for (const name of names) if (!first.has(name.getText())) first.set(name.getText(), name);
  return [...first.values()];
}
