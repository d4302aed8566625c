/**
 * Which modules still mean what they meant in the last analysis of the same process. A module means the same while its tree is
 * the same, its imports lead where they led, and all that they lead to means the same; and while everything is the same that
 * modules see without importing it, the order of the files included. What was made of such a module alone, its imports included, holds as long.
 */
import { appendTo } from "@millrace/core";
import { type Project, ts } from "ts-morph";
import { sameItems } from "./same-items.js";

/** Stands for what a module means: the same object for as long as it means the same. */
export type Meaning = object;

type Targets = readonly (string | undefined)[];

interface Known {
  readonly tree: ts.SourceFile;
  /** Paths behind its imports, in order; `undefined` for one that leads nowhere. */
  readonly targets: Targets;
  readonly meaning: Meaning;
}

/** The modules of an opened project, by their trees. */
export interface Modules {
  /** What one means: the same object as in the last analysis while that is the same. */
  meaningOf(tree: ts.SourceFile): Meaning;
  /** What its imports lead to. */
  importedBy(tree: ts.SourceFile): readonly ts.SourceFile[];
}

/** Meanings of the modules of one project. Whoever keeps it drops it when compiler options may have changed. */
export class ModuleMeanings {
  #known: ReadonlyMap<string, Known> = new Map();
  /** Files that all modules see. */
  #everywhere: readonly ts.SourceFile[] = [];

  /** The modules of a project that has just been opened. */
  look(project: Project): Modules {
    const checker = project.getTypeChecker().compilerObject;
    const trees = project.getProgram().compilerObject.getSourceFiles();
    const everywhere = trees.filter(isEverywhere);
    const same = sameTexts(everywhere, this.#everywhere) && inSameOrder(trees, this.#known);
    const before = same ? this.#known : new Map<string, Known>();
    const targets = new Map(trees.map((tree) => [tree.fileName, targetsOf(tree, checker)]));
    const changed = changedModules(trees, { targets, before });
    const now = trees.map((tree): Known => {
      const meaning = changed.has(tree.fileName) ? {} : (before.get(tree.fileName)?.meaning ?? {});
      return { tree, targets: targets.get(tree.fileName) ?? [], meaning };
    });
    this.#known = new Map(now.map((known) => [known.tree.fileName, known]));
    this.#everywhere = everywhere;
    const byTree = new Map(now.map((known) => [known.tree, known]));
    const known = this.#known;
    return {
      meaningOf: (tree) => byTree.get(tree)?.meaning ?? {},
      importedBy: (tree) => (byTree.get(tree)?.targets ?? []).flatMap((path) => known.get(path ?? "")?.tree ?? []),
    };
  }
}

interface Compared {
  readonly targets: ReadonlyMap<string, Targets>;
  readonly before: ReadonlyMap<string, Known>;
}

/** Those with another text or other imports, and all that lead to one of them. */
function changedModules(trees: readonly ts.SourceFile[], { targets, before }: Compared): ReadonlySet<string> {
  const importers = new Map<string, string[]>();
  for (const [path, own] of targets)
    for (const target of own) if (target !== undefined) appendTo(importers, target, path);
  const changed = new Set<string>();
  for (const tree of trees) {
    const known = before.get(tree.fileName);
    if (known?.tree !== tree || !sameItems(known.targets, targets.get(tree.fileName) ?? [])) changed.add(tree.fileName);
  }
  // A set that grows while it is walked: each is met once.
  for (const path of changed) for (const importer of importers.get(path) ?? []) changed.add(importer);
  return changed;
}

/** The files behind everything that a file names as a module; with types, `import()` and `require()`. */
function targetsOf(tree: ts.SourceFile, checker: ts.TypeChecker): Targets {
  return specifiersOf(tree).map(
    (literal) => checker.getSymbolAtLocation(literal)?.declarations?.[0]?.getSourceFile().fileName,
  );
}

function specifiersOf(tree: ts.SourceFile): readonly ts.Node[] {
  // The program's own list, which TypeScript keeps to itself; every file of a program has it.
  return (tree as unknown as { readonly imports: readonly ts.Node[] }).imports;
}

/** True for files that others see without importing them: scripts, and modules that declare something for others. */
function isEverywhere(tree: ts.SourceFile): boolean {
  if (tree.fileName.endsWith(".json")) return false;
  return !ts.isExternalModule(tree) || tree.statements.some(declaresForOthers);
}

function declaresForOthers(statement: ts.Statement): boolean {
  if (ts.isNamespaceExportDeclaration(statement)) return true;
  if (!ts.isModuleDeclaration(statement)) return false;
  return ts.isStringLiteral(statement.name) || (statement.flags & ts.NodeFlags.GlobalAugmentation) !== 0;
}

/** True if files that were there before follow each other as they did: the checker orders what stands in several files by it. */
function inSameOrder(trees: readonly ts.SourceFile[], before: ReadonlyMap<string, Known>): boolean {
  const now = new Set(trees.map(({ fileName }) => fileName));
  return sameItems(
    [...before.keys()].filter((path) => now.has(path)),
    [...now].filter((path) => before.has(path)),
  );
}

function sameTexts(a: readonly ts.SourceFile[], b: readonly ts.SourceFile[]): boolean {
  return (
    a.length === b.length &&
    a.every((tree, n) => tree === b[n] || (tree.fileName === b[n]?.fileName && tree.text === b[n].text))
  );
}
