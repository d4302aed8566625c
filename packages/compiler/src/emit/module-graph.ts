/** The modules that a build has met, with what they import. Filled by the import plugin; fingerprints are made of it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { ts } from "ts-morph";
import type { AnalysedModules } from "../project/analysed-modules.js";
import { relativePosix } from "../project/relative-posix.js";
import { type TakenNames, takenNames } from "./import-names.js";
import type { PackageRef } from "./resolve-import.js";

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
  readonly #texts = new Map<string, string>();
  readonly #taken = new Map<string, ReadonlyMap<string, TakenNames>>();
  readonly #modules = new Map<string, { hash: string; imports: Set<string>; packages: Map<string, PackageRef> }>();

  constructor(root: string, analysed: AnalysedModules) {
    this.#root = root;
    this.#analysed = analysed;
  }

  /** Records by posix source path relative to the root. */
  get modules(): ReadonlyMap<string, ModuleRecord> {
    return this.#modules;
  }

  /** Source text, read once and by the analyser if it can: what is hashed is what is compiled and what edits refer to. */
  textOf(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = this.#analysed.syntaxOf(file)?.text ?? readFileSync(file, "utf8").replace(/^\uFEFF/, "");
    this.#texts.set(file, text);
    return text;
  }

  /** Syntax tree of a module's text. */
  syntaxOf(file: string): ts.SourceFile {
    return this.#analysed.syntaxOf(file) ?? ts.createSourceFile(file, this.textOf(file), ts.ScriptTarget.Latest);
  }

  /** What a module takes from what it imports, by specifier. */
  takenBy(file: string): ReadonlyMap<string, TakenNames> {
    const taken = this.#taken.get(file) ?? takenNames(this.syntaxOf(file));
    this.#taken.set(file, taken);
    return taken;
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
