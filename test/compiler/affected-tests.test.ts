/** Which tests a change touches: edits of a project × the exact set of its tests. */
import { rmSync } from "node:fs";
import { type ChangedFile, findAffectedTests } from "@millrace/compiler";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

const FILES: Readonly<Record<string, string>> = {
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      module: "NodeNext",
      target: "ES2022",
      experimentalDecorators: true,
      skipLibCheck: true,
      types: ["node"],
      paths: { "#texts/*": ["./src/texts/*"] },
    },
    include: ["src"],
  }),
  "src/numbers.ts": `import settings from "./settings.json" with { type: "json" };
/** Twice. */
export function twice(n: number): number { return add(n, n); }
function add(a: number, b: number): number { return a + b; }
export const half = (n: number): number => n / 2;
export const limit = (): number => settings.limit;
export default class Counter { count = 0; }
`,
  "src/settings.json": '{ "limit": 3 }',
  "src/texts/words.ts": "export const word = 'one';\nexport const other = 'two';\n",
  "src/start.ts": "globalThis.started = true;\nexport const started = 1;\ndeclare global { var started: boolean; }\n",
  "src/index.ts":
    'export { twice as double } from "./numbers.js";\nexport * from "./texts/words.js";\nexport * as start from "./start.js";\n',
  "src/flow.ts": `import { Flow, flow, Task, task } from "millrace";
import { half } from "./numbers.js";
@task() export class Halve extends Task<number> { run() { return half(2); } }
@flow() export class Report extends Flow<number> { async run() { return this.call(Halve); } }
`,
  "test/double.test.ts": 'import { double } from "../src/index.js";\ndouble(1);\n',
  "test/half.test.ts": 'import { half } from "../src/numbers.js";\nhalf(1);\n',
  "test/limit.spec.ts": 'import * as numbers from "../src/numbers.js";\nnumbers.limit();\n',
  "test/counter.test.ts": 'import Counter from "../src/numbers.js";\nnew Counter();\n',
  "test/word.test.ts": 'import { word } from "#texts/words.js";\nword;\n',
  "test/later.test.ts": 'const { other } = await import("../src/texts/words.js");\nother;\n',
  "test/start.test.ts": 'import "../src/start.js";\n',
  "test/flow.test.ts": 'import { Report } from "../src/flow.js";\nReport;\n',
  "test/built.test.ts": 'import { run } from "./helper.js";\nrun("Report");\n',
  "test/helper.ts": "export const run = (id: string): string => id;\nexport const stop = 1;\n",
  "src/none.test.ts": "// Imports nothing.\n",
};
const ALL = Object.keys(FILES)
  .filter((path) => /\.(test|spec)\.ts$/.test(path))
  .sort();

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject({ files: FILES });
});
afterEach(() => project.remove());

interface Row {
  readonly edit: string;
  /** File → new text, or a replacement in it; undefined removes it. */
  readonly files: Readonly<Record<string, string | readonly [string, string] | undefined>>;
  readonly ids?: readonly string[];
  readonly symbols?: readonly string[];
  readonly tests: readonly string[];
}

const NUMBERS = ["test/half.test.ts", "test/limit.spec.ts"];
const ROWS: readonly Row[] = [
  { edit: "nothing", files: {}, tests: [] },
  { edit: "a function", files: { "src/numbers.ts": ["n / 2", "n * 0.5"] }, tests: ["test/flow.test.ts", ...NUMBERS] },
  {
    edit: "a private function, under another name",
    files: { "src/numbers.ts": ["a + b", "b + a"] },
    tests: ["test/double.test.ts", "test/limit.spec.ts"],
  },
  {
    edit: "a default export",
    files: { "src/numbers.ts": ["count = 0", "count = 1"] },
    tests: ["test/counter.test.ts", "test/limit.spec.ts"],
  },
  { edit: "a comment", files: { "src/numbers.ts": ["/** Twice. */", "/** Two times. */"] }, tests: [] },
  { edit: "blanks", files: { "src/numbers.ts": ["{ return a + b; }", "{\n  return a + b;\n}"] }, tests: [] },
  {
    edit: "a new function",
    files: { "src/numbers.ts": ["export default", "export const third = 3;\nexport default"] },
    tests: ["test/limit.spec.ts"],
  },
  { edit: "JSON", files: { "src/settings.json": '{ "limit": 4 }' }, tests: ["test/limit.spec.ts"] },
  {
    edit: "a word, by alias",
    files: { "src/texts/words.ts": ["'one'", "'uno'"] },
    tests: ["test/later.test.ts", "test/word.test.ts"],
  },
  {
    edit: "statements that run on loading",
    files: { "src/start.ts": ["started = true;", "started = false;"] },
    tests: ["test/double.test.ts", "test/start.test.ts"],
  },
  { edit: "a constant beside them", files: { "src/start.ts": ["started = 1", "started = 2"] }, tests: [] },
  {
    edit: "a flow",
    files: { "src/flow.ts": ["return this.call(Halve)", "return (await this.call(Halve)) + 1"] },
    ids: ["Report"],
    tests: ["test/built.test.ts", "test/flow.test.ts"],
  },
  { edit: "a flow that no test names", files: {}, ids: ["Other"], tests: [] },
  { edit: "a symbol of a build", files: {}, symbols: ["src/flow.ts#Halve.run"], tests: ["test/flow.test.ts"] },
  { edit: "a test", files: { "test/word.test.ts": ["word;", "word.length;"] }, tests: ["test/word.test.ts"] },
  { edit: "a comment of a test", files: { "test/word.test.ts": ["word;", "word; // here"] }, tests: [] },
  { edit: "a helper of tests", files: { "test/helper.ts": ["=> id", "=> id.trim()"] }, tests: ["test/built.test.ts"] },
  { edit: "another part of it", files: { "test/helper.ts": ["stop = 1", "stop = 2"] }, tests: [] },
  { edit: "a new test", files: { "test/new.test.ts": "new Date();\n" }, tests: ["test/new.test.ts"] },
  {
    edit: "an import that leads elsewhere",
    files: { "src/flow.ts": ["{ half }", "{ twice as half }"] },
    tests: ["test/flow.test.ts"],
  },
  {
    edit: "a re-export that leads elsewhere",
    files: { "src/index.ts": ["twice as double", "half as double"] },
    tests: ["test/double.test.ts"],
  },
  {
    edit: "an import for what it runs",
    files: { "src/texts/words.ts": ["export const word", 'import "../start.js";\nexport const word'] },
    tests: ["test/double.test.ts", "test/later.test.ts", "test/word.test.ts"],
  },
  {
    edit: "a file that is gone",
    files: { "src/start.ts": undefined },
    tests: ["test/double.test.ts", "test/start.test.ts"],
  },
  { edit: "a file that nobody imports", files: { "README.md": "Hello" }, tests: [] },
  { edit: "the project's configuration", files: { "tsconfig.json": ["ES2022", "ES2023"] }, tests: ALL },
  { edit: "a lockfile", files: { "package-lock.json": "{}" }, tests: ALL },
  { edit: "the runner's configuration", files: { "vitest.config.ts": "export default {};" }, tests: ALL },
];

test.each(ROWS)("$edit", async ({ files, ids = [], symbols = [], tests }) => {
  const changed = Object.entries(files).map(([path, change]): ChangedFile => {
    const before = FILES[path];
    if (change === undefined) rmSync(project.path(path));
    else if (typeof change === "string") project.write(path, change);
    else {
      expect(before).toContain(change[0]);
      project.write(path, (before ?? "").replace(...change));
    }
    return { path, before };
  });
  expect(await findAffectedTests({ cwd: project.root, changed, symbols, ids })).toEqual([...tests].sort());
});
