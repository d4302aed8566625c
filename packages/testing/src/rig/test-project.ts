/**
 * A project in a temporary folder: files, packages, builds, and the command `flow` in processes of its own. For tests of whole
 * projects; flows and tasks of the test's own code need none of this.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { MillraceError } from "@millrace/core";
import { type CompileResult, loadCompiler } from "../compiler/load-compiler.js";
import type { Environment } from "./command-environment.js";
import { findFlowCommand } from "./find-flow-command.js";
import type { FinishedCommand } from "./finished-command.js";
import { linkPackages, nearestNodeModules } from "./link-packages.js";
import { type RunningCommand, startCommand } from "./running-command.js";

/** What a project is made of. */
export interface TestProjectOptions {
  /** Folder that is copied, without what is made anew in each place: `node_modules`, `.flow`, `.git`. Path or file URL. */
  readonly from?: string | URL;
  /** Texts by path inside the project, with `/`; laid over what was copied. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * A folder: the project has links to the packages of the nearest `node_modules` at or above it. Default: the folder that
   * the tests run in (`process.cwd()`). False: the project has none.
   */
  readonly nodeModules?: string | false;
  /** Environment of every command, see CommandOptions. */
  readonly env?: Environment;
  /** Longest life of every command, ms. Default 50,000. */
  readonly deadlineMs?: number;
}

/** How one command is run. */
export interface ProjectCommandOptions {
  /** Folder inside the project. Default: its root. */
  readonly cwd?: string;
  /** Laid over the project's own. */
  readonly env?: Environment;
  /** Instead of the project's own, ms. */
  readonly deadlineMs?: number;
}

const MADE_ANEW = new Set(["node_modules", ".flow", ".git"]);

/**
 * Makes a project in a new temporary folder. Without a `package.json` among its files it gets one.
 * @throws MillraceError `test-project-misuse` if there are no packages to link, or a file would lie outside.
 */
export async function createTestProject(options: TestProjectOptions = {}): Promise<TestProject> {
  const { from, files = {}, nodeModules = process.cwd(), env = {}, deadlineMs } = options;
  const packages = nodeModules === false ? undefined : nearestNodeModules(resolve(nodeModules));
  const project = new TestProject(newFolder(), { env, ...(deadlineMs === undefined ? {} : { deadlineMs }) });
  try {
    project.write("package.json", '{ "name": "test-project", "type": "module" }\n');
    if (from !== undefined) {
      const source = from instanceof URL ? fileURLToPath(from) : from;
      cpSync(source, project.root, { recursive: true, filter: (path) => !MADE_ANEW.has(basename(path)) });
    }
    if (packages !== undefined) linkPackages(packages, project.path("node_modules"));
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    return project;
  } catch (error) {
    await project.remove();
    throw error;
  }
}

/** A project of a test. `await using` kills what still runs in it and removes it. */
export class TestProject implements AsyncDisposable {
  /** Absolute real path of its folder: the one that messages and builds name. */
  readonly root: string;
  readonly #defaults: Pick<TestProjectOptions, "env" | "deadlineMs">;
  readonly #commands = new Set<RunningCommand>();

  /** Projects are made by `createTestProject`. */
  constructor(root: string, defaults: Pick<TestProjectOptions, "env" | "deadlineMs">) {
    this.root = root;
    this.#defaults = defaults;
  }

  /** Absolute path of something inside. */
  path(...segments: readonly string[]): string {
    return join(this.root, ...segments);
  }

  /** A file as text. */
  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  /**
   * Writes a file, and the folders above it.
   * @throws MillraceError `test-project-misuse` if it would lie outside, also by way of a linked package.
   */
  write(path: string, text: string): void {
    const file = this.path(path);
    this.#requireInside(file);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Compiles the project, as `flow build` does. Findings are results. @throws MillraceError `compiler-missing`. */
  async build(): Promise<CompileResult> {
    return (await loadCompiler("build a test project")).compile({ cwd: this.root, mode: "build" });
  }

  /** Compiles the project and writes nothing, as `flow check` does. */
  async check(): Promise<CompileResult> {
    return (await loadCompiler("check a test project")).compile({ cwd: this.root, mode: "check" });
  }

  /** Runs `flow` to its end, without input. Exit codes other than 0 are results. */
  flow(...args: readonly string[]): Promise<FinishedCommand> {
    const command = this.start(args);
    command.stdin.end();
    return command.done;
  }

  /** Starts `flow`. @throws MillraceError `test-project-misuse` if the project has no such command. */
  start(args: readonly string[], options: ProjectCommandOptions = {}): RunningCommand {
    return this.node([findFlowCommand(this.root), ...args], options);
  }

  /** Starts Node itself: `node([this.path("main.js")])`, `node(["--input-type=module", "--eval", text])`. */
  node(args: readonly string[], options: ProjectCommandOptions = {}): RunningCommand {
    const { cwd = ".", env = {}, deadlineMs } = options;
    const command = startCommand({
      ...this.#defaults,
      command: process.execPath,
      args,
      cwd: resolve(this.root, cwd),
      env: { ...this.#defaults.env, ...env },
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
    this.#commands.add(command);
    const forget = (): void => void this.#commands.delete(command);
    command.done.then(forget, forget);
    return command;
  }

  /** Another project with what this one holds now, its build and runs included. Links are copied as they are. */
  async copy(): Promise<TestProject> {
    const root = newFolder();
    cpSync(this.root, root, { recursive: true, verbatimSymlinks: true });
    return new TestProject(root, this.#defaults);
  }

  /** Kills what still runs in it and removes it. For projects that several tests share: `afterAll(() => project.remove())`. */
  async remove(): Promise<void> {
    await Promise.all([...this.#commands].map((command) => command[Symbol.asyncDispose]()));
    // Retries are for Windows, where a file is held for a moment after its process has ended.
    rmSync(this.root, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The same as `remove`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  #requireInside(file: string): void {
    // Folders that are still to be made lie where their nearest existing one really is.
    let existing = file;
    let real: string | undefined;
    while (real === undefined) {
      try {
        real = realpathSync(existing);
      } catch {
        existing = dirname(existing);
      }
    }
    if (real === this.root || real.startsWith(this.root + sep)) return;
    throw new MillraceError("test-project-misuse", `${file} is not inside the test project: it would lie in ${real}.`, {
      hint: "A package linked from elsewhere is everybody's: replace its link by a folder before writing to it.",
      data: { file, real },
    });
  }
}

function newFolder(): string {
  // The real path, since builds and messages name real paths.
  return realpathSync(mkdtempSync(join(tmpdir(), "millrace-test-")));
}
