/** Opens a project for reading: the one place that makes a ts-morph Project. Called by compile. */
import { Project, type SourceFile } from "ts-morph";
import { holderOf } from "./declared.js";
import { findClasses } from "./find-classes.js";
import { findDefinitions } from "./find-definitions.js";
import type { ProjectLocation } from "./locate-project.js";
import type { ProjectModel, StampsModule } from "./model.js";
import type { ModuleMeanings } from "./module-meanings.js";
import type { ParsedFiles } from "./parsed-files.js";
import { type Declaring, readDeclared } from "./read-declared.js";
import { isInside, nativePath, relativePosix } from "./relative-posix.js";
import { type SdkSymbols, sdkSymbols } from "./sdk-symbols.js";
import { isTestFile, listSources, type SourceList } from "./source-files.js";
import { spanOf } from "./span-of.js";

/** An opened project with what was seen on the way. */
export interface OpenedProject extends Declaring {
  readonly model: ProjectModel;
  readonly sdk: SdkSymbols;
  /** What the project's configuration says. */
  readonly sources: SourceList;
}

/** What earlier analyses of the same process have left; takes what this one leaves. */
export interface KeptAnalysis {
  /** Syntax trees. */
  readonly parsed: ParsedFiles;
  readonly meanings: ModuleMeanings;
}

/** Opens a project. @throws MillraceError `project-not-found` if it has no source files. */
export function openProject(location: ProjectLocation, { parsed, meanings }: KeptAnalysis): OpenedProject {
  const { root } = location;
  const sources = listSources(location);
  const project = new Project({ compilerOptions: sources.options, skipAddingFilesFromTsConfig: true });
  parsed.serve(project);
  for (const file of sources.files) project.addSourceFileAtPath(file);
  // Brings in the sources of TypeScript workspace packages and files that only imports name.
  project.resolveSourceFileDependencies();

  // Makes all symbols: a class expression of the first file would have none yet.
  project.getTypeChecker().compilerObject.getAmbientModules();

  const modules = meanings.look(project);
  const sdk = sdkSymbols();
  const files = project
    .getSourceFiles()
    .filter((file) => isProjectModule(file, location))
    .sort(byPath);
  const sourceOf = (file: SourceFile): string => relativePosix(root, file.getFilePath());
  const at: Pick<ProjectModel, "spanOf" | "sourceOf"> = {
    sourceOf,
    spanOf: (node) => spanOf(node, sourceOf(node.getSourceFile())),
  };
  const classes = findClasses(files, sdk);
  const definitions = findDefinitions(files, sdk);
  const declarations = readDeclared({ classes, definitions }, at);
  const own = new Set(files);
  const holders = new Map(declarations.map((declared) => [holderOf(declared), declared]));
  const model: ProjectModel = {
    ...at,
    root,
    project,
    files,
    declarations,
    isOwn: (file) => own.has(file),
    declaredBy: (holder) => holders.get(holder),
    isFlow: (type) => sdk.baseOf(type) === "flow",
    isTask: (type) => ["task", "rule"].includes(sdk.baseOf(type) ?? ""),
    isShared: (type) => sdk.isShared(type),
    stampsModule: stampsModuleOf(files),
    modules,
  };
  return { model, classes, definitions, sdk, sources };
}

function isProjectModule(file: SourceFile, { stateDir }: ProjectLocation): boolean {
  const path = nativePath(file.getFilePath());
  return (
    !file.isDeclarationFile() &&
    !/[\\/]node_modules[\\/]/.test(path) &&
    !isInside(stateDir, path) &&
    !isTestFile(path) &&
    !path.endsWith(".json")
  );
}

function stampsModuleOf(files: readonly SourceFile[]): StampsModule {
  const imports = (name: string): boolean =>
    files.some((file) => file.getImportStringLiterals().some((literal) => literal.getLiteralValue() === name));
  return imports("@millrace/sdk") && !imports("millrace") ? "@millrace/sdk/stamps" : "millrace/stamps";
}

function byPath(a: SourceFile, b: SourceFile): number {
  return a.getFilePath() < b.getFilePath() ? -1 : 1;
}
