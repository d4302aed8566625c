/**
 * A production install: packed packages without development dependencies, a build that was made elsewhere. It carries no
 * compiler, runs, survives SIGKILL in the middle and resumes, through the engine and through the command line.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compile } from "@millrace/compiler";
import type { Environment, FinishedCommand } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEADLINE_MS, run, start } from "./command.js";
import { packPackages } from "./packed-packages.js";
import { openWeatherService } from "./weather-service.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const FLOWS = join(REPOSITORY, "test/consumers/project/flows");
/** The command, as it lies in a project. */
const FLOW = "node_modules/millrace/bin/flow.js";
/** What belongs to development alone. */
const UNWANTED = [
  "@millrace/compiler",
  "ts-morph",
  "@ts-morph/common",
  "typescript",
  "esbuild",
  "vitest",
  "vite",
  "tsx",
];

let root: string;
let app: string;
/** Installs the packed packages, as npm does for production. */
let install: (folder: string, ...flags: readonly string[]) => Promise<void>;

beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "production-")));
  const elsewhere = join(root, "elsewhere");
  await cp(join(import.meta.dirname, "project"), elsewhere, { recursive: true });
  await cp(FLOWS, join(elsewhere, "flows"), { recursive: true });
  await writeFile(
    join(elsewhere, "tsconfig.json"),
    '{ "compilerOptions": { "target": "es2022", "module": "nodenext" } }',
  );
  await symlink(join(REPOSITORY, "node_modules"), join(elsewhere, "node_modules"), "junction");
  const { manifest, diagnostics } = await compile({ cwd: elsewhere, mode: "build" });
  expect(manifest, diagnostics.map(({ message }) => message).join("\n")).toBeDefined();

  app = await deploy("app");
  const packed = await packPackages(join(root, "packs"));
  const tarballs = packed.filter(({ name }) => name !== "create-flow" && name !== "@millrace/compiler");
  install = async (folder, ...flags) => {
    const args = ["install", "--omit=dev", "--no-audit", "--prefer-offline", ...flags];
    const installed = await run(folder, "npm", [...args, ...tarballs.map(({ tarball }) => tarball)]);
    expect(installed.code, installed.stderr).toBe(0);
  };
  await install(app);
}, DEADLINE_MS);

afterAll(() => rm(root, { recursive: true, force: true }));

it("carries no compiler, no bundler and no test runner", async () => {
  const modules = join(app, "node_modules");
  const lock = JSON.parse(await readFile(join(modules, ".package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, unknown>>;
  };
  const paths = Object.keys(lock.packages);
  const names = paths.map((path) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
  expect(names).toContain("millrace");
  expect(names.filter((name) => UNWANTED.includes(name) || name.startsWith("@esbuild/"))).toEqual([]);
  const sizes = await Promise.all(
    paths.map(async (path, i) => ({ name: names[i], bytes: await bytesOf(join(app, path)) })),
  );
  const largest = sizes.sort((a, b) => b.bytes - a.bytes).slice(0, 6);
  console.log(
    `production install: ${names.length} packages, ${megabytes(await bytesOf(modules))}; largest: ${largest.map(({ name, bytes }) => `${name} ${megabytes(bytes)}`).join(", ")}`,
  );
});

describe("a run that is killed in the middle", () => {
  it("resumes through the engine", async () => {
    await using weather = await openWeatherService();
    weather.hold("Bergen");
    const env = { WEATHER_URL: weather.url };
    await using first = start({ cwd: app, command: process.execPath, args: ["report.mjs", "r1", "Oslo,Bergen"], env });
    // Printed after the commit.
    await first.line(/FetchForecast\S* succeeded/);
    await weather.askedFor("Bergen");
    first.kill("SIGKILL");
    expect(await first.done).toMatchObject({ signal: "SIGKILL" });

    weather.release("Bergen");
    const second = await run(app, process.execPath, ["report.mjs", "r1"], env);
    expect(second.stdout, second.stderr).toMatch(/^Oslo 4°, Bergen 6° .*"restored":1/m);
    expect(weather.asked.toSorted()).toEqual(["Bergen", "Bergen", "Oslo"]);
  });

  it("resumes through the command line", async () => {
    await using weather = await openWeatherService();
    weather.hold("Bergen");
    const env = { WEATHER_URL: weather.url };
    const args = ["run", "CityReport", "--id", "r2", "--cities", "Oslo", "--cities", "Bergen"];
    await using first = start({ cwd: app, command: process.execPath, args: [FLOW, ...args], env });
    await first.line(/FetchForecast\[0\] done/);
    await weather.askedFor("Bergen");
    first.kill("SIGKILL");
    expect(await first.done).toMatchObject({ signal: "SIGKILL" });

    weather.release("Bergen");
    const second = await flow(["resume", "r2", "--json"], env);
    expect(second.code, second.stderr).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({
      runId: "r2",
      status: "succeeded",
      result: "Oslo 4°, Bergen 6°",
      steps: { restored: 1 },
    });
    expect(weather.asked.toSorted()).toEqual(["Bergen", "Bergen", "Oslo"]);
  });
});

it("cannot build, and says what to do", async () => {
  const { code, stderr } = await flow(["build"]);
  expect(stderr).toMatch(/error\[compiler-missing\].*\n.*npm install --save-dev @millrace\/compiler.*\.flow folder/);
  expect(code).toBe(2);
});

it("has no nodemailer: who wants mails hears what to install when the engine opens, and runs do without", async () => {
  await writeFile(
    join(app, "mails.mjs"),
    `import { emailObserver, openEngine } from "millrace/engine";
const observers = [emailObserver({ transport: "smtp://localhost", from: "a@b.test", to: "c@d.test", on: ["failure"] })];
const engine = await openEngine({ observers });
console.log(JSON.stringify(await engine.start("CityReport", { cities: [] }).result()));
await engine.close();`,
  );
  const { stdout, stderr } = await run(app, process.execPath, ["mails.mjs"]);
  expect(stdout).toBe('""\n');
  expect(stderr).toContain('the observer "email" failed and is switched off');
  expect(stderr).toContain("Mails need the package nodemailer: `npm install nodemailer`.");
});

it("leaves the SQLite library out on request: Node 22 has its own, Node 20 says what is missing", async () => {
  const lean = await deploy("lean");
  await install(lean, "--omit=optional");
  console.log(`production install without optional packages: ${megabytes(await bytesOf(join(lean, "node_modules")))}`);
  await using weather = await openWeatherService();
  const { stdout, stderr } = await run(lean, process.execPath, ["report.mjs", "r1", "Oslo"], {
    WEATHER_URL: weather.url,
  });
  if (process.versions.node.startsWith("20.")) expect(stderr).toMatch(/store-unusable[\s\S]*npm install libsql/);
  else expect(stdout, stderr).toMatch(/^Oslo 4° /m);
});

it("is there for require() as well, without a warning, and as one copy", async () => {
  await writeFile(
    join(app, "required.cjs"),
    `const { openEngine } = require("millrace/engine");
const { Task } = require("millrace");
require("millrace/testing");
openEngine().then(async (engine) => {
  console.log(await engine.start("CityReport", { cities: [] }).result() === "", Task === (await import("millrace")).Task);
  await engine.close();
});`,
  );
  expect(await run(app, process.execPath, ["required.cjs"])).toMatchObject({
    code: 0,
    stdout: "true true\n",
    stderr: "",
  });
});

/** A copy of the app as it is deployed: no sources, no tsconfig.json, of `.flow` only what docs/deploying.md names. */
async function deploy(name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  for (const part of ["package.json", "report.mjs", ".flow/manifest.json", ".flow/build"]) {
    await cp(join(root, "elsewhere", part), join(folder, part), { recursive: true });
  }
  return folder;
}

function flow(args: readonly string[], env: Environment = {}): Promise<FinishedCommand> {
  return run(app, process.execPath, [FLOW, ...args], env);
}

/** Bytes of the files in a folder. */
async function bytesOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(file.parentPath, file.name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
