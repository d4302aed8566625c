/**
 * The compiler from start to end: reads a TypeScript project, never runs it, and emits its manifest, types and build.
 * Each stage hands plain facts to the next; a finding stops nothing until all findings are known.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  compareDiagnostics,
  type Diagnostic,
  hashBuild,
  type Manifest,
  manifestText,
  STATE_PATHS,
} from "@millrace/core";
import { findCalls } from "./calls/find-calls.js";
import { genericCalls } from "./calls/generic-calls.js";
import { causesOnly } from "./checks/causes-only.js";
import { type KeptFindings, runChecks } from "./checks/run-checks.js";
import { syntaxErrors } from "./checks/syntax-errors.js";
import { type CompileOptions, type CompileResult, namesOf } from "./compile-result.js";
import { type BareEntry, bareEntry, buildManifest } from "./emit/build-manifest.js";
import { callSchemas } from "./emit/call-schemas.js";
import { moduleFormEdits } from "./emit/module-form-edits.js";
import { type DeclaredTypes, declaredTypes, typesText } from "./emit/types-text.js";
import { beginDraft, type FinishedBuild, writeBuild } from "./emit/write-build.js";
import { fingerprinter } from "./fingerprint/fingerprint-declaration.js";
import { KeptReadings } from "./fingerprint/kept-readings.js";
import { analyseFlows, type KeptFlows } from "./flows/analyse-flows.js";
import { rememberBuild } from "./memory/build-memory.js";
import type { BuildInputs } from "./memory/input-digest.js";
import { inputsOf } from "./memory/inputs-of.js";
import { CompiledModules } from "./module-thread/compiled-modules.js";
import type { ModulesReport } from "./module-thread/messages.js";
import { stampRecord } from "./modules/stamp-record.js";
import { analysedModules } from "./project/analysed-modules.js";
import type { Declared } from "./project/declared.js";
import { KeptByGround } from "./project/kept-by-ground.js";
import type { ProjectLocation } from "./project/locate-project.js";
import { ModuleMeanings } from "./project/module-meanings.js";
import { type KeptAnalysis, type OpenedProject, openProject } from "./project/open-project.js";
import { ParsedFiles } from "./project/parsed-files.js";
import { relativePosix } from "./project/relative-posix.js";
import { type DeclarationFacts, readDeclaration } from "./tasks/read-declaration.js";
import { findSharedUses } from "./tasks/shared-uses.js";

/** What is to be compiled. */
export interface ProjectRequest {
  readonly location: ProjectLocation;
  readonly mode: CompileOptions["mode"];
  /** When the first file of the project was read, ms since 1970. */
  readonly since: number;
  /** What earlier builds in this process have left; takes what this one leaves. */
  readonly kept: KeptWork;
}

/** Work of earlier builds that holds as long as what it was made of has not changed. */
export interface KeptWork extends KeptAnalysis {
  /** So many builds have come to be written. */
  builds: number;
  /** Compiled modules; to be closed. */
  readonly modules: CompiledModules;
  readonly flows: KeptFlows;
  /** Of checks. */
  readonly findings: KeptFindings;
  /** Of the manifest. */
  readonly entries: KeptByGround<BareEntry>;
  /** Of the generated declarations. */
  readonly types: KeptByGround<DeclaredTypes | undefined>;
  /** Of code, for fingerprints. */
  readonly readings: KeptReadings;
}

/** What there is before the first build: nothing. */
export function nothingKept(): KeptWork {
  return {
    builds: 0,
    parsed: new ParsedFiles(),
    meanings: new ModuleMeanings(),
    modules: new CompiledModules(),
    flows: new KeptByGround(),
    findings: new KeptByGround(),
    entries: new KeptByGround(),
    types: new KeptByGround(),
    readings: new KeptReadings(),
  };
}

/** What came of it, and what it was made of. */
export interface ProjectOutcome {
  readonly result: CompileResult;
  /** Absolute paths. Of a build with errors only what it had come to. */
  readonly inputs: BuildInputs;
}

/** Compiles a located project. @throws MillraceError `project-not-found` if it has no source files. */
export async function compileProject({ location, mode, since, kept }: ProjectRequest): Promise<ProjectOutcome> {
  const { root, stateDir } = location;
  kept.modules.prepare();
  const opened = openProject(location, kept);
  const { model, classes, definitions, sdk } = opened;
  const broken = [...opened.sources.diagnostics, ...syntaxErrors(model)];
  if (broken.some(isError)) return failed(opened, broken);

  const facts = model.declarations.map((declared) => readDeclaration(declared, sdk));
  const calls = findCalls(model);
  const generics = genericCalls(calls, facts);
  const flows = analyseFlows(model, kept.flows);
  const { graphs, callables, groundOf } = flows;
  const edits = [...flows.edits, ...moduleFormEdits(model)];
  const compiling = kept.modules.compile({
    location,
    entries: [...new Set(model.declarations.map(({ form }) => form.node.getSourceFile().getFilePath()))],
    edits,
    stampsModule: model.stampsModule,
    analysed: analysedModules(model),
  });
  compiling.catch(() => {}); // awaited below, unless the checks end the build
  const sharedUses = findSharedUses(model, callables);
  const factOf = lookup(facts);
  const { files } = model;
  const all = {
    model,
    classes,
    definitions,
    sdk,
    files,
    facts,
    factOf,
    calls,
    generics,
    callables,
    sharedUses,
    graphs,
  };
  const checked = runChecks({ all, kept: kept.findings, groundOf });
  const found = causesOnly([...broken, ...flows.diagnostics, ...checked]);
  if (found.some(isError)) return failed(opened, found);

  const built = await compiling;
  const diagnostics = [...found, ...built.diagnostics];
  if (diagnostics.some(isError)) return failed(opened, diagnostics, built);

  // One that follows another often comes to a build that is there: nothing is written in vain.
  const draft = mode === "build" && kept.builds++ === 0 ? beginDraft(stateDir, kept.modules) : undefined;
  const keptOr = <T>(results: KeptByGround<T>, make: (fact: DeclarationFacts) => T) => {
    return (fact: DeclarationFacts): T => {
      const { node } = fact.declared.form;
      return results.get(node.compilerNode, groundOf(node.getSourceFile()), () => make(fact));
    };
  };
  const place = { model, stateDir: relativePosix(root, stateDir) };
  const types = typesText(facts, place, keptOr(kept.types, declaredTypes(place)));
  const unhashed = buildManifest({
    facts,
    entryOf: keptOr(kept.entries, (fact) => bareEntry(fact, sharedUses)),
    graphs,
    callSchemas: callSchemas(generics, flows.sites),
    fingerprints: fingerprinter(model, built.modules, kept.readings),
  });
  const manifest: Manifest = { ...unhashed, build: hashBuild(unhashed, built.digest) };
  const text = manifestText(manifest);
  const changed = differsFromDisk(join(stateDir, STATE_PATHS.manifest), text);
  const sorted = diagnostics.sort(compareDiagnostics);
  const inputs = inputsOf(opened, built);
  const result = { root, diagnostics: sorted, built: namesOf(manifest), manifest, changed };
  if (mode === "check") return { result: { ...result, written: [] }, inputs };
  const build: FinishedBuild = { manifest, text, outputs: built.digest, types, stamps: stampRecord(model, edits) };
  const written = await writeBuild(stateDir, build, { modules: kept.modules, draft });
  rememberBuild(location, { build, inputs, diagnostics: sorted, since });
  return { result: { ...result, written }, inputs };
}

function lookup(facts: readonly DeclarationFacts[]): (declared: Declared) => DeclarationFacts | undefined {
  const byDeclared = new Map(facts.map((fact) => [fact.declared, fact]));
  return (declared) => byDeclared.get(declared);
}

function failed(
  opened: OpenedProject,
  diagnostics: readonly Diagnostic[],
  built: Pick<ModulesReport, "modules" | "folders"> = { modules: new Map(), folders: [] },
): ProjectOutcome {
  const sorted = [...diagnostics].sort(compareDiagnostics);
  return {
    result: {
      root: opened.model.root,
      diagnostics: sorted,
      built: undefined,
      manifest: undefined,
      changed: false,
      written: [],
    },
    inputs: inputsOf(opened, built),
  };
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function differsFromDisk(path: string, text: string): boolean {
  return !existsSync(path) || readFileSync(path, "utf8") !== text;
}
