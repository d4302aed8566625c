/**
 * The build that a test run works on: made before the first test, brought up to date before each rerun, asked for every
 * module under test. One for each Vitest project; called by the plugin.
 */
import { type Diagnostic, diagnosticSources, MillraceError, renderDiagnostics } from "@millrace/core";
import { type Compiler, loadCompiler } from "../compiler/load-compiler.js";

type ModuleCompiler = ReturnType<Compiler["openModuleCompiler"]>;
type CompiledModule = NonNullable<Awaited<ReturnType<ModuleCompiler["compile"]>>>;

/** Builds of one process go one after the other: Vitest projects may share a project, whose second build then costs little. */
let lastBuild: Promise<unknown> = Promise.resolve();

/** The build of one project. */
export class TestBuild {
  readonly #cwd: string;
  readonly #say: (text: string) => void;
  readonly #outdated = new Set<string>();
  #said: ReadonlySet<string> = new Set();
  #modules: ModuleCompiler | undefined;

  /** `say` prints findings of a build, as far as the one before had not made them. */
  constructor(cwd: string, say: (text: string) => void) {
    this.#cwd = cwd;
    this.#say = say;
  }

  /** Builds, unless nothing has changed. @throws MillraceError `compiler-missing`, `build-failed` (its findings have been printed). */
  async refresh(): Promise<void> {
    const { compile, openModuleCompiler } = await loadCompiler("build the project before its tests");
    const building = lastBuild.then(() => compile({ cwd: this.#cwd, mode: "build" }));
    lastBuild = building.catch(() => undefined);
    const { root, diagnostics, manifest } = await building;
    await this.#report(root, diagnostics);
    if (!manifest) throw buildFailed(diagnostics);
    const before = this.#modules;
    this.#modules = openModuleCompiler(this.#cwd);
    for (const file of before ? this.#modules.changedSince(before) : []) this.#outdated.add(file);
  }

  /** Modules whose compiled code is no longer what it was when this was asked last; absolute paths. */
  takeOutdated(): readonly string[] {
    const files = [...this.#outdated];
    this.#outdated.clear();
    return files;
  }

  /** True for files that compile() answers for: TypeScript, and whatever else the project consists of. */
  covers(file: string): boolean {
    return /\.[cm]?tsx?$/.test(file) || this.#modules?.includes(file) === true;
  }

  /** A module as the build compiles it. @throws MillraceError as refresh does; rejects on wrong syntax. */
  async compile(file: string, text: string): Promise<CompiledModule> {
    if (!this.#modules) await this.refresh();
    const compiled = await this.#modules?.compile(file, text);
    if (compiled) return compiled;
    // Saved since the build, while tests ran.
    await this.refresh();
    const again = await this.#modules?.compile(file, text);
    if (again) return again;
    throw new MillraceError("build-failed", `${file} reaches Millrace with another text than it has on disk.`, {
      hint: "Put millrace() before the plugins that change sources.",
      data: { file },
    });
  }

  /** Where an import leads by the rules of the build; undefined where it leads to no module of the project. */
  async resolve(specifier: string, importer: string): Promise<string | undefined> {
    return this.#modules?.resolve(specifier, importer);
  }

  async #report(root: string, diagnostics: readonly Diagnostic[]): Promise<void> {
    const fresh = diagnostics.filter((diagnostic) => !this.#said.has(JSON.stringify(diagnostic)));
    this.#said = new Set(diagnostics.map((diagnostic) => JSON.stringify(diagnostic)));
    if (fresh.length === 0) return;
    const sources = await diagnosticSources(root, fresh);
    this.#say(`${renderDiagnostics(fresh, sources, { color: process.stderr.isTTY === true })}\n`);
  }
}

function buildFailed(diagnostics: readonly Diagnostic[]): MillraceError {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const places = errors.map(({ code, span }) => `${span.file}:${span.line}:${span.column} ${code}`);
  return new MillraceError("build-failed", `The build that tests need found errors: ${places.join(", ")}.`, {
    hint: "Correct what is shown above. `flow check` shows it again.",
    data: { errors: errors.length },
  });
}
