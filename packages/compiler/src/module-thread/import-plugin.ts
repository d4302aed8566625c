/** esbuild plugin: rewrites imports to sibling outputs or packages, and hands edited sources to the compiler. */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { applyEdits } from "../emit/apply-edits.js";
import { loaderOf } from "../emit/esbuild-options.js";
import { outputPath } from "../emit/output-path.js";
import { classifyImport, type ImportTarget, isBuiltin, type PackageLookup } from "../emit/resolve-import.js";
import { dotted, urlSpecifier } from "../emit/specifier.js";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { AnalysedModules } from "../project/analysed-modules.js";
import type { ProjectLocation } from "../project/locate-project.js";
import { isInside, relativePosix } from "../project/relative-posix.js";
import { facadePath, isCommonJs } from "./common-js.js";
import { type ImportFault, unloadableImport, unresolvedImport } from "./import-fault.js";
import type { Met } from "./kept-modules.js";
import type { ModuleGraph } from "./module-graph.js";

/** What the plugin works on. */
export interface ImportPluginOptions {
  readonly location: ProjectLocation;
  readonly graph: ModuleGraph;
  readonly analysed: AnalysedModules;
  /** The named package that a file belongs to. */
  readonly packageOf: PackageLookup;
  /** Edits by absolute path of their file. */
  readonly edits: ReadonlyMap<string, readonly SourceEdit[]>;
  readonly stampsModule: string;
  /** Folder that outputs are placed in, for relative paths. */
  readonly outdir: string;
  /** Told of everything that a module meets, each time. */
  meet(importer: string, met: Met): void;
}

/** Set on our own question to esbuild's resolver, so that the plugin does not answer it. */
const OWN = Symbol("own");

/** Makes the plugin. */
export function importPlugin(options: ImportPluginOptions): Plugin {
  const { graph, edits, stampsModule, meet } = options;
  return {
    name: "millrace-modules",
    setup(build) {
      build.onResolve({ filter: /.*/ }, (args) =>
        args.kind === "entry-point" || args.pluginData === OWN ? undefined : resolveImport(build, args, options),
      );
      build.onLoad({ filter: /\.(?:[cm]?[jt]sx?)$/ }, async ({ path }) => {
        const { text, computed } = await graph.factsOf(path);
        for (const folder of computed.folders) meet(path, { type: "folder", folder });
        const all = [...(edits.get(path) ?? []), ...computed.edits];
        return { contents: applyEdits(text, all, stampsModule), loader: loaderOf(path) };
      });
    },
  };
}

async function resolveImport(
  build: PluginBuild,
  args: OnResolveArgs,
  options: ImportPluginOptions,
): Promise<OnResolveResult> {
  const { path: specifier, importer, kind } = args;
  const { location, graph, stampsModule } = options;
  const asIs: OnResolveResult = { path: specifier, external: true };
  if (isBuiltin(specifier)) return asIs;
  // Stamps were added by us; the project need not be able to resolve them from every folder.
  if (specifier === stampsModule) {
    const found = await resolveFromRoot(build, args, location);
    return found === undefined ? asIs : linkTo(found, args, options);
  }
  const target = sourceBeside(args, options) ?? (await targetOf(build, args, options));
  if (target === "external") return asIs;
  const statement = kind === "import-statement";
  if (target === undefined) {
    // Asked for while running, often inside a `try`: the program may well know what to do without it.
    return statement ? faulty(unresolvedImport(specifier, declarationBehind(args, options))) : asIs;
  }
  const compiled = kind !== "require-resolve" && (kind !== "require-call" || isTypeScript(target.file));
  if (target.kind === "module" && compiled) {
    const taken = statement ? (await graph.factsOf(importer)).taken.get(specifier) : undefined;
    options.meet(importer, { type: "module", file: target.file, taken });
    const output = posix.relative(
      outputFolderOf(importer, options),
      outputPath(relativePosix(location.root, target.file)),
    );
    return { path: kind === "require-call" ? dotted(output) : urlSpecifier(output), external: true };
  }
  const source = relativePosix(location.root, target.file);
  const fault = statement && target.kind === "package" ? unloadableImport(specifier, source) : undefined;
  if (fault) return faulty(fault);
  const bare = target.kind === "package" && target.named;
  if (bare) options.meet(importer, { type: "package", package: target.package });
  const reachable = bare && (await reachableFromOutput(build, args, target.file, options));
  // Left where it is, but its content decides results like any other module's.
  if (!bare && (target.kind === "module" || target.package.linked)) {
    options.meet(importer, { type: "file", file: target.file });
  }
  return (
    (await facade(target, { reachable, source }, args, options)) ??
    (reachable ? asIs : linkTo(target.file, args, options))
  );
}

/** A TypeScript module of the project at a relative path: what the checker found, and esbuild would, too. */
function sourceBeside({ path, importer }: OnResolveArgs, { analysed }: ImportPluginOptions): ImportTarget | undefined {
  if (!/^\.\.?\//.test(path)) return undefined;
  const behind = analysed.get(importer)?.behind.get(path);
  const plain = behind?.compiled && isTypeScript(behind.file) && !/[\\/]node_modules[\\/]/.test(behind.file);
  // What exists under the name as it is written comes first for esbuild.
  return plain && !existsSync(join(dirname(importer), path)) ? { kind: "module", file: behind.file } : undefined;
}

async function targetOf(
  build: PluginBuild,
  args: OnResolveArgs,
  options: ImportPluginOptions,
): Promise<ImportTarget | "external" | undefined> {
  const { path: specifier, importer, kind, resolveDir } = args;
  const found = await build.resolve(specifier, { kind, importer, resolveDir, pluginData: OWN, with: args.with });
  if (found.errors.length > 0) return preferSource(undefined, args, options);
  if (found.external || found.namespace !== "file") return "external";
  return preferSource(classifyImport(specifier, found.path, options.packageOf), args, options);
}

/**
 * Where esbuild finds nothing, or JavaScript of a workspace, the checker may have read the source: through `types` of
 * a package's exports, a custom condition, or `rootDirs`. What was analysed is what is compiled.
 */
function preferSource(
  target: ImportTarget | undefined,
  { path: specifier, importer }: OnResolveArgs,
  { analysed }: ImportPluginOptions,
): ImportTarget | undefined {
  if (target !== undefined && !(target.kind === "package" && target.package.linked)) return target;
  const behind = analysed.get(importer)?.behind.get(specifier);
  return behind?.compiled && isTypeScript(behind.file) ? { kind: "module", file: behind.file } : target;
}

function declarationBehind(
  { path, importer }: OnResolveArgs,
  { analysed, location }: ImportPluginOptions,
): string | undefined {
  const behind = analysed.get(importer)?.behind.get(path);
  return behind && relativePosix(location.root, behind.file);
}

/** A CommonJS package goes through a facade if names, or a default that is a member, are taken from it. */
async function facade(
  target: ImportTarget,
  { reachable, source }: { readonly reachable: boolean; readonly source: string },
  args: OnResolveArgs,
  options: ImportPluginOptions,
): Promise<OnResolveResult | undefined> {
  const { path: specifier, importer, kind } = args;
  if (kind !== "import-statement" || !isCommonJs(target.file)) return undefined;
  const taken = (await options.graph.factsOf(importer)).taken.get(specifier);
  const defaultMember = options.analysed.get(importer)?.defaultMembers.has(specifier) === true;
  if (taken === undefined || (taken.names.size === 0 && !defaultMember)) return undefined;
  const path = facadePath({ source, defaultMember });
  const fromFacade = urlSpecifier(relativePosix(join(options.outdir, posix.dirname(path)), target.file));
  const request = { source, specifier: reachable ? specifier : fromFacade, names: taken.names, defaultMember };
  options.meet(importer, { type: "facade", request });
  return { path: urlSpecifier(posix.relative(outputFolderOf(importer, options), path)), external: true };
}

/** An import of a file that stays where it is. */
function linkTo(file: string, { importer, kind }: OnResolveArgs, options: ImportPluginOptions): OnResolveResult {
  const path = relativePosix(join(options.outdir, outputFolderOf(importer, options)), file);
  return { path: kind.startsWith("require") ? dotted(path) : urlSpecifier(path), external: true };
}

function outputFolderOf(importer: string, { location }: ImportPluginOptions): string {
  return posix.dirname(outputPath(relativePosix(location.root, importer)));
}

/** True if Node finds the same file from the build folder, which lies in the project's root and not beside the importer. */
async function reachableFromOutput(
  build: PluginBuild,
  args: OnResolveArgs,
  file: string,
  { location, packageOf }: ImportPluginOptions,
): Promise<boolean> {
  const { root, stateDir } = location;
  const inside = isInside(root, stateDir);
  if (inside && packageOf(args.importer)?.folder === root) return true;
  const resolveDir = inside ? root : existingFolder(stateDir);
  const again = await build.resolve(args.path, {
    kind: args.kind,
    importer: args.importer,
    pluginData: OWN,
    resolveDir,
  });
  return again.errors.length === 0 && realpathSync(again.path) === file;
}

/** The file that a specifier means in the project's root; undefined if the build folder can ask for itself. */
async function resolveFromRoot(
  build: PluginBuild,
  { path, kind, importer }: OnResolveArgs,
  { root, stateDir }: ProjectLocation,
): Promise<string | undefined> {
  if (isInside(root, stateDir)) return undefined;
  const found = await build.resolve(path, { kind, importer, pluginData: OWN, resolveDir: root });
  return found.errors.length === 0 ? realpathSync(found.path) : undefined;
}

function existingFolder(folder: string): string {
  return existsSync(folder) ? folder : existingFolder(dirname(folder));
}

function faulty(fault: ImportFault): OnResolveResult {
  return { errors: [{ text: fault.message, detail: fault }] };
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}
