/**
 * The compiler from start to end: reads a TypeScript project, never runs it, and emits its manifest, types and build.
 * Each stage hands plain facts to the next; a finding stops nothing until all findings are known.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compareDiagnostics, type Diagnostic, type Manifest, STATE_PATHS } from "@millrace/core";
import { runChecks } from "./checks/run-checks.js";
import { syntaxErrors } from "./checks/syntax-errors.js";
import { buildManifest } from "./emit/build-manifest.js";
import { buildModules } from "./emit/build-modules.js";
import { manifestText } from "./emit/manifest-text.js";
import { typesText } from "./emit/types-text.js";
import { checkStateDir, hashBuild, writeBuild } from "./emit/write-build.js";
import { fingerprinter } from "./fingerprint/fingerprint-declaration.js";
import { analyseFlows } from "./flows/analyse-flows.js";
import { locateProject } from "./project/locate-project.js";
import { openProject } from "./project/open-project.js";
import { relativePosix } from "./project/relative-posix.js";
import { readDeclaration } from "./tasks/read-declaration.js";

/** What is to be compiled, and how far. */
export interface CompileOptions {
  /** A folder inside the project. */
  readonly cwd: string;
  /** `check` writes nothing. */
  readonly mode: "build" | "check";
}

/** What came of it. */
export interface CompileResult {
  /** Absolute folder of the project's package.json. */
  readonly root: string;
  /** All findings, sorted. With an error among them nothing was written. */
  readonly diagnostics: readonly Diagnostic[];
  /** Undefined if there are errors. */
  readonly manifest?: Manifest;
  /** The manifest differs from the one on disk (build: from the one that was). */
  readonly changed: boolean;
  /** Absolute paths written, sorted. */
  readonly written: readonly string[];
}

/**
 * Compiles the project that `cwd` lies in.
 * @throws MillraceError `project-not-found`, `state-dir-unusable`.
 */
export async function compile({ cwd, mode }: CompileOptions): Promise<CompileResult> {
  const location = locateProject(cwd);
  const { root, stateDir } = location;
  checkStateDir(stateDir);

  const opened = openProject(location);
  const { model, classes, sdk } = opened;
  const broken = [...opened.diagnostics, ...syntaxErrors(model)];
  if (broken.some(isError)) return failed(root, broken);

  const facts = model.declarations.map((declared) => readDeclaration(declared, classes, sdk));
  const flows = analyseFlows(model);
  const found = [...broken, ...flows.diagnostics, ...runChecks({ model, classes, sdk, facts })];
  if (found.some(isError)) return failed(root, found);

  const built = await buildModules({
    location,
    entries: [...new Set(model.declarations.map(({ node }) => node.getSourceFile().getFilePath()))],
    edits: flows.edits,
    stampsModule: model.stampsModule,
    readText: (file) => model.project.getSourceFile(file)?.getFullText(),
  });
  const diagnostics = [...found, ...built.diagnostics];
  if (diagnostics.some(isError)) return failed(root, diagnostics);

  const unhashed = buildManifest({ facts, graphs: flows.graphs, fingerprints: fingerprinter(root, built.modules) });
  const manifest: Manifest = { ...unhashed, build: hashBuild(unhashed, built.outputs) };
  const changed = differsFromDisk(join(stateDir, STATE_PATHS.manifest), manifestText(manifest));
  const types = typesText(facts, { model, stateDir: relativePosix(root, stateDir) });
  const written = mode === "build" ? writeBuild(stateDir, { manifest, outputs: built.outputs, types }) : [];
  return { root, diagnostics: diagnostics.sort(compareDiagnostics), manifest, changed, written };
}

function failed(root: string, diagnostics: readonly Diagnostic[]): CompileResult {
  return { root, diagnostics: [...diagnostics].sort(compareDiagnostics), changed: false, written: [] };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function differsFromDisk(path: string, text: string): boolean {
  return !existsSync(path) || readFileSync(path, "utf8") !== text;
}
