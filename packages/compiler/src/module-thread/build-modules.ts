/**
 * Compiles project modules one by one with esbuild, in memory: nothing is inlined, every import leads to a sibling
 * output or to a package. Starts from the modules that declare something and follows what they import.
 */
import { dirname, join, posix, resolve } from "node:path";
import { appendTo, type Diagnostic, groupBy } from "@millrace/core/project";
import { type BuildOptions, build } from "esbuild";
import { forcedTsconfig, MODULE_OPTIONS } from "../emit/esbuild-options.js";
import type { TakenNames } from "../emit/import-names.js";
import { outputPath } from "../emit/output-path.js";
import { packageLookup } from "../emit/resolve-import.js";
import { urlSpecifier } from "../emit/specifier.js";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { AnalysedModules } from "../project/analysed-modules.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { nativePath, relativePosix } from "../project/relative-posix.js";
import { CommonJsFacades, memberExports } from "./common-js.js";
import { esbuildDiagnostics, isBuildFailure } from "./esbuild-diagnostics.js";
import { importPlugin } from "./import-plugin.js";
import type { KeptModules, Met } from "./kept-modules.js";
import { moduleBanner, needsBanner, PLACE_DEFINES } from "./module-banner.js";
import { ModuleGraph, type ModuleRecord, type ReadModule } from "./module-graph.js";

/** What is to be compiled; plain data. */
export interface ModulesRequest {
  readonly location: ProjectLocation;
  /** Absolute paths of the modules to start from. */
  readonly entries: readonly string[];
  /** Edits of the analyser. */
  readonly edits: readonly SourceEdit[];
  /** Module that stamp functions are imported from. */
  readonly stampsModule: string;
  /** What the analyser has read. */
  readonly analysed: AnalysedModules;
}

/** What compiling needs beside it. */
export interface ModulesContext {
  /** Modules of an earlier build; takes those of this one. */
  readonly kept: KeptModules;
  readonly read: ReadModule;
}

/** Compiled modules. */
export interface BuiltModules {
  /** Path relative to the build folder → text; source maps included. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Posix source path relative to the root → record. */
  readonly modules: ReadonlyMap<string, ModuleRecord>;
  /** Folders whose modules computed imports choose from; absolute. */
  readonly folders: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** As deep as a folder named by its hash, so that relative paths hold wherever the build ends up. */
const PLACEHOLDER = "0";

/** Compiles the entries and every project module that they reach. */
export async function buildModules(request: ModulesRequest, { kept, read }: ModulesContext): Promise<BuiltModules> {
  const { location } = request;
  const outdir = join(location.stateDir, "build", PLACEHOLDER);
  const graph = new ModuleGraph(location.root, request.analysed, read);
  const facades = new CommonJsFacades();
  const outputs = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const taken = new Map<string, Set<string>>();
  const folders = new Set<string>();
  const commonJs = new Set<string>();
  const met = new Map<string, Met[]>();
  const edits = groupBy(request.edits, ({ file }) => resolve(file));
  let queue: string[] = [];
  const plugin = importPlugin({
    location,
    graph,
    analysed: request.analysed,
    packageOf: packageLookup(),
    outdir,
    edits,
    stampsModule: request.stampsModule,
    meet,
  });

  // The analyser writes paths with slashes everywhere; esbuild, which names importers, as the platform does.
  for (const entry of request.entries) enqueue(nativePath(entry));
  while (queue.length > 0 && diagnostics.length === 0) {
    const next = queue;
    queue = [];
    const wave = next.filter((file) => !reuse(file));
    const planned = await planJobs(wave, { location, graph, outdir });
    const jobs = planned.map((job) => run({ ...job, plugins: [plugin] }));
    diagnostics.push(...(await Promise.all(jobs)).flat());
    if (diagnostics.length === 0) for (const file of wave) keep(file);
  }
  for (const file of commonJs) {
    const path = outputPath(relativePosix(location.root, file));
    const members = memberExports(urlSpecifier(posix.basename(path)), taken.get(file) ?? new Set());
    outputs.set(path, `${outputs.get(path) ?? ""}${members}`);
  }
  for (const [path, text] of facades.outputs()) outputs.set(path, text);
  return { outputs, modules: graph.modules, folders: [...folders], diagnostics };

  function meet(importer: string, what: Met): void {
    appendTo(met, importer, what);
    if (what.type === "module") enqueue(what.file, what.taken);
    if (what.type === "module" || what.type === "file") graph.link(importer, what.file);
    if (what.type === "package") graph.linkPackage(importer, what.package);
    if (what.type === "facade") facades.ask(what.request);
    if (what.type === "folder") folders.add(what.folder);
  }

  /** Takes a module as it was compiled before; false if it is to be compiled. */
  function reuse(file: string): boolean {
    const known = kept.get(file);
    if (known?.source !== sourceOf(file)) return false;
    for (const what of known.met) meet(file, what);
    for (const [path, text] of known.outputs) outputs.set(path, text);
    if (known.commonJs) commonJs.add(file);
    return true;
  }

  function keep(file: string): void {
    const path = outputPath(relativePosix(location.root, file));
    kept.set(file, {
      source: sourceOf(file),
      met: met.get(file) ?? [],
      outputs: [path, `${path}.map`].flatMap((each) => {
        const text = outputs.get(each);
        return text === undefined ? [] : [[each, text] as const];
      }),
      commonJs: commonJs.has(file),
    });
  }

  function sourceOf(file: string): string {
    return JSON.stringify([graph.textOf(file), edits.get(file) ?? []]);
  }

  function enqueue(file: string, names?: TakenNames): void {
    const known = taken.get(file);
    if (known === undefined) {
      graph.add(file);
      queue.push(file);
    }
    taken.set(file, new Set([...(known ?? []), ...(names?.names ?? [])]));
  }

  async function run(options: BuildOptions): Promise<readonly Diagnostic[]> {
    try {
      const { outputFiles = [], metafile } = await build({ ...options, write: false });
      for (const file of outputFiles) outputs.set(relativePosix(outdir, file.path), file.text);
      for (const [input, { format }] of Object.entries(metafile?.inputs ?? {})) {
        if (format === "cjs") commonJs.add(resolve(location.root, input));
      }
      return [];
    } catch (error) {
      if (!isBuildFailure(error)) throw error;
      return esbuildDiagnostics(error.errors, location.root);
    }
  }
}

interface Place {
  readonly location: ProjectLocation;
  readonly graph: ModuleGraph;
  readonly outdir: string;
}

/** One esbuild call for all plain modules of a configuration, one for each module that needs a banner of its own. */
async function planJobs(
  files: readonly string[],
  { location, graph, outdir }: Place,
): Promise<readonly BuildOptions[]> {
  const groups = new Map<string, { options: BuildOptions; entryPoints: { in: string; out: string }[] }>();
  for (const file of files) {
    const output = outputPath(relativePosix(location.root, file));
    const text = file.endsWith(".json") ? "" : graph.textOf(file);
    const tsconfig = forcedTsconfig(file, location);
    const own = needsBanner(text);
    const key = own ? file : (tsconfig ?? "");
    const toSource = own ? relativePosix(dirname(join(outdir, output)), file) : "";
    const group = groups.get(key) ?? {
      options: {
        ...OUTPUT_OPTIONS,
        absWorkingDir: location.root,
        outdir,
        ...(tsconfig === undefined ? {} : { tsconfig }),
        ...(own
          ? { define: { ...PLACE_DEFINES }, banner: { js: moduleBanner(await graph.factsOf(file), toSource) } }
          : {}),
      },
      entryPoints: [],
    };
    group.entryPoints.push({ in: file, out: output.replace(/\.mjs$/, "") });
    groups.set(key, group);
  }
  return [...groups.values()].map(({ options, entryPoints }) => ({ ...options, entryPoints }));
}

const OUTPUT_OPTIONS: BuildOptions = {
  ...MODULE_OPTIONS,
  bundle: true,
  metafile: true,
  // As the checker sees a linked source folder: at the place where it is linked.
  preserveSymlinks: true,
  sourcemap: "linked",
  sourcesContent: false,
  keepNames: true,
  outExtension: { ".js": ".mjs" },
};
