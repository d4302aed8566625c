/** The modules that a build has met, with what they import. Filled by the import plugin; fingerprints are made of it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { ModuleFacts } from "../emit/module-facts.js";
import type { PackageRef } from "../emit/resolve-import.js";
import type { AnalysedModules } from "../project/analysed-modules.js";
import { relativePosix } from "../project/relative-posix.js";

/** Reads a module that the analyser has not. */
export type ReadModule = (text: string, file: string) => Promise<ModuleFacts>;

/** A module that was reached. */
export interface ModuleRecord {
  /** SHA-256 of its source text, base64url. */
  readonly hash: string;
  /** Project modules and files that it imports: posix paths relative to the root. */
  readonly imports: ReadonlySet<string>;
  /** Packages that it imports, by name. */
  readonly packages: ReadonlyMap<string, PackageRef>;
}

/** Records modules while they are compiled. Files are absolute paths, those of packages real ones. */
export class ModuleGraph {
  readonly #root: string;
  readonly #analysed: AnalysedModules;
  readonly #read: ReadModule;
  readonly #texts = new Map<string, string>();
  readonly #facts = new Map<string, Promise<ModuleFacts>>();
  readonly #modules = new Map<string, { hash: string; imports: Set<string>; packages: Map<string, PackageRef> }>();

  constructor(root: string, analysed: AnalysedModules, read: ReadModule) {
    this.#root = root;
    this.#analysed = analysed;
    this.#read = read;
  }

  /** Records by posix source path relative to the root. */
  get modules(): ReadonlyMap<string, ModuleRecord> {
    return this.#modules;
  }

  /** Source text, read once and by the analyser if it can: what is hashed is what is compiled and what edits refer to. */
  textOf(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = this.#analysed.get(file)?.text ?? readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    this.#texts.set(file, text);
    return text;
  }

  /** What is to be known of a module's text. */
  async factsOf(file: string): Promise<ModuleFacts> {
    const analysed = this.#analysed.get(file);
    if (analysed) return analysed;
    const known = this.#facts.get(file) ?? this.#read(this.textOf(file), file);
    this.#facts.set(file, known);
    return known;
  }

  /** Adds a module, unless it is there. */
  add(file: string): void {
    const source = relativePosix(this.#root, file);
    if (this.#modules.has(source)) return;
    const hash = createHash("sha256").update(this.textOf(file)).digest("base64url");
    this.#modules.set(source, { hash, imports: new Set(), packages: new Map() });
  }

  /** Notes that a module imports another; adds both. */
  link(from: string, to: string): void {
    this.add(from);
    this.add(to);
    this.#modules.get(relativePosix(this.#root, from))?.imports.add(relativePosix(this.#root, to));
  }

  /** Notes that a module imports a package; adds the module. */
  linkPackage(from: string, target: PackageRef): void {
    this.add(from);
    this.#modules.get(relativePosix(this.#root, from))?.packages.set(`${target.name}@${target.version}`, target);
  }
}
