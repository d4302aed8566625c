// What the types of tasks cost a type check: 1,000 tasks and 5,000 calls of them, on three TypeScripts, in one run.
//
//   plain      the same classes and parameter objects, called through plain functions: the least that it could cost
//   unbuilt    the calls of flows, before the first build: parameters are a partial of the class's fields
//   built      the same, with the generated declarations
//
// Whole processes of `tsc --noEmit`, the cases in turn; medians of ROUNDS. Run with `npm run bench:types`.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";

const ROUNDS = 3;
const TASKS = 1_000;
const CALLS = 5_000;
const PER_FILE = 20;
const CASES = ["plain", "unbuilt", "built"];
const here = import.meta.dirname ?? resolve("test/bench/types");
const root = resolve(here, "../../..");
execFileSync(process.execPath, [join(root, ".ci/install-private.mjs"), "test/toolchains"], {
  cwd: root,
  stdio: "inherit",
});
const require = createRequire(join(root, "test/toolchains/package.json"));
const COMPILERS = ["typescript-5.9", "typescript-6", "typescript"].map((name) => ({
  version: require(`${name}/package.json`).version,
  tsc: join(require.resolve(`${name}/package.json`), "../bin/tsc"),
}));

const folder = mkdtempSync(join(tmpdir(), "millrace-types-"));
try {
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  for (const name of CASES) write(name);
  const begun = performance.now();
  const { diagnostics } = await compile({ cwd: join(folder, "built"), mode: "build" });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new Error(errors[0].message);
  console.log(
    `${TASKS} tasks, ${CALLS} calls; flow build (for the declarations): ${Math.round(performance.now() - begun)} ms`,
  );
  for (const compiler of COMPILERS) measure(compiler);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure({ version, tsc }) {
  const runs = new Map(CASES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) for (const name of CASES) runs.get(name).push(check(tsc, name));
  const median = (name, field) =>
    runs
      .get(name)
      .map((run) => run[field])
      .sort((a, b) => a - b)[ROUNDS >> 1];
  console.log(`\nTypeScript ${version}, medians of ${ROUNDS}`);
  for (const name of CASES) {
    const ratio = (field) => (median(name, field) / median("plain", field)).toFixed(2);
    console.log(
      `  ${name.padEnd(8)} ${median(name, "ms").toFixed(0).padStart(6)} ms  ${ratio("ms")} × plain` +
        `  ${median(name, "mib").toFixed(0).padStart(5)} MiB  ${ratio("mib")} × plain`,
    );
  }
}

function check(tsc, name) {
  const begun = performance.now();
  const text = execFileSync(process.execPath, [tsc, "-p", ".", "--extendedDiagnostics"], {
    cwd: join(folder, name),
    encoding: "utf8",
  });
  const [, used] = /Memory used:\s+(\d+)K/.exec(text) ?? [];
  return { ms: performance.now() - begun, mib: Number(used) / 1024 };
}

function write(name) {
  const at = (file, text) => {
    mkdirSync(join(folder, name, file, ".."), { recursive: true });
    writeFileSync(join(folder, name, file), text);
  };
  at("package.json", '{ "name": "bench-types", "version": "1.0.0", "private": true, "type": "module" }');
  const compilerOptions = {
    target: "es2022",
    lib: ["es2023"],
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
  };
  at("tsconfig.json", JSON.stringify({ compilerOptions, include: ["src", ".flow/types.d.ts"] }));
  for (let first = 0; first < TASKS; first += PER_FILE) at(`src/tasks/t${first}.ts`, tasks(name, first));
  const perFile = CALLS / (TASKS / PER_FILE);
  for (let first = 0; first < CALLS; first += perFile) at(`src/flows/f${first}.ts`, flow(name, first, perFile));
}

function range(first, count) {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** Five shapes of parameters, in turn. */
function fields(i) {
  return [
    ["city: string", "days?: number"],
    ["items: { id: string; tags: string[] }[]", 'mode?: "fast" | "slow"'],
    ["at: Date", "seen: Map<string, number>", "note: string | undefined"],
    ["options: Partial<Record<string, boolean>>", "path: readonly [number, number]"],
    ['shape: { kind: "circle"; radius: number } | { kind: "square"; side: number }', "scale?: number"],
  ][i % 5];
}

function given(i) {
  return [
    `{ city: "Oslo", days: ${i} }`,
    `{ items: [{ id: "${i}", tags: [] }] }`,
    `{ at: new Date(${i}), seen: new Map([["a", ${i}]]), note: undefined }`,
    `{ options: { a: true }, path: [${i}, 1] }`,
    `{ shape: { kind: "circle", radius: ${i} }, scale: 2 }`,
  ][i % 5];
}

function tasks(name, first) {
  const plain = name === "plain";
  const classes = range(first, PER_FILE).map((i) => {
    const members = fields(i)
      .map((field) => `  @param() ${field.includes("?:") ? field : field.replace(":", "!:")};\n`)
      .join("");
    const run = `  async run() { return { id: ${i}, at: new Date() }; }\n`;
    const shown = plain
      ? `export declare function call${i}(p: { ${fields(i).join("; ")} }): Promise<{ id: number; at: Date }>;\n`
      : "";
    return `@task()\nexport class T${i} extends Task<{ id: number; at: Date }> {\n${members}${run}}\n${shown}`;
  });
  return `import { param, Task, task } from "millrace";\n${classes.join("")}`;
}

function flow(name, first, count) {
  const plain = name === "plain";
  const indexes = range(first, count).map((i) => i % TASKS);
  const files = grouped([...new Set(indexes)]);
  const imports = [...files].map(
    ([file, list]) =>
      `import { ${list.map((i) => (plain ? `call${i}` : `T${i}`)).join(", ")} } from "../tasks/t${file}.js";\n`,
  );
  const calls = indexes.map((i, n) => {
    const call = plain ? `call${i}(${given(i)})` : `this.call(T${i}, ${given(i)})`;
    return `    const r${n} = await ${call};\n    sum += r${n}.id;\n`;
  });
  return `import { Flow, flow } from "millrace";\n${imports.join("")}@flow()\nexport class F${first} extends Flow<number> {\n  async run() {\n    let sum = 0;\n${calls.join("")}    return sum;\n  }\n}\n`;
}

function grouped(indexes) {
  const files = new Map();
  for (const i of indexes) files.set(i - (i % PER_FILE), [...(files.get(i - (i % PER_FILE)) ?? []), i]);
  return files;
}
