/** Looks for tasks that nothing in a project mentions: no flow calls them, no code starts them, nothing is derived from them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Identifier, type Symbol as MorphSymbol, Node, type SourceFile, SyntaxKind } from "ts-morph";
import { type Declared, holderOf } from "../project/declared.js";
import { nodesOfKind } from "../project/nodes-of-kind.js";
import type { Check, CheckFacts } from "./check.js";

/** `task-unused`. */
export const taskUnused: Check = (all, report) => {
  const { model, calls } = all;
  // Rules are named by rule sets, which are data.
  const tasks = model.declarations.filter(
    ({ kind, isRule, source }) => kind === "task" && !isRule && isOwnSource(source),
  );
  const flows = model.declarations.filter(({ kind }) => kind === "flow");
  // Without flows, tasks are there for others; a call that may run anything may run any of them.
  if (flows.length === 0 || calls.some(({ target }) => target?.open) || isLibrary(model.root)) return;
  const candidates = new Set(calls.flatMap(({ target }) => target?.candidates ?? []));
  const open = tasks.filter((task) => !candidates.has(task));
  const mentioned = open.length > 0 ? mentionsIn(all, open) : new Set();
  for (const task of open) {
    if (mentioned.has(task)) continue;
    report({
      code: "task-unused",
      message: `No flow calls ${task.className}, and nothing else mentions it.`,
      node: task.nameNode,
      hint: "Call it from a flow, or remove it.",
      data: { task: task.id },
    });
  }
};

/** Sources of other packages serve others, too. */
function isOwnSource(source: string): boolean {
  return !source.startsWith("../") && !source.includes("node_modules/");
}

/** A package that others may import declares tasks for them. */
function isLibrary(root: string): boolean {
  const file = join(root, "package.json");
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown>;
  return (
    manifest.private !== true && ["exports", "main", "module", "types"].some((name) => manifest[name] !== undefined)
  );
}

function mentionsIn({ model }: CheckFacts, tasks: readonly Declared[]): ReadonlySet<Declared> {
  const names = new Map<string, Declared[]>();
  const ids = new Map(tasks.map((task) => [task.id, task]));
  const found = new Set<Declared>();
  for (const task of tasks) names.set(task.className, [...(names.get(task.className) ?? []), task]);
  for (const file of model.files) {
    const local = localNames(file, names);
    for (const node of nodesOfKind(file, SyntaxKind.Identifier, ({ text }) => local.has(text))) {
      for (const task of local.get(node.getText()) ?? []) if (isMention(node, task)) found.add(task);
    }
    for (const node of nodesOfKind(file, SyntaxKind.StringLiteral, ({ text }) => ids.has(text))) {
      const task = ids.get(node.getLiteralText());
      if (task && !isInside(node, holderOf(task))) found.add(task);
    }
  }
  return found;
}

/** Names that may stand for a task in a file: its own, aliases of imports, and whatever is imported as default. */
function localNames(
  file: SourceFile,
  names: ReadonlyMap<string, readonly Declared[]>,
): ReadonlyMap<string, readonly Declared[]> {
  const local = new Map<string, readonly Declared[]>(names);
  const every = [...names.values()].flat();
  for (const declaration of file.getImportDeclarations()) {
    const byDefault = declaration.getDefaultImport()?.getText();
    if (byDefault !== undefined) local.set(byDefault, every);
    for (const specifier of declaration.getNamedImports()) {
      const alias = specifier.getAliasNode()?.getText();
      if (alias !== undefined) local.set(alias, every);
    }
  }
  return local;
}

/** An identifier that stands for the task as a value, outside its own declaration. */
function isMention(node: Identifier, task: Declared): boolean {
  const parent = node.getParent();
  if (Node.isImportSpecifier(parent) || Node.isExportSpecifier(parent) || Node.isImportClause(parent)) return false;
  if (Node.isTypeReference(parent) || Node.isQualifiedName(parent)) return false;
  const holder = holderOf(task);
  return !Node.isExportAssignment(parent) && !isInside(node, holder) && declares(node.getSymbol(), holder);
}

function isInside(node: Node, above: Node): boolean {
  return node.getSourceFile() === above.getSourceFile() && above.containsRange(node.getPos(), node.getEnd());
}

function declares(symbol: MorphSymbol | undefined, holder: Node): boolean {
  const target = symbol?.getAliasedSymbol() ?? symbol;
  return target?.getDeclarations().includes(holder) ?? false;
}
