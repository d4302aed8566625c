/** esbuild plugin: rewrites imports to sibling outputs or packages, and hands the analyser's edits to the compiler. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, posix, sep } from "node:path";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import { applyEdits } from "./apply-edits.js";
import { loaderOf } from "./esbuild-options.js";
import type { ModuleGraph } from "./module-graph.js";
import { outputPath } from "./output-path.js";
import { classifyImport, isBuiltin, packageFolderOf } from "./resolve-import.js";

/** What the plugin works on. */
export interface ImportPluginOptions {
  readonly location: ProjectLocation;
  readonly graph: ModuleGraph;
  /** Edits by absolute path of their file. */
  readonly edits: ReadonlyMap<string, readonly SourceEdit[]>;
  readonly stampsModule: string;
  /** Folder that outputs are placed in, for relative paths. */
  readonly outdir: string;
  /** True for modules that have an output of their own; others are inlined (`import()` of a computed path). */
  hasOutput(file: string): boolean;
  /** A module that needs an output, each time it is met: absolute real path. */
  onModule(file: string): void;
}

/** Set on our own question to esbuild's resolver, so that the plugin does not answer it. */
const OWN = Symbol("own");

/** Makes the plugin. */
export function importPlugin(options: ImportPluginOptions): Plugin {
  const { graph, edits, stampsModule } = options;
  return {
    name: "millrace-modules",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) =>
        args.kind === "entry-point" || args.pluginData === OWN ? undefined : resolveImport(build, args, options),
      );
      build.onLoad({ filter: /\.(?:[cm]?[jt]sx?)$/ }, ({ path }) => {
        return {
          contents: applyEdits(graph.textOf(path), edits.get(path) ?? [], stampsModule),
          loader: loaderOf(path),
        };
      });
    },
  };
}

async function resolveImport(
  build: PluginBuild,
  args: OnResolveArgs,
  { location, graph, outdir, stampsModule, hasOutput, onModule }: ImportPluginOptions,
): Promise<OnResolveResult> {
  const { path: specifier, importer, kind } = args;
  const asIs: OnResolveResult = { path: specifier, external: true };
  // Stamps were added by us; the project need not be able to resolve them from every folder.
  if (isBuiltin(specifier) || specifier === stampsModule) return asIs;
  const ask = { kind, importer, pluginData: OWN, with: args.with };
  const found = await build.resolve(specifier, { ...ask, resolveDir: args.resolveDir });
  if (found.errors.length > 0) {
    // Asked for while running, often inside a `try`: the program may well know what to do without it.
    return kind === "import-statement" ? { errors: [unresolved(specifier)] } : asIs;
  }
  if (found.external || found.namespace !== "file") return asIs;

  const target = classifyImport(specifier, found.path);
  const outputFolder = posix.dirname(outputPath(relativePosix(location.root, importer)));
  if (
    target.kind === "module" &&
    (kind !== "require-call" || isTypeScript(target.file)) &&
    kind !== "require-resolve"
  ) {
    graph.link(importer, target.file);
    // A path from an output that does not exist leads nowhere, so what is inlined takes its imports along.
    if (!hasOutput(importer)) return { path: target.file };
    onModule(target.file);
    const output = outputPath(relativePosix(location.root, target.file));
    return { path: dotted(posix.relative(outputFolder, output)), external: true };
  }
  if (target.kind === "package" && target.named) {
    graph.linkPackage(importer, target.package);
    if (await reachableFromOutput(build, args, target.file, location)) return asIs;
  } else if (target.kind === "module" || target.package.linked) {
    // Left where it is, but its content decides results like any other module's.
    graph.link(importer, target.file);
  }
  return { path: dotted(relativePosix(join(outdir, outputFolder), target.file)), external: true };
}

/** True if Node finds the same file from the build folder, which lies in the project's root and not beside the importer. */
async function reachableFromOutput(
  build: PluginBuild,
  { path, importer, kind }: OnResolveArgs,
  file: string,
  { root, stateDir }: ProjectLocation,
): Promise<boolean> {
  const inside = stateDir.startsWith(root + sep);
  if (inside && packageFolderOf(importer) === root) return true;
  const again = await build.resolve(path, {
    kind,
    importer,
    pluginData: OWN,
    resolveDir: inside ? root : existingFolder(stateDir),
  });
  return again.errors.length === 0 && realpathSync(again.path) === file;
}

function existingFolder(folder: string): string {
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

/** Relative specifiers start with a dot. */
function dotted(path: string): string {
  return path.startsWith(".") ? path : `./${path}`;
}

function unresolved(specifier: string): { text: string; detail: unknown } {
  return { text: `Cannot find "${specifier}".`, detail: { code: "import-unresolved", specifier } };
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}
