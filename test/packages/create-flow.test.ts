/**
 * The scaffolder as people get it: packed, run in an empty folder, its projects installed from the packed packages, started,
 * tested and type-checked. What it refuses is refused before anything is written.
 */
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { FinishedCommand } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DEADLINE_MS, run } from "./command.js";
import { packPackages } from "./packed-packages.js";

const REPOSITORY = resolve(import.meta.dirname, "../..");
const { version: VERSION } = JSON.parse(
  readFileSync(join(REPOSITORY, "packages/create-flow/package.json"), "utf8"),
) as { readonly version: string };
/** After the install nothing is fetched, nor asked for. */
const OFFLINE = {
  npm_config_offline: "true",
  NODE_OPTIONS: `--import=${new URL("offline.mjs", import.meta.url).href}`,
};
const TEMPLATES = ["functions", "starter", "tc39"];

let root: string;
let packs: string;
/** The packed scaffolder, unpacked by npm as `npm create` does. */
let createFlow: string;
/** A new folder for each test. */
let folder: string;

beforeAll(async () => {
  // The real path, since messages name real paths.
  root = await realpath(await mkdtemp(join(tmpdir(), "create-flow-")));
  packs = join(root, "packs");
  await packPackages(packs);
  const tool = join(root, "tool");
  await mkdir(tool);
  const installed = await run(tool, "npm", [
    "install",
    "--no-audit",
    "--prefix",
    tool,
    join(packs, `create-flow-${VERSION}.tgz`),
  ]);
  expect(installed.code, installed.stderr).toBe(0);
  createFlow = join(tool, "node_modules/create-flow/bin/create-flow.js");
}, DEADLINE_MS);

beforeEach(async () => {
  folder = await mkdtemp(join(root, "empty-"));
});

afterAll(() => rm(root, { recursive: true, force: true }));

describe.each(TEMPLATES)("a project from the template %s", (template) => {
  it(
    "installs, starts, passes its test and type-checks",
    async () => {
      const made = await scaffold(["my-app", "--template", template, "--from", packs]);
      expect(made.code, made.stderr).toBe(0);
      expect(made.stdout).toMatch(/^Made my-app from the template \w+\.\n/);
      expect(made.stdout).toMatch(/Next:\n {2}cd my-app\n {2}npm start .*\n {2}npm test /);
      const project = join(folder, "my-app");
      expect(existsSync(join(project, ".git"))).toBe(true);

      const started = await run(project, "npm", ["start"], OFFLINE);
      expect(started.code, started.stderr).toBe(0);
      expect(started.stderr).toMatch(/built in .*: 1 flow, 2 tasks/);
      expect(started.stdout).toMatch(/WordReport started as \S+\nmap: 3 items\n(?:CountWords succeeded in .* ms\n){3}/);
      expect(started.stdout).toMatch(/WriteSummary succeeded in .* ms\nWordReport succeeded, 4 steps\n/);
      const words = [...started.stdout.matchAll(/^(\S+): (\d+) words/gm)].map(([, file, count]) => ({
        file,
        count: Number(count),
      }));
      expect(words).toEqual(
        await Promise.all(
          ["README.md", "package.json", "tsconfig.json"].map(async (file) => {
            const text = await readFile(join(project, file), "utf8");
            return { file, count: text.split(/\P{Letter}+/u).filter(Boolean).length };
          }),
        ),
      );

      const tested = await run(project, "npm", ["test"], OFFLINE);
      expect(tested.code, tested.stdout + tested.stderr).toBe(0);
      expect(tested.stdout).toMatch(/Tests +6 passed/);

      const drawn = await run(project, "npx", ["flow", "graph", "WordReport"]);
      expect(drawn.stdout).toMatch(/CountWords[\s\S]*WriteSummary/);

      for (const tsc of ["node_modules/typescript/bin/tsc", join(REPOSITORY, "node_modules/typescript/bin/tsc")]) {
        expect(await run(project, process.execPath, [tsc, "--noEmit"])).toMatchObject({ code: 0, stdout: "" });
      }
      // The check can fail: a parameter of a wrong type is found, through the generated declarations.
      const main = join(project, "src/main.ts");
      await writeFile(main, (await readFile(main, "utf8")).replace(/files: \[.*\]/, "files: 3"));
      const { code, stdout } = await run(project, process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit"]);
      expect(stdout).toMatch(/main\.ts.*TS2769|main\.ts.*TS2322/);
      expect(code).not.toBe(0);
    },
    DEADLINE_MS,
  );
});

describe("without an install", () => {
  it("writes the template, the name, and exact versions of its own", async () => {
    const made = await scaffold(["apps/word-count", "--no-install", "--no-git"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).toMatch(/Next:\n {2}cd apps\/word-count\n {2}npm install\n/);
    const project = join(folder, "apps/word-count");
    expect((await readdir(project)).sort()).toEqual([
      ".editorconfig",
      ".gitattributes",
      ".gitignore",
      ".vscode",
      "README.md",
      "package.json",
      "src",
      "test",
      "tsconfig.json",
      "vitest.config.ts",
    ]);
    expect(JSON.parse(await readFile(join(project, "package.json"), "utf8"))).toMatchObject({
      name: "word-count",
      dependencies: { millrace: VERSION },
      devDependencies: { "@millrace/compiler": VERSION },
    });
    expect(await readFile(join(project, "README.md"), "utf8")).toMatch(/^# word-count\n/);
  });

  it("asks nothing without a terminal, and takes defaults", async () => {
    expect(await scaffold(["--no-install", "--no-git"])).toMatchObject({ code: 0, stderr: "" });
    expect(await readdir(folder)).toEqual(["my-flows"]);
  });

  it("fills the current folder, and one that holds a repository alone", async () => {
    const here = join(folder, "here");
    await mkdir(join(here, ".git"), { recursive: true });
    const made = await run(here, process.execPath, [createFlow, ".", "--no-install", "--no-git"]);
    expect(made).toMatchObject({ code: 0, stderr: "" });
    expect(made.stdout).not.toMatch(/ cd /);
    expect(JSON.parse(await readFile(join(here, "package.json"), "utf8"))).toMatchObject({ name: "here" });
  });

  it("lists the templates that there are, and says its version", async () => {
    const { code, stdout } = await scaffold(["--help"]);
    expect(code).toBe(0);
    const [, listed = ""] = stdout.split("Templates:\n");
    expect([...listed.matchAll(/^ {2}(\w+) {2}.+$/gm)].map(([, name]) => name)).toEqual([
      "starter",
      "functions",
      "tc39",
    ]);
    expect(await scaffold(["--version"])).toMatchObject({ code: 0, stdout: `${VERSION}\n` });
  });

  it("has templates that differ in their form alone", async () => {
    const read = async (template: string): Promise<Record<string, string>> => {
      const place = join(REPOSITORY, "templates", template);
      const files = (await readdir(place, { recursive: true })).filter((path) => /^(?:src|test)\b.*\.ts$/.test(path));
      return Object.fromEntries(
        await Promise.all(files.map(async (path) => [path, await readFile(join(place, path), "utf8")] as const)),
      );
    };
    expect((await readdir(join(REPOSITORY, "templates"))).sort()).toEqual(TEMPLATES);
    const starter = await read("starter");
    expect(await read("tc39")).toEqual(starter);
    // Functions are written otherwise, in the same files.
    expect(Object.keys(await read("functions")).sort()).toEqual(Object.keys(starter).sort());
  });
});

describe("refuses, and leaves nothing behind:", () => {
  it.each([
    [["My App"], /error\[bad-name\]: "My App" .*capital letters\.\n {2}hint: Name the folder "my-app"\./],
    [["node_modules"], /error\[bad-name\]: "node_modules" .*reserved/],
    [
      ["app", "--template", "fuctions"],
      /error\[unknown-template\]: .*"fuctions"\.\n {2}hint: Did you mean "functions"\?/,
    ],
    [["app", "--template", "next"], /error\[unknown-template\]: .*\n {2}hint: There are: starter, functions, tc39\./],
    [["app", "--from", "."], /error\[packages-missing\]: .* no tarball of millrace and @millrace\/compiler \d/],
    [["app", "--from", "none"], /error\[packages-missing\]: .*none is no folder/],
    [["app", "--form", "."], /error\[usage\]: Unknown option '--form'/],
    [["app", "tc39"], /error\[usage\]: One folder is made at a time, not 2: app, tc39\.\n.*-- --template tc39/],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await scaffold(args);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(2);
    expect(stdout).toBe("");
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual([]);
  });

  it("a folder that is not empty", async () => {
    await mkdir(join(folder, "app"));
    await writeFile(join(folder, "app/mine.txt"), "mine");
    const { code, stderr } = await scaffold(["app"]);
    expect(stderr).toMatch(/error\[folder-not-empty\]: .*app is not empty: it holds mine\.txt\.\n/);
    expect(code).toBe(2);
    expect(await readdir(join(folder, "app"))).toEqual(["mine.txt"]);
  });

  it("a path that leads through a file", async () => {
    await writeFile(join(folder, "file"), "mine");
    const { code, stderr } = await scaffold(["file/app"]);
    expect(stderr).toMatch(/error\[folder-unusable\]: .*ENOTDIR/);
    expect(code).toBe(2);
    expect(await readdir(folder)).toEqual(["file"]);
  });
});

it("keeps a complete project when the install fails, and says so", async () => {
  const broken = join(folder, "packs");
  await mkdir(broken);
  for (const name of ["millrace", "millrace-compiler"])
    await writeFile(join(broken, `${name}-${VERSION}.tgz`), "no tarball");
  const { code, stdout, stderr } = await scaffold(["app", "--from", "packs", "--no-git"]);
  expect(stderr).toMatch(/`npm install` failed/);
  expect(stdout).toMatch(/cd app\n {2}npm install\n/);
  expect(code).toBe(1);
  expect(await readdir(join(folder, "app"))).toContain("package.json");
});

function scaffold(args: readonly string[]): Promise<FinishedCommand> {
  return run(folder, process.execPath, [createFlow, ...args]);
}
