/** Whether a module reaches something that differs: walks from symbol to symbol and from file to file, by syntax and imports. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { ts } from "ts-morph";
import { type Imported, type ModuleSymbols, ON_LOAD, readModuleSymbols } from "./module-symbols.js";

/** Files with symbols. */
export const SCRIPT: RegExp = /\.[cm]?[jt]sx?$/;

/** A path without its extension: imports name files without one, or with that of the output. */
export function stem(file: string): string {
  return file.replace(SCRIPT, "");
}

/** What differs, by absolute path. */
export interface Differing {
  readonly symbols: ReadonlyMap<string, ReadonlySet<string>>;
  /** Files that are no scripts. */
  readonly files: ReadonlySet<string>;
  /** Stems of files that are gone. */
  readonly removed: ReadonlySet<string>;
  readonly ids: ReadonlySet<string>;
}

interface Visit {
  readonly file: string;
  /** `*` is all of it. */
  readonly name: string;
}

/** Walks from symbol to symbol, file to file. Modules are read once. */
export class SymbolReach {
  readonly #differing: Differing;
  readonly #options: ts.CompilerOptions;
  readonly #cache: ts.ModuleResolutionCache;
  readonly #modules = new Map<string, ModuleSymbols>();

  constructor(tsconfig: string, differing: Differing) {
    this.#differing = differing;
    const { config } = ts.readConfigFile(tsconfig, ts.sys.readFile);
    this.#options = ts.parseJsonConfigFileContent(
      config ?? {},
      { ...ts.sys, readDirectory: () => [] },
      dirname(tsconfig),
    ).options;
    this.#cache = ts.createModuleResolutionCache(dirname(tsconfig), (name) => name, this.#options);
  }

  /** True if running a test may run something that differs. */
  reaches(test: string): boolean {
    const open: Visit[] = [{ file: test, name: "*" }];
    const seen = new Set<string>();
    for (let at = open.pop(); at; at = open.pop()) {
      const key = `${at.file}\0${at.name}`;
      if (seen.has(key)) continue;
      seen.add(key);
      const next = this.#step(at);
      if (next === "differs") return true;
      open.push(...next);
    }
    return false;
  }

  #step({ file, name }: Visit): "differs" | readonly Visit[] {
    const { symbols, files, ids } = this.#differing;
    if (files.has(file) && name !== ON_LOAD) return "differs";
    if (!SCRIPT.test(file)) return [];
    const module = this.#module(file);
    const names =
      name === "*" ? [...module.symbols.keys(), ...module.imports.keys(), ...module.exports.keys()] : [name];
    const different = symbols.get(file);
    if (different && (name === "*" ? different.size > 0 : different.has(name) || different.has(`export ${name}`))) {
      return "differs";
    }
    const next: Visit[] = [];
    const lead = ({ specifier, name: wanted }: Imported): boolean => {
      const target = this.#resolve(specifier, file);
      if (target === "removed") return false;
      // Whatever is taken of a module, its statements run.
      if (target !== undefined) next.push({ file: target, name: wanted }, { file: target, name: ON_LOAD });
      return true;
    };
    for (const each of names) {
      const syntax = module.symbols.get(each);
      if (syntax && [...syntax.texts].some((text) => ids.has(text))) return "differs";
      for (const mentioned of syntax?.names ?? []) {
        const known = module.symbols.has(mentioned) || module.imports.has(mentioned);
        if (known && mentioned !== each) next.push({ file, name: mentioned });
      }
      for (const specifier of syntax?.loads ?? []) if (!lead({ specifier, name: "*" })) return "differs";
      const exported = module.exports.get(each);
      if (typeof exported === "string" && exported !== each) next.push({ file, name: exported });
      const imported = (exported && typeof exported === "object" ? exported : undefined) ?? module.imports.get(each);
      if (imported && !lead(imported)) return "differs";
      if (!syntax && exported === undefined && !module.imports.has(each)) {
        if (different?.has("export *")) return "differs";
        for (const specifier of module.stars) if (!lead({ specifier, name: each })) return "differs";
      }
    }
    // Loading a module loads what it imports.
    if (name === ON_LOAD || name === "*") {
      for (const specifier of module.loads) {
        const isAsset = module.bare.includes(specifier) && !SCRIPT.test(specifier);
        if (!lead({ specifier, name: isAsset ? "*" : ON_LOAD })) return "differs";
      }
      if (different?.has("import")) return "differs"; // of a module that is loaded for what its statements do
    }
    return next;
  }

  #module(file: string): ModuleSymbols {
    const known = this.#modules.get(file) ?? readModuleSymbols(file, readFileSync(file, "utf8"));
    this.#modules.set(file, known);
    return known;
  }

  /** A file of the project, or of a linked package; `removed` for one that is gone. */
  #resolve(specifier: string, importer: string): string | "removed" | undefined {
    const found = ts.resolveModuleName(specifier, importer, this.#options, ts.sys, this.#cache).resolvedModule;
    if (found)
      return /[\\/]node_modules[\\/]|\.d\.[cm]?ts$/.test(found.resolvedFileName)
        ? undefined
        : resolve(found.resolvedFileName);
    if (!specifier.startsWith(".")) return undefined;
    const path = resolve(dirname(importer), specifier);
    if (existsSync(path)) return path; // an asset
    return [path, join(path, "index")].some((each) => this.#differing.removed.has(stem(each))) ? "removed" : undefined;
  }
}
