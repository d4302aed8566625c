/**
 * Whatever was edited before, a build in watch mode leaves what a cold build of the same sources leaves, byte for byte, and
 * a build with errors leaves the last good one. Random edits by seed; MILLRACE_EDITS says how many, MILLRACE_SEED with which.
 */
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type CompileResult, compile, type WatchEvent, watchProject } from "@millrace/compiler";
import type { TestProject } from "@millrace/testing";
import { expect, onTestFinished, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

const COUNT = Number(process.env.MILLRACE_EDITS ?? 20);
const SEED = Number(process.env.MILLRACE_SEED ?? 7);

const task = (
  name: string,
  { rooted, adjusts }: TaskState,
): string => `import { param, task${rooted ? "" : ", Task"} } from "millrace";
import { current, type Shape } from "./parts/index.js";
import type { Word } from "./parts/word.js";
${rooted ? 'import { Base } from "./base.js";\n' : ""}
@task()
export class ${name} extends ${rooted ? "Base" : "Task<Shape>"} {
  @param() from = ${name.length};
  @param() word?: Word;
  async run(): Promise<Shape> {
    return { a: ${rooted ? "this.adjust(this.from)" : "this.from"} + current.apply(1) };
  }
${adjusts ? "  adjust(n: number): number {\n    return n * 3;\n  }\n" : ""}}
`;

const flow = (
  name: string,
  tasks: readonly string[],
  n: number,
  inner?: string,
  said: readonly string[] = [],
): string => `import { Flow, flow } from "millrace";
${[...tasks, ...(inner ? [inner] : [])].map((each) => `import { ${each} } from "./${each.toLowerCase()}.js";\n`).join("")}
@flow()
export class ${name} extends Flow<number> {
  async run(): Promise<number> {
${said.length > 0 ? `    const said: ${unionOf(said)} | undefined = undefined;\n    void said;\n` : ""}    let sum = ${n};
${tasks.map((each) => `    sum += (await this.call(${each}, { from: sum })).a;\n`).join("")}${inner ? `    sum += await this.call(${inner});\n` : ""}    return sum;
  }
}
`;

const rule = (name: string, factor: number): string => `import type { Rule } from "./rule.js";
import { limited } from "./helper.js";

export class ${name} implements Rule {
  static label(): string {
    return "${name}";
  }
  label(): string {
    return ${name}.label();
  }
  apply(n: number): number {
    return limited(n * ${factor});
  }
}
`;

function unionOf(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(" | ");
}

interface TaskState {
  /** Extends the project's own base class. */
  readonly rooted: boolean;
  /** Has a method by the name of the base's. */
  readonly adjusts: boolean;
}

/** What the sources say. */
interface State {
  readonly n: number;
  readonly limit: number;
  readonly base: number;
  readonly optional: readonly string[];
  readonly helpers: readonly string[];
  /** A union that parameters have, in the order of its declaration. */
  readonly words: readonly string[];
  /** The same literals in the body of a flow: whoever asks the checker for these first has met them in another order. */
  readonly said: readonly string[];
  readonly tasks: Readonly<Record<string, TaskState>>;
  /** Implementations of the one interface, with a factor. */
  readonly rules: Readonly<Record<string, number>>;
  /** The one that tasks are given, through a re-export. */
  readonly current: string;
  readonly global: string;
  readonly alias: number | undefined;
  readonly strict: boolean;
  readonly broken: string | undefined;
}

const FIRST: State = {
  n: 0,
  limit: 100,
  base: 1,
  optional: [],
  helpers: [],
  words: ["now", "late", "ever"],
  said: [],
  tasks: {
    Able: { rooted: true, adjusts: false },
    Baker: { rooted: true, adjusts: true },
    Cast: { rooted: false, adjusts: false },
  },
  rules: { Double: 2, Triple: 3 },
  current: "Double",
  global: "string",
  alias: undefined,
  strict: true,
  broken: undefined,
};

function sourcesOf(state: State): ReadonlyMap<string, string> {
  const names = Object.keys(state.tasks);
  const files = new Map<string, string>([
    ["tsconfig.json", tsconfig(state.strict)],
    ["src/globals.d.ts", `interface Everywhere {\n  kind: ${state.global};\n}\n`],
    // Nobody imports it, but its names may be those of what others call.
    ["src/apart.ts", `export {};\n${state.helpers.map((name) => `export const ${name} = "${name}";\n`).join("")}`],
    ["src/parts/word.ts", `export type Word = ${unionOf(state.words)};\n`],
    ["src/parts/rule.ts", "export interface Rule {\n  apply(n: number): number;\n}\n"],
    [
      "src/parts/helper.ts",
      `const LIMIT = ${state.limit};\n\nexport const limited = (n: number): number => Math.min(n, JSON.parse("null")?.helper0?.() ?? LIMIT);\n`,
    ],
    [
      "src/parts/shape.ts",
      `export interface Shape {\n  a: number;\n${state.optional.map((name) => `  ${name}?: Everywhere;\n`).join("")}}\n`,
    ],
    [
      "src/parts/current.ts",
      `import { Chosen } from "./chosen.js";\nimport type { Rule } from "./rule.js";\n\nexport const current: Rule = new Chosen();\n`,
    ],
    ["src/parts/chosen.ts", `export { ${state.current} as Chosen } from "./${state.current.toLowerCase()}.js";\n`],
    ["src/parts/index.ts", `export { current } from "./current.js";\nexport type { Shape } from "./shape.js";\n`],
    [
      "src/base.ts",
      `import { Task } from "millrace";\nimport type { Shape } from "./parts/index.js";\n\nexport abstract class Base extends Task<Shape> {\n  adjust(n: number): number {\n    return n + ${state.base};\n  }\n}\n`,
    ],
    ["src/inner.ts", flow("Inner", names.slice(0, 1), 0)],
    [
      "src/all.ts",
      state.broken === undefined ? flow("All", names, state.n, "Inner", state.said) : `${state.broken}// ${state.n}\n`,
    ],
  ]);
  for (const [name, factor] of Object.entries(state.rules))
    files.set(`src/parts/${name.toLowerCase()}.ts`, rule(name, factor));
  for (const [name, own] of Object.entries(state.tasks)) files.set(`src/${name.toLowerCase()}.ts`, task(name, own));
  if (state.alias !== undefined) {
    // A module outside of what the configuration lists, that an import alone brings in.
    files.set("src/extra.ts", `export * from "../extra/more${state.alias}.js";\n`);
    files.set(`extra/more${state.alias}.ts`, `export const more = ${state.alias};\n`);
  }
  return files;
}

type Edit = (state: State, pick: <T>(from: readonly T[]) => T) => Partial<State>;

const EDITS: Readonly<Record<string, Edit>> = {
  flow: ({ n }) => ({ n: n + 1 }),
  constant: ({ limit }) => ({ limit: limit + 1 }),
  base: ({ base }) => ({ base: base + 1 }),
  shape: ({ optional, n }) => ({ optional: optional.length > 1 ? [] : [...optional, `more${n}`] }),
  helper: ({ helpers }) => ({ helpers: helpers.length > 1 ? [] : [...helpers, `helper${helpers.length}`] }),
  words: ({ words: [first = "now", ...rest] }) => ({ words: [...rest, first] }),
  say: ({ said, words }) => ({ said: said.length > 0 ? [] : [...words].reverse() }),
  body: ({ rules }, pick) => {
    const name = pick(Object.keys(rules));
    return { rules: { ...rules, [name]: (rules[name] ?? 0) + 1 } };
  },
  implement: ({ rules }) => ({ rules: { ...rules, [`Rule${Object.keys(rules).length}`]: 5 } }),
  forget: ({ rules, current }) => {
    const kept = Object.entries(rules).filter(([name]) => name === current);
    return { rules: { ...Object.fromEntries(kept), [`Rule${Object.keys(rules).length}`]: 7 } };
  },
  choose: ({ rules, current }, pick) => {
    const others = Object.keys(rules).filter((name) => name !== current);
    return others.length > 0 ? { current: pick(others) } : { rules: { ...rules, Other: 11 }, current: "Other" };
  },
  override: ({ tasks }, pick) => change(tasks, pick, ({ rooted, adjusts }) => ({ rooted, adjusts: !adjusts })),
  root: ({ tasks }, pick) => change(tasks, pick, ({ rooted, adjusts }) => ({ rooted: !rooted, adjusts })),
  add: ({ tasks }) => ({ tasks: { ...tasks, [`Added${Object.keys(tasks).length}`]: { rooted: true, adjusts: true } } }),
  rename: ({ tasks }, pick) => {
    const gone = pick(Object.keys(tasks));
    const renamed = Object.entries(tasks).map(([name, own]) => [name === gone ? `${name}Moved` : name, own]);
    return { tasks: Object.fromEntries(renamed) as State["tasks"] };
  },
  global: ({ global }) => ({ global: global === "string" ? "number" : "string" }),
  alias: ({ alias = 0 }) => ({ alias: alias + 1 }),
  config: ({ strict }) => ({ strict: !strict }),
  break: ({ broken = "" }, pick) => ({ broken: pick(["const broken = ;\n", flow("All", ["Nobody"], 1)]) + broken }),
};

function change(
  tasks: State["tasks"],
  pick: <T>(from: readonly T[]) => T,
  how: (own: TaskState) => TaskState,
): Partial<State> {
  const name = pick(Object.keys(tasks));
  const own = tasks[name];
  return { tasks: own ? { ...tasks, [name]: how(own) } : tasks };
}

/** A project that edits itself, always to something that was meant, or broken in a known way. Only files that change are written. */
class Edited {
  readonly project: TestProject;
  readonly #random: () => number;
  #state = FIRST;
  #open: readonly string[] = [];
  #written: ReadonlyMap<string, string> = new Map();

  constructor(project: TestProject, seed: number) {
    this.project = project;
    this.#random = randomFrom(seed);
    this.#write();
  }

  /** Makes one random edit and says which; while the sources are broken, now and then another one before they are mended. */
  edit(): string {
    for (;;) {
      const kind = this.#change();
      // A rule that is there already, an order that is the same: nothing to build.
      if (this.#write()) return kind;
    }
  }

  #change(): string {
    const mends = this.#state.broken !== undefined && this.#random() < 0.6;
    const kind = mends ? "mend" : this.#nextKind();
    const made = EDITS[kind]?.(this.#state, (from) => this.#pick(from)) ?? { broken: undefined };
    this.#state = { ...this.#state, ...made };
    return kind;
  }

  /** Each kind comes once before one comes again. */
  #nextKind(): string {
    if (this.#open.length === 0) this.#open = Object.keys(EDITS);
    const kind = this.#pick(this.#open);
    this.#open = this.#open.filter((each) => each !== kind);
    return kind;
  }

  #pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.#random() * from.length)] as T; // never empty
  }

  /** Writes what differs. Answers whether anything does. */
  #write(): boolean {
    const now = sourcesOf(this.#state);
    const gone = [...this.#written.keys()].filter((path) => !now.has(path));
    const written = [...now].filter(([path, text]) => this.#written.get(path) !== text);
    for (const path of gone) rmSync(this.project.path(path));
    for (const [path, text] of written) this.project.write(path, text);
    this.#written = now;
    return gone.length + written.length > 0;
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

test(
  `after each of ${COUNT} random edits a warm build is the cold one`,
  async () => {
    const project = await fixtureProject("none", {
      "package.json": '{ "name": "edited", "version": "1.0.0", "type": "module" }',
    });
    onTestFinished(() => project.remove());
    const edited = new Edited(project, SEED);
    const stop = new AbortController();
    const events = watchProject({ cwd: project.root, signal: stop.signal });
    onTestFinished(async () => {
      stop.abort();
      await events.return();
    });
    const made: string[] = [];
    for (let n = 0; n <= COUNT; n += 1) {
      if (n > 0) made.push(edited.edit());
      const good = outputsOf(project);
      const [cold, expected] = await coldOutputs(project);
      const result = await nextResult(events);
      expect(result.diagnostics, made.join(" ")).toEqual(cold.diagnostics);
      expect(outputsOf(project), made.join(" ")).toEqual(cold.manifest ? expected : good);
    }
    expect(new Set(made).size).toBeGreaterThan(3);
  },
  100_000 + COUNT * 60_000,
);

/** The next build. Edits are made while the watch rests, so that it sees each of them whole. */
async function nextResult(events: AsyncGenerator<WatchEvent, void, undefined>): Promise<CompileResult> {
  for await (const event of { [Symbol.asyncIterator]: () => ({ next: () => events.next() }) })
    if (event.type === "built") return event.result;
  throw new Error("the watch has ended");
}
