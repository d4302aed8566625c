/** Which files make up a project: what the tsconfig lists, without tests, output folder, and what the settings exclude. */
import { dirname } from "node:path";
import { type Diagnostic, MillraceError } from "@millrace/core";
import { ts } from "ts-morph";
import type { ProjectLocation } from "./locate-project.js";
import { isInside, nativePath, relativePosix } from "./relative-posix.js";
import { versionDefaults } from "./version-defaults.js";

/** The configuration of a project, read. */
export interface SourceList {
  /** Absolute paths, sorted; declaration files included. */
  readonly files: readonly string[];
  readonly options: ts.CompilerOptions;
  /** The tsconfig and those it extends; absolute. */
  readonly configurations: readonly string[];
  /** Folders that the tsconfig's globs search; absolute. */
  readonly folders: readonly string[];
  /** What is wrong with the tsconfig. */
  readonly diagnostics: readonly Diagnostic[];
}

const TEST = /\.(test|spec)\.[cm]?[jt]sx?$/;
const NO_INPUTS = 18003;

/** True for files that are tests by their name. */
export function isTestFile(path: string): boolean {
  return TEST.test(path);
}

/** Lists the files of a project. @throws MillraceError `project-not-found` if there are none. */
export function listSources(location: ProjectLocation): SourceList {
  const { root, tsconfig, stateDir, settings } = location;
  const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const parsed = ts.getParsedCommandLineOfConfigFile(tsconfig, undefined, host);
  const narrowed = settings.include || settings.exclude ? narrow(location) : undefined;
  const files = (parsed?.fileNames ?? [])
    .map((file) => nativePath(file))
    .filter((file) => isInside(root, file) && !isInside(stateDir, file))
    .filter((file) => !isTestFile(file) && (narrowed === undefined || narrowed.has(file)))
    .sort();
  if (files.length === 0) {
    const [referenced] = parsed?.projectReferences ?? [];
    const other = referenced ? relativePosix(root, nativePath(ts.resolveProjectReferencePath(referenced))) : "…";
    throw new MillraceError("project-not-found", `${tsconfig} lists no source file of ${root}.`, {
      hint: `${referenced ? "It only references others: name" : 'Add "include" to it, or name'} the configuration that lists the sources with "millrace": { "tsconfig": "${other}" } in the package.json.`,
      data: { tsconfig, root },
    });
  }
  const diagnostics = (parsed?.errors ?? []).filter((error) => error.code !== NO_INPUTS).map(tsconfigDiagnostic);
  const folders = Object.keys(parsed?.wildcardDirectories ?? {});
  return {
    files,
    configurations: configurationChain(tsconfig),
    folders,
    options: { ...versionDefaults(root), ...parsed?.options, noEmit: true, stableTypeOrdering: true },
    diagnostics,
  };

  function tsconfigDiagnostic(error: ts.Diagnostic): Diagnostic {
    const start = error.file?.getLineAndCharacterOfPosition(error.start ?? 0) ?? { line: 0, character: 0 };
    const [line, column] = [start.line + 1, start.character + 1];
    return {
      code: "tsconfig-invalid",
      severity: "error",
      message: ts.flattenDiagnosticMessageText(error.messageText, " "),
      span: {
        file: relativePosix(root, tsconfig),
        line,
        column,
        endLine: line,
        endColumn: column + (error.length ?? 1),
      },
      related: [],
      hint: "Correct the TypeScript configuration.",
      data: { typescript: error.code },
    };
  }
}

/** A configuration and those that it extends, over any number of steps; absolute. */
export function configurationChain(tsconfig: string): readonly string[] {
  const source = ts.readJsonConfigFile(tsconfig, ts.sys.readFile);
  // Which files it lists does not matter here, and to find out is slow.
  const host: ts.ParseConfigHost = { ...ts.sys, readDirectory: () => [] };
  ts.parseJsonSourceFileConfigFileContent(source, host, dirname(tsconfig), undefined, tsconfig);
  return [tsconfig, ...(source.extendedSourceFiles ?? [])];
}

function narrow({ root, settings }: ProjectLocation): ReadonlySet<string> {
  const config = {
    include: settings.include ?? ["**/*"],
    exclude: ["**/node_modules", ...(settings.exclude ?? [])],
    compilerOptions: { allowJs: true },
  };
  const { fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return new Set(fileNames.map((file) => nativePath(file)));
}
