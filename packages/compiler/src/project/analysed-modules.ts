/** What the analyser has read of modules, for the compiler of single modules: their facts, and where imports lead. */
import { type SourceFile, ts } from "ts-morph";
import { type ModuleFacts, moduleFacts } from "../emit/module-facts.js";
import type { ProjectModel } from "./model.js";
import { nativePath } from "./relative-posix.js";

/** A module that was read; plain data. */
export interface AnalysedModule extends ModuleFacts {
  /** Files that the checker found behind its imports, by specifier; declaration files are among them. */
  readonly behind: ReadonlyMap<string, AnalysedFile>;
  /** Specifiers of which the default is, to the checker, what the module exports as `default`, and not the module itself. */
  readonly defaultMembers: ReadonlySet<string>;
}

/** A file behind an import. */
export interface AnalysedFile {
  readonly file: string;
  /** A project module in TypeScript, or in JavaScript that the project lists; false for declarations and packages. */
  readonly compiled: boolean;
}

/** Modules by their absolute native path. */
export type AnalysedModules = ReadonlyMap<string, AnalysedModule>;

/** The modules of an opened project. */
export function analysedModules({ project, files }: ProjectModel): AnalysedModules {
  const checker = project.getTypeChecker().compilerObject;
  const compiled = new Set(files.map((file) => file.compilerNode));
  const modules = project.getSourceFiles().filter((file) => !file.isDeclarationFile());
  return new Map(
    modules.map((module) => {
      const file = nativePath(module.getFilePath());
      const facts = moduleFacts(module.compilerNode, file);
      return [file, { ...facts, ...importsOf(module, facts) }];
    }),
  );

  function importsOf(module: SourceFile, { taken }: ModuleFacts): Pick<AnalysedModule, "behind" | "defaultMembers"> {
    const behind = new Map<string, AnalysedFile>();
    const defaultMembers = new Set<string>();
    for (const { compilerNode: literal } of module.getImportStringLiterals()) {
      const specifier = literal.text;
      const symbol = checker.getSymbolAtLocation(literal);
      const declaration = symbol?.valueDeclaration ?? symbol?.declarations?.[0];
      if (!behind.has(specifier) && declaration && ts.isSourceFile(declaration)) {
        behind.set(specifier, { file: nativePath(declaration.fileName), compiled: compiled.has(declaration) });
      }
      if (symbol && taken.get(specifier)?.default && isMember(literal, symbol)) defaultMembers.add(specifier);
    }
    return { behind, defaultMembers };
  }

  function isMember({ parent: declaration }: ts.StringLiteral, module: ts.Symbol): boolean {
    if (!ts.isImportDeclaration(declaration) || !module.exports?.has(ts.InternalSymbolName.Default)) return false;
    const { name, namedBindings } = declaration.importClause ?? {};
    const named = namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements : [];
    const local = name ?? named.find((part) => (part.propertyName ?? part.name).text === "default")?.name;
    const alias = local && checker.getSymbolAtLocation(local);
    return alias !== undefined && checker.getAliasedSymbol(alias) !== module;
  }
}
