/**
 * Whatever was edited before, a build in watch mode leaves what a cold build of the same sources leaves, byte for byte, and
 * a build with errors leaves the last good one. Random edits by seed; MILLRACE_EDITS says how many, MILLRACE_SEED with which.
 */
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CompileResult, compile, type WatchEvent, watchProject } from "@millrace/compiler";
import type { TestProject } from "@millrace/testing";
import { expect, onTestFinished, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

const EDITS = Number(process.env.MILLRACE_EDITS ?? 12);
const SEED = Number(process.env.MILLRACE_SEED ?? 7);

const helper = (n: number): string => `export interface Shape${n} {\n  a: number;\n}\nexport const value = ${n};\n`;

const task = (name: string, n: number): string => `import { param, Task, task } from "millrace";
import type { Shape${n} } from "./helper.js";
import { value } from "./helper.js";

@task()
export class ${name} extends Task<Shape${n}> {
  @param() from = ${n};
  async run(): Promise<Shape${n}> {
    return { a: this.from + value };
  }
}
`;

const flow = (names: readonly string[], n: number): string => `import { Flow, flow } from "millrace";
${names.map((name) => `import { ${name} } from "./${name.toLowerCase()}.js";\n`).join("")}
@flow()
export class All extends Flow<number> {
  async run(): Promise<number> {
    let sum = ${n};
${names.map((name) => `    sum += (await this.call(${name}, { from: sum })).a;\n`).join("")}    return sum;
  }
}
`;

/** A project that edits itself, always to something that was meant, or broken in a known way. */
class Edited {
  readonly project: TestProject;
  readonly #random: () => number;
  #names = ["Able", "Baker", "Cast"];
  #n = 0;
  #broken = false;
  #strict = true;

  constructor(project: TestProject, seed: number) {
    this.project = project;
    this.#random = randomFrom(seed);
    this.#writeAll();
  }

  /** Makes one random edit and says which. */
  edit(): string {
    this.#n += 1;
    if (this.#broken) {
      this.#broken = false;
      this.#writeAll();
      return "mend";
    }
    const kinds = ["helper", "task", "add", "delete", "rename", "break", "alias", "config"] as const;
    const kind = kinds[Math.floor(this.#random() * kinds.length)] ?? "task";
    const [one = "Able"] = this.#names.slice(Math.floor(this.#random() * this.#names.length));
    switch (kind) {
      case "helper":
      case "task":
        this.#writeAll();
        break;
      case "add":
        this.#names = [...this.#names, `Added${this.#n}`];
        this.#writeAll();
        break;
      case "delete":
        if (this.#names.length > 1) this.#forget(one);
        this.#writeAll();
        break;
      case "rename":
        renameSync(this.project.path(`src/${one.toLowerCase()}.ts`), this.project.path(`src/moved${this.#n}.ts`));
        this.#names = this.#names.map((name) => (name === one ? `Moved${this.#n}` : name));
        this.#writeAll();
        break;
      case "alias":
        // A module outside of what the configuration lists, that an import alone brings in.
        this.project.write(`extra/more${this.#n}.ts`, helper(this.#n));
        this.project.write("src/extra.ts", `export * from "../extra/more${this.#n}.js";\n`);
        break;
      case "config":
        this.#strict = !this.#strict;
        this.project.write("tsconfig.json", tsconfig(this.#strict));
        break;
      case "break":
        this.#broken = true;
        this.project.write("src/all.ts", this.#random() < 0.5 ? "const broken = ;\n" : flow(["Nobody"], 1));
        break;
    }
    return kind;
  }

  #forget(name: string): void {
    this.#names = this.#names.filter((each) => each !== name);
    rmSync(this.project.path(`src/${name.toLowerCase()}.ts`));
  }

  #writeAll(): void {
    this.project.write("src/helper.ts", helper(this.#n));
    for (const name of this.#names) this.project.write(`src/${name.toLowerCase()}.ts`, task(name, this.#n));
    this.project.write("src/all.ts", flow(this.#names, this.#n));
  }
}

const tsconfig = (strict: boolean): string =>
  JSON.stringify({
    compilerOptions: { target: "es2022", module: "nodenext", strict, noEmit: true, types: [] },
    include: ["src"],
  });

function randomFrom(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (Math.imul(a ^ (a >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return a / 4294967296;
  };
}

/** What a build leaves: current manifest, its folder, types, stamps. */
function outputsOf(project: TestProject): Readonly<Record<string, string>> {
  if (!existsSync(project.path(".flow/manifest.json"))) return {};
  const { build } = JSON.parse(project.read(".flow/manifest.json")) as { build: string };
  const folder = join(".flow/build", build);
  const files = readdirSync(project.path(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(project.root.length + 1))
    .sort();
  const all = [".flow/manifest.json", ".flow/types.d.ts", ".flow/cache/stamps.json", ...files];
  return Object.fromEntries(all.map((name) => [name, project.read(name)]));
}

async function coldOutputs(project: TestProject): Promise<[CompileResult, Readonly<Record<string, string>>]> {
  await using copy = await project.copy();
  rmSync(copy.path(".flow"), { recursive: true, force: true });
  const result = await compile({ cwd: copy.root, mode: "build" });
  return [result, outputsOf(copy)];
}

test(`after each of ${EDITS} random edits a warm build is the cold one`, async () => {
  const project = await fixtureProject("none", {
    "package.json": '{ "name": "edited", "version": "1.0.0", "type": "module" }',
    "tsconfig.json": tsconfig(true),
  });
  onTestFinished(() => project.remove());
  const edited = new Edited(project, SEED);
  const stop = new AbortController();
  const events = watchProject({ cwd: project.root, signal: stop.signal });
  const made: string[] = [];
  for (let n = 0; n <= EDITS; n += 1) {
    if (n > 0) made.push(edited.edit());
    const good = outputsOf(project);
    const [cold, expected] = await coldOutputs(project);
    const result = await settled(events, cold);
    expect(result.diagnostics, made.join(" ")).toEqual(cold.diagnostics);
    expect(outputsOf(project), made.join(" ")).toEqual(cold.manifest ? expected : good);
  }
  expect(new Set(made).size).toBeGreaterThan(3);
  stop.abort();
  await events.return();
}, 600_000);

/** The build of the sources as they are now: one edit writes several files, and the first may be seen without the others. */
async function settled(
  events: AsyncGenerator<WatchEvent, void, undefined>,
  cold: CompileResult,
): Promise<CompileResult> {
  for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) }) {
    if (event.type !== "built") continue;
    const { manifest, diagnostics } = event.result;
    const same = manifest?.build === cold.manifest?.build && diagnostics.length === cold.diagnostics.length;
    if (same) return event.result;
  }
  throw new Error("the watch has ended");
}
