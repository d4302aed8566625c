/**
 * Compiles single modules as the build does, but leaves their imports to whoever asks: a test runner that loads the
 * modules under test itself, as instances of its own. Works from the stamps kept beside the build, without the analyser.
 */
import { resolve, sep } from "node:path";
import { locateProject, type ProjectLocation } from "../project/locate-project.js";
import { relativePosix } from "../project/relative-posix.js";
import type { CompiledModule } from "./compile-module.js";
import { hashText, type ModuleStamps, readStampRecord, type StampRecord } from "./stamp-record.js";

/** Compiles the modules of one build. */
export interface ModuleCompiler {
  /** True for a module of the project: one that the build stamps. */
  includes(file: string): boolean;
  /**
   * Compiles a text of a file: stamped if the file is a module of the project, else only lowered. Undefined if the text
   * of a project module is not the one that the build has analysed. Rejects with esbuild's failure on wrong syntax.
   * `file` is an absolute real path.
   */
  compile(file: string, text: string): Promise<CompiledModule | undefined>;
  /**
   * Where an import that is no path leads, if it leads to a module that the build would compile: path aliases, `#imports`
   * and TypeScript workspace packages; absolute real path. Undefined for packages, built-ins and what is not found.
   */
  resolve(specifier: string, importer: string): Promise<string | undefined>;
  /** Project modules, absolute, whose compiled code differs from that of an earlier build though their own text may not. */
  changedSince(earlier: ModuleCompiler): readonly string[];
}

/** Opens the current build of the project that `cwd` lies in; compile() has made it. @throws MillraceError `project-not-found`. */
export function openModuleCompiler(cwd: string): ModuleCompiler {
  const location = locateProject(cwd);
  return new RecordedModules(location, readStampRecord(location.stateDir));
}

class RecordedModules implements ModuleCompiler {
  readonly #location: ProjectLocation;
  readonly #record: StampRecord;
  readonly #resolved = new Map<string, Promise<string | undefined>>();

  constructor(location: ProjectLocation, record: StampRecord) {
    this.#location = location;
    this.#record = record;
  }

  includes(file: string): boolean {
    return this.#stampsOf(file) !== undefined;
  }

  async compile(file: string, text: string): Promise<CompiledModule | undefined> {
    const stamps = this.#stampsOf(file);
    if (stamps && stamps.hash !== hashText(text)) return undefined;
    // esbuild takes longer to load than a run without any TypeScript may take.
    const { compileModule } = await import("./compile-module.js");
    const { stampsModule } = this.#record;
    return compileModule(this.#location, { file, text, stamps: stamps && { edits: stamps.edits, stampsModule } });
  }

  async resolve(specifier: string, importer: string): Promise<string | undefined> {
    const folder = resolve(importer, "..");
    const key = JSON.stringify([folder, specifier]);
    const known = this.#resolved.get(key);
    if (known) return known;
    const { resolveSpecifier } = await import("./resolve-specifier.js");
    const found = resolveSpecifier(this.#location, { specifier, importer });
    this.#resolved.set(key, found);
    return found;
  }

  changedSince(earlier: ModuleCompiler): readonly string[] {
    if (!(earlier instanceof RecordedModules)) return [];
    const before = earlier.#record.modules;
    const now = this.#record.modules;
    return [...new Set([...Object.keys(before), ...Object.keys(now)])]
      .filter((source) => JSON.stringify(before[source]) !== JSON.stringify(now[source]))
      .map((source) => resolve(this.#location.root, source));
  }

  #stampsOf(file: string): ModuleStamps | undefined {
    const source = relativePosix(this.#location.root, file.split("/").join(sep));
    return Object.hasOwn(this.#record.modules, source) ? this.#record.modules[source] : undefined;
  }
}
