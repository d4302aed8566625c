/** The modules that a build has met, with what they import. Filled by the import plugin; fingerprints are made of it. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { relativePosix } from "../project/relative-posix.js";
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

/** Records modules while they are compiled. Files are absolute real paths. */
export class ModuleGraph {
  readonly #root: string;
  readonly #texts = new Map<string, string>();
  readonly #modules = new Map<string, { hash: string; imports: Set<string>; packages: Map<string, PackageRef> }>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Records by posix source path relative to the root. */
  get modules(): ReadonlyMap<string, ModuleRecord> {
    return this.#modules;
  }

  /** Source text, read once, so that what is hashed is what is compiled. */
  textOf(file: string): string {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    this.#texts.set(file, text);
    return text;
  }

  /** Adds a module; false if it was there before. */
  add(file: string): boolean {
    const source = relativePosix(this.#root, file);
    if (this.#modules.has(source)) return false;
    const hash = createHash("sha256").update(this.textOf(file)).digest("base64url");
    this.#modules.set(source, { hash, imports: new Set(), packages: new Map() });
    return true;
  }

  /** Notes that one module imports another; both have been added. */
  link(from: string, to: string): void {
    this.#modules.get(relativePosix(this.#root, from))?.imports.add(relativePosix(this.#root, to));
  }

  /** Notes that a module imports a package. */
  linkPackage(from: string, target: PackageRef): void {
    this.#modules.get(relativePosix(this.#root, from))?.packages.set(`${target.name}@${target.version}`, target);
  }
}
