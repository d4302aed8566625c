/** What the analyser has read of modules, for the compiler of single modules: syntax trees, and where imports lead. */
import { Node, type SourceFile, ts } from "ts-morph";
import type { ProjectModel } from "./model.js";
import { nativePath } from "./relative-posix.js";

/** Answers about modules. Files are absolute native paths. */
export interface AnalysedModules {
  /** The tree of a file as it was read; undefined for files that were not. */
  syntaxOf(file: string): ts.SourceFile | undefined;
  /** The file that the checker found behind an import, which may be a declaration file. */
  fileBehind(importer: string, specifier: string): AnalysedFile | undefined;
  /** True if an import's default is, to the checker, what the module exports as `default`, and not the module itself. */
  hasDefaultMember(importer: string, specifier: string): boolean;
}

/** A file behind an import. */
export interface AnalysedFile {
  readonly file: string;
  /** A project module in TypeScript, or in JavaScript that the project lists; false for declarations and packages. */
  readonly compiled: boolean;
}

/** Makes the answers out of an opened project. */
export function analysedModules({ project, files }: ProjectModel): AnalysedModules {
  const checker = project.getTypeChecker().compilerObject;
  const compiled = new Set<SourceFile>(files);

  function literalsOf(importer: string, specifier: string): readonly Node[] {
    const literals = project.getSourceFile(importer)?.getImportStringLiterals() ?? [];
    return literals.filter((literal) => literal.getLiteralValue() === specifier);
  }

  return {
    syntaxOf: (file) => project.getSourceFile(file)?.compilerNode,
    fileBehind(importer, specifier) {
      const [literal] = literalsOf(importer, specifier);
      const declaration = literal?.getSymbol()?.getValueDeclaration() ?? literal?.getSymbol()?.getDeclarations()[0];
      if (!Node.isSourceFile(declaration)) return undefined;
      return { file: nativePath(declaration.getFilePath()), compiled: compiled.has(declaration) };
    },
    hasDefaultMember(importer, specifier) {
      return literalsOf(importer, specifier).some((literal) => {
        const declaration = literal.getParent();
        const module = literal.getSymbol()?.compilerSymbol;
        if (!Node.isImportDeclaration(declaration) || !module?.exports?.has(ts.InternalSymbolName.Default))
          return false;
        const named = declaration.getNamedImports().find((part) => part.getName() === "default");
        const local = (declaration.getDefaultImport() ?? named?.getNameNode())?.getSymbol()?.compilerSymbol;
        return local !== undefined && checker.getAliasedSymbol(local) !== module;
      });
    },
  };
}
