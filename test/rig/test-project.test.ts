/** Temporary projects: what they hold, what they never touch, and that they are gone afterwards. */
import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { createTestProject } from "@millrace/testing";
import { expect, test } from "vitest";

const FLOW = `
import { Flow, flow, param, Task, task } from "millrace";
@task()
export class Greet extends Task<string> {
  @param() name!: string;
  run(): string {
    return \`Hello, \${this.name}!\`;
  }
}
@flow()
export class Hello extends Flow<string> {
  async run(): Promise<string> {
    return this.call(Greet, { name: "Ann" });
  }
}
`;
const TSCONFIG = JSON.stringify({
  compilerOptions: { target: "es2022", module: "nodenext", strict: true, noEmit: true, types: ["node"] },
  include: ["src"],
});

test("builds and runs flows of inline files through the command of the linked packages", async () => {
  await using project = await createTestProject({ files: { "tsconfig.json": TSCONFIG, "src/hello.ts": FLOW } });
  const checked = await project.check();
  expect(checked.diagnostics).toEqual([]);
  expect(existsSync(project.path(".flow"))).toBe(false);
  const built = await project.build();
  expect(Object.keys(built.manifest?.flows ?? {})).toEqual(["Hello"]);

  const ran = await project.flow("run", "Hello", "--json", "--id", "one");
  expect(ran.json()).toMatchObject({ runId: "one", status: "succeeded", result: "Hello, Ann!" });
  expect(ran).toMatchObject({ code: 0, signal: null });

  await using copy = await project.copy();
  expect(copy.root).not.toBe(project.root);
  expect((await copy.flow("runs", "--json")).json()).toMatchObject([{ id: "one", state: "succeeded" }]);
});

test("is a real path, holds what was copied with files laid over it, and is gone afterwards", async () => {
  await using source = await createTestProject({
    nodeModules: false,
    files: { "a.txt": "a", "deep/b.txt": "b", ".flow/state.db": "old", "deep/node_modules/x/index.js": "x" },
  });
  const from = pathToFileURL(source.root);
  const project = await createTestProject({ from, nodeModules: false, files: { "a.txt": "over" } });
  const { root } = project;
  expect(root).toBe(realpathSync(root));
  expect([project.read("a.txt"), project.read("deep/b.txt")]).toEqual(["over", "b"]);
  for (const left of [".flow", "deep/node_modules", "node_modules"]) expect(existsSync(project.path(left))).toBe(false);
  await project.remove();
  expect(existsSync(root)).toBe(false);
});

test("links packages one by one: what a test adds is the project's own", async () => {
  await using installed = await createTestProject({
    nodeModules: false,
    files: {
      "node_modules/plain/package.json": "{}",
      "node_modules/@scope/one/package.json": "{}",
      "node_modules/.package-lock.json": "{}",
      "below/deeper/package.json": "{}",
    },
  });
  await using project = await createTestProject({ nodeModules: installed.path("below/deeper") });
  expect(project.read("node_modules/plain/package.json")).toBe("{}");
  expect(lstatSync(project.path("node_modules/@scope/one")).isSymbolicLink()).toBe(true);
  expect(existsSync(project.path("node_modules/.package-lock.json"))).toBe(false);
  project.write("node_modules/@scope/two/index.js", "export {};");
  expect(existsSync(installed.path("node_modules/@scope/two"))).toBe(false);
});

test("refuses to write outside itself, also through a linked package", async () => {
  await using installed = await createTestProject({
    nodeModules: false,
    files: { "node_modules/x/index.js": "theirs" },
  });
  await using project = await createTestProject({ nodeModules: installed.root });
  for (const path of ["../outside.txt", `../${basename(project.root)}-twin/file`, "node_modules/x/index.js"]) {
    expect(() => project.write(path, "mine"), path).toThrow(expect.objectContaining({ code: "test-project-misuse" }));
  }
  expect(installed.read("node_modules/x/index.js")).toBe("theirs");
  mkdirSync(project.path("real"));
  symlinkSync(project.path("real"), project.path("link"));
  project.write("link/file", "inside");
  expect(project.read("real/file")).toBe("inside");
});

test("says what is missing: packages, the command", async () => {
  await expect(createTestProject({ nodeModules: "/" })).rejects.toMatchObject({ code: "test-project-misuse" });
  await using project = await createTestProject({ nodeModules: false });
  expect(() => project.start(["runs"])).toThrow(
    expect.objectContaining({ code: "test-project-misuse", message: expect.stringContaining("has no command `flow`") }),
  );
});

test("runs Node in a folder of its own, with its environment, and kills what still runs when it goes", async () => {
  const project = await createTestProject({ nodeModules: false, env: { ONE: "1", TWO: "1" }, files: { "sub/x": "" } });
  const script = "console.log(JSON.stringify([process.cwd(), process.env.ONE, process.env.TWO]))";
  const ended = await project.node(["--eval", script], { cwd: "sub", env: { TWO: "2" } }).done;
  expect(ended.json()).toEqual([project.path("sub"), "1", "2"]);

  const living = project.node(["--eval", 'console.log("up"); setInterval(() => {}, 1_000)']);
  await living.line("up");
  await project.remove();
  expect(await living.done).toMatchObject({ code: null, signal: "SIGKILL" });
});

test("a deadline of the project holds for its commands", async () => {
  await using project = await createTestProject({ nodeModules: false, deadlineMs: 300 });
  await expect(project.node(["--eval", "setInterval(() => {}, 1_000)"]).done).rejects.toMatchObject({
    code: "command-overdue",
    data: { deadlineMs: 300 },
  });
  rmSync(project.root, { recursive: true });
});
