/** What the command line says to mistakes: code, culprit, remedy, exit code; and nothing on stdout but the document asked for. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorDocument } from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { helloProject, WITHOUT_COMPILER } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  const { code, stderr } = await project.flow("build");
  expect(stderr).toMatch(/built in .*: 3 flows, 3 tasks, build [0-9a-f]{8}/);
  expect(code).toBe(0);
});
afterAll(() => project.remove());

describe("mistakes in the command", () => {
  test.each([
    [["rnu"], /error\[usage\]: unknown command 'rnu'\n\(Did you mean run\?\)/],
    [["graph"], /error\[usage\]: missing required argument 'flow'/],
    [["runs", "--jsn"], /error\[usage\]: unknown option '--jsn'\n\(Did you mean --json\?\)/],
    [["resume", "--code", "old"], /It must be current or recorded/],
    [["run", "Hello", "--threads", "none"], /It must be a whole number from 1/],
    [["run"], /error\[usage\]: Which flow\?/],
    [["run", "Helo"], /error\[unknown-flow\]: There is no flow named "Helo"\.\n {2}hint: Did you mean "Hello"\?/],
    [["graph", "Helo"], /error\[unknown-flow\]/],
    [
      ["run", "Hello", "--names", "a", "--lowd"],
      /error\[unknown-flag\].*\n {2}--lowd is no parameter .* did you mean --loud\?/,
    ],
    [["run", "Hello", "--days", "x"], /--days: expected number, got "x"\n {2}--names is required: string\[\]/],
    [["run", "Hello", "--params", "none.json"], /error\[invalid-parameters\]: none\.json cannot be read/],
    [["run", "Hello", "--names", "a", "--mood", "sad"], /--mood: expected "merry" \| "grave", got "sad"/],
    [["run", "Hello", "--names", "a", "--version"], /--version is no parameter of this flow/],
    [["show", "none"], /error\[unknown-run\]: There is no run "none"/],
    [["logs", "none"], /error\[unknown-run\]/],
    [["resume"], /error\[unknown-run\]: There is no run to go on with/],
    [["runs", "--cwd", "none"], /error\[project-not-found\]: There is no folder .*none/],
  ])("flow %j", async (args, message) => {
    const { code, stdout, stderr } = await project.flow(...args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  test("with --json the error is a document, whoever found it", async () => {
    for (const [args, error] of [
      [["run", "Helo", "--json"], { code: "unknown-flow", data: { id: "Helo" } }],
      [
        ["run", "Hello", "--json"],
        { code: "invalid-parameters", data: { issues: [{ path: "names", problem: "missing" }] } },
      ],
      [["runs", "--json", "--jsn"], { code: "usage" }],
    ] as const) {
      const { code, stdout } = await project.flow(...args);
      expect(code).toBe(2);
      expect(JSON.parse(stdout) as ErrorDocument).toMatchObject({ error });
    }
  });

  test("the stack is shown on demand", async () => {
    const { stderr } = await project.flow("run", "Helo", "--debug");
    expect(stderr).toMatch(/\n\s+at .*findFlow/);
  });
});

test("without a run, show and logs are about the newest; before the first they say how to start one", async () => {
  await using fresh = await helloProject();
  for (const command of ["show", "logs"]) {
    const { code, stderr } = await fresh.flow(command);
    expect(stderr).toBe("error[unknown-run]: There is no run yet.\n  hint: Start one with `flow run <flow>`.\n");
    expect(code).toBe(2);
  }
});

describe("help", () => {
  test("of the command lists all commands on stdout", async () => {
    const { code, stdout, stderr } = await project.flow("--help");
    for (const name of ["build", "check", "run", "resume", "runs", "show", "logs", "graph"]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name}\\b`, "m"));
    }
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  test("of a flow shows its parameters with types, defaults and doc comments", async () => {
    const { code, stdout } = await project.flow("run", "Hello", "--help");
    expect(stdout).toContain("Greets everybody.");
    expect(stdout).toMatch(/--names <text> \.\.\. +Who is greeted\. \(string\[\], required\)/);
    expect(stdout).toMatch(/--days <number> +For how many days\. \(number, default 7\)/);
    expect(stdout).toMatch(/--\[no-\]loud +\(boolean, default false\)/);
    expect(stdout).toMatch(/--mood <value> +\("merry" \| "grave", optional\)/);
    expect(stdout).toContain("--max-concurrency <n>");
    expect(code).toBe(0);
  });

  test("without a command it is a usage error, on stderr", async () => {
    const { code, stdout, stderr } = await project.flow();
    expect(stderr).toMatch(/^Usage: flow <command>/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("damaged projects", () => {
  test("a corrupt manifest is built anew by run, and refused where nothing is built", async () => {
    await using copy = await project.copy();
    copy.write(".flow/manifest.json", '{"manifestVersion":');
    const refused = await copy.flow("resume", "x", "--code", "recorded");
    expect(refused.stderr).toMatch(/error\[manifest-unreadable\].*\n(.*\n)? {2}hint: Run `flow build`/);
    expect(refused.code).toBe(2);
    const { code, stderr } = await copy.flow("run", "Hello", "--names", "a");
    expect(stderr).toContain("Building, since the manifest cannot be read.");
    expect(code).toBe(0);
  });

  test("a file where the output folder should be", async () => {
    await using copy = await project.copy();
    await rm(copy.path(".flow"), { recursive: true });
    copy.write(".flow", "");
    for (const args of [["build"], ["run", "Hello"], ["runs"]]) {
      const { code, stderr } = await copy.flow(...args);
      expect(stderr).toMatch(/error\[state-dir-unusable\]: .*\.flow is a file/);
      expect(code).toBe(2);
    }
  });

  test("no project at all", async () => {
    const dir = await mkdtemp(join(tmpdir(), "millrace-none-"));
    const { code, stderr } = await project.flow("run", "Hello", "--cwd", dir);
    expect(stderr).toMatch(/error\[project-not-found\]: There is no package\.json/);
    expect(code).toBe(2);
    await rm(dir, { recursive: true });
  });

  test("errors in the sources: frames on stderr, exit code 3, nothing is run", async () => {
    await using copy = await project.copy();
    const source =
      'import { Flow, flow } from "millrace";\nimport { Greet } from "./tasks.js";\n\n@flow()\nexport class Bad extends Flow<string> {\n  run(): Promise<string> {\n    return this.call(Greet, {} as never as { nmae: string });\n  }\n}\n';
    await writeFile(
      copy.path("src/bad.ts"),
      `${source}@flow()\nclass Hidden extends Flow<void> { async run(): Promise<void> {} }\n`,
    );
    const checked = await copy.flow("check", "--json");
    expect(checked.code).toBe(3);
    const document: unknown = JSON.parse(checked.stdout);
    expect(document).toMatchObject({ ok: false, root: copy.root, changed: false, written: [] });
    expect(document).toHaveProperty("diagnostics.0.span.file", "src/bad.ts");
    const run = await copy.flow("run", "Hello", "--names", "a");
    expect(run.stderr).toMatch(/Building, since src\/bad\.ts is new/);
    expect(run.stderr).toMatch(/src\/bad\.ts:\d+:\d+ error/);
    expect(run.stderr).toMatch(/error\[build-failed\]: The build found \d+ errors?; nothing was run/);
    expect(run.stdout).toBe("");
    expect(run.code).toBe(3);
  });
});

describe("without the compiler", () => {
  test("a good build runs, a stale one is refused with a remedy", async () => {
    await using copy = await project.copy();
    const good = await copy.start(["run", "Hello", "--names", "a"], { env: WITHOUT_COMPILER }).done;
    expect(good.stderr).not.toContain("Building");
    expect(good.code).toBe(0);
    copy.write("src/new.ts", "export {};\n");
    const stale = await copy.start(["run", "Hello", "--names", "a"], { env: WITHOUT_COMPILER }).done;
    expect(stale.stderr).toMatch(
      /error\[compiler-missing\]: .*src\/new\.ts is new.*\n {2}hint: .*npm install --save-dev/,
    );
    expect(stale.code).toBe(2);
    const check = await copy.start(["check"], { env: WITHOUT_COMPILER }).done;
    expect(check.stderr).toMatch(/error\[compiler-missing\]/);
  });
});
