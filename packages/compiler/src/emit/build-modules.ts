/**
 * Compiles project modules one by one with esbuild, in memory: nothing is inlined, every import leads to a sibling
 * output or to a package. Starts from the modules that declare something and follows what they import.
 */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Diagnostic } from "@millrace/core";
import { type BuildOptions, build, type Metafile } from "esbuild";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { esbuildDiagnostics, isBuildFailure } from "./esbuild-diagnostics.js";
import { forcedTsconfig, MODULE_OPTIONS } from "./esbuild-options.js";
import { importPlugin } from "./import-plugin.js";
import { moduleBanner, needsBanner, PLACE_DEFINES } from "./module-banner.js";
import { ModuleGraph, type ModuleRecord } from "./module-graph.js";
import { outputPath } from "./output-path.js";

/** What is to be compiled. */
export interface ModulesRequest {
  readonly location: ProjectLocation;
  /** Absolute real paths of the modules to start from. */
  readonly entries: readonly string[];
  /** Edits of the analyser. */
  readonly edits: readonly SourceEdit[];
  /** Module that stamp functions are imported from. */
  readonly stampsModule: string;
  /** Text of a file as the analyser read it; undefined for files that it did not read. */
  readText(file: string): string | undefined;
}

/** Compiled modules. */
export interface BuiltModules {
  /** Path relative to the build folder → text; source maps included. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Posix source path relative to the root → record. */
  readonly modules: ReadonlyMap<string, ModuleRecord>;
  readonly diagnostics: readonly Diagnostic[];
}

/** As deep as a folder named by its hash, so that relative paths hold wherever the build ends up. */
const PLACEHOLDER = "0";

/** Compiles the entries and every project module that they reach. */
export async function buildModules(request: ModulesRequest): Promise<BuiltModules> {
  const { location } = request;
  const outdir = join(location.stateDir, "build", PLACEHOLDER);
  const graph = new ModuleGraph(location.root, request.readText);
  const outputs = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  let queue: string[] = [];
  const plugin = importPlugin({
    location,
    graph,
    outdir,
    edits: byFile(request.edits),
    stampsModule: request.stampsModule,
    hasOutput: (file) => seen.has(file),
    onModule: enqueue,
  });

  request.entries.forEach(enqueue);
  while (queue.length > 0 && diagnostics.length === 0) {
    const wave = queue;
    queue = [];
    const jobs = planJobs(wave, { location, graph, outdir }).map((job) => run({ ...job, plugins: [plugin] }));
    diagnostics.push(...(await Promise.all(jobs)).flat());
  }
  return { outputs, modules: graph.modules, diagnostics };

  function enqueue(file: string): void {
    if (seen.has(file)) return;
    seen.add(file);
    graph.add(file);
    queue.push(file);
  }

  async function run(options: BuildOptions): Promise<readonly Diagnostic[]> {
    try {
      const result = await build({ ...options, write: false });
      for (const file of result.outputFiles ?? []) outputs.set(relativePosix(outdir, file.path), file.text);
      linkInlined(result.metafile, location.root, graph);
      return [];
    } catch (error) {
      if (!isBuildFailure(error)) throw error;
      return esbuildDiagnostics(error.errors, location.root);
    }
  }
}

/** `import()` of a computed path is the one case where esbuild inlines: what it took in counts as imported. */
function linkInlined(metafile: Metafile | undefined, root: string, graph: ModuleGraph): void {
  for (const { entryPoint, inputs } of Object.values(metafile?.outputs ?? {})) {
    if (entryPoint === undefined) continue;
    for (const input of Object.keys(inputs)) {
      const file = resolve(root, input);
      if (input !== entryPoint && existsSync(file)) graph.link(resolve(root, entryPoint), file);
    }
  }
}

interface Place {
  readonly location: ProjectLocation;
  readonly graph: ModuleGraph;
  readonly outdir: string;
}

/** One esbuild call for all plain modules of a configuration, one for each module that needs a banner of its own. */
function planJobs(files: readonly string[], { location, graph, outdir }: Place): readonly BuildOptions[] {
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
        ...(own ? { define: { ...PLACE_DEFINES }, banner: { js: moduleBanner(text, toSource) } } : {}),
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
  sourcemap: "linked",
  sourcesContent: false,
  keepNames: true,
  outExtension: { ".js": ".mjs" },
};

function byFile(edits: readonly SourceEdit[]): ReadonlyMap<string, readonly SourceEdit[]> {
  const groups = new Map<string, SourceEdit[]>();
  for (const edit of edits) {
    const file = resolve(edit.file);
    groups.set(file, [...(groups.get(file) ?? []), edit]);
  }
  return groups;
}
