/** Runs through the command line: results, exit codes, resume, signals, and the documents of --json. */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import type {
  BuildDocument,
  FlowGraph,
  LogLine,
  RunDocument,
  RunListDocument,
  RunView,
  Successors,
} from "@millrace/core";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
let built: BuildDocument;
beforeAll(async () => {
  project = await helloProject();
  const { stdout } = await project.flow("build", "--json");
  built = JSON.parse(stdout) as BuildDocument;
});
afterAll(() => project.remove());

/** Control characters other than line ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f]/;

test("flow build --json says what was built; the next build is unchanged", async () => {
  expect(built).toMatchObject({
    ok: true,
    root: project.root,
    flows: ["Fragile", "Hello", "Patient"],
    tasks: ["Greet", "NeedFile", "WaitForFile"],
    counts: { errors: 0 },
  });
  expect(built.written).toContain(".flow/manifest.json");
  const again = await project.flow("build");
  expect(again.stderr).toMatch(/unchanged in /);
  expect(again.code).toBe(0);
});

describe("a run that succeeds", () => {
  test("prints its result on stdout, everything else on stderr, without control characters in a pipe", async () => {
    const { code, stdout, stderr } = await project.flow("run", "Hello", "--names", "Ann", "--names=Bo", "--loud");
    expect(JSON.parse(stdout)).toEqual({ greetings: ["HELLO, ANN!", "HELLO, BO!"], days: 7 });
    expect(stderr).toMatch(/info {2}Hello started as run \S+ \(build [0-9a-f]{8}\)/);
    expect(stderr).toMatch(/info {2}Greet\[0\] greeting Ann/);
    expect(stderr).toMatch(/info {2}Hello succeeded in .* \(2 steps\)/);
    expect(stdout + stderr).not.toMatch(CONTROL);
    expect(code).toBe(0);
  });

  test("--json prints the document, show, runs and logs agree with it", async () => {
    const { code, stdout } = await project.flow("run", "Hello", "--json", "--id", "doc", "--names", "Ann", "--days=3");
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as RunDocument;
    expect(document).toEqual({
      runId: "doc",
      status: "succeeded",
      result: { greetings: ["Hello, Ann!"], days: 3 },
      steps: { total: 1, succeeded: 1, failed: 0, skipped: 0, aborted: 0, restored: 0, cached: 0 },
      durationMs: expect.any(Number),
    });

    const shown = await project.flow("show", "doc", "--json");
    const view = shown.json<RunView>();
    // Printed a step at a time, it reads as if it had been printed at once.
    expect(shown.stdout).toBe(`${JSON.stringify(view, null, 2)}\n`);
    expect(view.run).toMatchObject({
      id: "doc",
      flow: "Hello",
      build: built.build,
      state: "succeeded",
      params: { names: ["Ann"], days: 3 },
      result: document.result,
      totals: document.steps,
    });
    expect(view.steps).toMatchObject([
      { task: "Greet", state: "succeeded", source: "ran", attempts: 1, params: { name: "Ann", loud: false } },
    ]);

    const list = (await project.flow("runs", "--json", "--flow", "Hello")).json<RunListDocument>();
    expect(list.find((run) => run.id === "doc")).toMatchObject({ flow: "Hello", state: "succeeded" });

    const printed = await project.flow("logs", "doc", "--json");
    const lines = printed.json<LogLine[]>();
    expect(printed.stdout).toBe(`${JSON.stringify(lines, null, 2)}\n`);
    expect(lines.map((line) => line.event ?? line.text)).toEqual(["run-started", "greeting Ann", "run-ended"]);
    for (const name of ["Greet", "Greet[0]", view.steps[0]?.key ?? ""]) {
      const { stdout: text } = await project.flow("logs", "doc", name);
      expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}Greet\[0\] greeting Ann\n$/);
    }
    expect((await project.flow("logs", "--json")).json<LogLine[]>()).toEqual(lines);
    const table = (await project.flow("show")).stdout;
    expect(table).toMatch(/^Hello doc {2}succeeded\n/);
    expect(table).toMatch(/\nGreet\[0\] +succeeded +1 +\S+ \S+\n/);
  });

  test("an id is taken once", async () => {
    expect((await project.flow("run", "Hello", "--id", "once", "--names", "a")).code).toBe(0);
    const { code, stdout, stderr } = await project.flow("run", "Hello", "--id", "once", "--names", "a");
    expect(stderr).toMatch(/error\[run-exists\]: .*"once"/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("parameters from a file, with flags above them", async () => {
    project.write("params.json", '{ "names": ["File"], "days": 1 }');
    const { stdout } = await project.flow("run", "Hello", "--params", project.path("params.json"), "--days", "2");
    expect(JSON.parse(stdout)).toEqual({ greetings: ["Hello, File!"], days: 2 });
  });
});

describe("a run that fails", () => {
  test("exit code 1, the author's frame, and how to go on; then it goes on from its record", async () => {
    const file = project.path("needed");
    const failed = await project.flow("run", "Fragile", "--file", file, "--id", "frag");
    expect(failed.stderr).toMatch(/warn {2}NeedFile attempt 1 of 2 failed: RangeError: .*needed is missing/);
    expect(failed.stderr).toMatch(/error Fragile failed in .* \(2 steps: 1 failed\): RangeError/);
    expect(failed.stderr).toMatch(/at .*src\/tasks\.ts:23:/);
    expect(failed.stderr).toMatch(/flow resume frag\n$/);
    expect(failed.stdout).toBe("");
    expect(failed.code).toBe(1);
    const logs = (await project.flow("logs", "frag", "NeedFile")).stdout;
    expect(logs).toMatch(/at .*src\/tasks\.ts:23:/);
    expect(logs).not.toMatch(/node:|startAttempt/);
    expect((await project.flow("logs", "frag", "NeedFile", "--debug")).stdout).toContain("startAttempt");

    const again = await project.flow("resume", "frag", "--json");
    expect(again.code).toBe(1);
    expect(JSON.parse(again.stdout)).toMatchObject({
      runId: "frag",
      status: "failed",
      result: null,
      steps: { total: 2, succeeded: 1, failed: 1, restored: 1 },
      error: { name: "RangeError" },
    });

    await writeFile(file, "");
    const { code, stdout, stderr } = await project.flow("run", "Fragile", "--resume", "--file", file);
    expect(stderr).toContain("Going on with run frag, with the parameters it was started with.");
    expect(stdout).toBe("Hello, first! found\n");
    expect(code).toBe(0);
    const view = (await project.flow("show", "frag", "--json")).json<RunView>();
    expect(view.steps.map((s) => [s.task, s.state, s.source])).toEqual([
      ["Greet", "succeeded", "restored"],
      ["NeedFile", "succeeded", "ran"],
    ]);
    expect(view.run.resumes).toBe(2);

    const over = await project.flow("resume", "frag");
    expect(over.stderr).toMatch(/error\[run-not-resumable\]/);
    expect(over.code).toBe(2);
  });

  test("--resume without anything unfinished starts anew and says so", async () => {
    const { code, stderr } = await project.flow("run", "Hello", "--resume", "--names", "a");
    expect(stderr).toContain("No run of Hello is unfinished: starting a new one.");
    expect(code).toBe(0);
  });
});

describe("signals", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("%s suspends the run, with exit code %d, and resume goes on", async (signal, expected) => {
    const file = project.path(`go-${signal}`);
    const running = project.start(["run", "Patient", "--file", file, "--id", signal]);
    await running.line("waiting for the file");
    running.kill(signal);
    const { code, stdout, stderr } = await running.done;
    expect(stderr).toContain(`${signal}: stopping.`);
    expect(stderr).toMatch(new RegExp(`Go on with: flow resume ${signal}\\n$`));
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });

    await writeFile(file, "");
    const resumed = await project.flow("resume");
    expect(resumed.stderr).toContain(`Going on with run ${signal}.`);
    expect(resumed.stderr).toMatch(/2 steps: 1 restored/);
    expect(resumed).toMatchObject({ code: 0, stdout: "Hello, first! found\n" });
  });
});

test("a second signal ends the process at once; the lost run is listed as such and goes on", async () => {
  const file = project.path("go-twice");
  const running = project.start(["run", "Patient", "--file", file, "--stubborn", "--id", "twice"]);
  await running.line("waiting for the file");
  running.kill("SIGINT");
  await running.line("SIGINT: stopping.");
  running.kill("SIGINT");
  expect((await running.done).code).toBe(130);
  expect((await project.flow("runs")).stdout).toMatch(/\ntwice +Patient +lost \(process gone\) /);
  await writeFile(file, "");
  expect(await project.flow("resume", "twice")).toMatchObject({ code: 0, stdout: "Hello, first! found\n" });
});

test("a changed source is built by run, an unchanged one is not", async () => {
  await using copy = await project.copy();
  const fresh = await copy.flow("run", "Hello", "--names", "a");
  expect(fresh.stderr).not.toContain("Building");
  const source =
    'import { Flow, flow } from "millrace";\n@flow()\nexport class Late extends Flow<string> {\n  async run(): Promise<string> {\n    return "late";\n  }\n}\n';
  copy.write("src/late.ts", source);
  const { code, stdout, stderr } = await copy.flow("run", "Late");
  expect(stderr).toContain("Building, since src/late.ts is new.");
  expect({ code, stdout }).toEqual({ code: 0, stdout: "late\n" });
});

test("the graph that a run has realised: what was called, with the sizes of its maps", async () => {
  await project.flow("run", "Hello", "--id", "three", "--names", "Ann", "--names", "Bo", "--names", "Cy");
  const { code, stdout } = await project.flow("graph", "three", "--json");
  expect(code).toBe(0);
  const [map, greet] = (JSON.parse(stdout) as FlowGraph).nodes;
  expect(map).toMatchObject({ kind: "map", over: expect.stringMatching(/: 3 items$/) });
  expect(greet).toMatchObject({ kind: "call", task: "Greet", parent: map?.id });
  expect((await project.flow("graph", "three")).stdout).toContain("3 items");
  expect((await project.flow("graph", "nobody")).stderr).toContain("error[unknown-flow]");
});

test("the graph of a run with sub-flows and loops, in all formats", async () => {
  await using copy = await project.copy();
  copy.write(
    "src/outer.ts",
    `import { Flow, flow, param } from "millrace";
import { Greet } from "./tasks.js";
@flow()
export class Pages extends Flow<number> {
  @param() last!: number;
  async run(): Promise<number> {
    let page = 0;
    while (page < this.last) {
      await this.call(Greet, { name: String(page) });
      page += 1;
    }
    return page;
  }
}
@flow()
export class Outer extends Flow<number> {
  async run(): Promise<number> {
    const pages = await this.call(Pages, { last: 3 });
    return pages + (await this.call(Pages, { last: pages - 1 }));
  }
}
`,
  );
  expect(await copy.flow("run", "Outer", "--id", "pages")).toMatchObject({ code: 0, stdout: "5\n" });
  const { nodes } = (await copy.flow("graph", "pages", "--json")).json<FlowGraph>();
  expect(nodes.map((node) => [node.id, node.parent, node.kind === "loop" ? node.text : node.kind])).toEqual([
    ["Pages", undefined, "subflow"],
    ["Pages/loop", "Pages", "while (page < this.last): 3 turns"],
    ["Pages/Greet", "Pages/loop", "call"],
    ["Pages~2", undefined, "subflow"],
    ["Pages~2/loop", "Pages~2", "while (page < this.last): 2 turns"],
    ["Pages~2/Greet", "Pages~2/loop", "call"],
  ]);
  for (const format of ["mermaid", "dot", "svg", "html"])
    expect((await copy.flow("graph", "pages", "--format", format)).stdout).toContain("3 turns");
  expect((await copy.flow("graph", "pages", "--successors")).stdout).toMatch(/^Pages\/Greet +-> Branch/m);
});

test("the graph in all formats, on stdout or in a file", async () => {
  const json = (await project.flow("graph", "Hello", "--json")).json<FlowGraph>();
  expect(json.nodes.map((node) => node.kind).sort()).toEqual(["call", "map"]);
  expect((await project.flow("graph", "Hello")).stdout).toMatch(/^(flowchart|graph) /);
  const successors = await project.flow("graph", "Hello", "--successors");
  expect(successors).toMatchObject({ code: 0, stdout: "start -> map*[Greet]\nGreet -> end\n" });
  expect((await project.flow("graph", "Hello", "--successors", "--json")).json<Successors[]>()).toEqual([
    { node: "start", follow: { type: "each", node: "map", of: { type: "step", node: "Greet", task: "Greet" } } },
    { node: "Greet", follow: { type: "end" } },
  ]);
  const file = project.path("hello.dot");
  expect((await project.flow("graph", "Hello", "--format", "dot", "-o", file)).stdout).toBe("");
  expect(await readFile(file, "utf8")).toMatch(/^digraph [\s\S]*Greet[\s\S]*\}\n$/);
  const { stdout: svg } = await project.flow("graph", "Hello", "--format", "svg");
  expect(svg).toMatch(/^<svg xmlns[\s\S]*>Greet<[\s\S]*<\/svg>\n$/);
  const page = project.path("hello.html");
  expect(await project.flow("graph", "Hello", "--format", "html", "-o", page)).toMatchObject({ code: 0, stdout: "" });
  expect(await readFile(page, "utf8")).toContain(svg);
});

test("a reader that goes away leaves no trace", async () => {
  const flow = new URL("../../packages/cli/bin/flow.js", import.meta.url).pathname;
  const child = spawn(process.execPath, [flow, "runs", "--json"], {
    cwd: project.root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdout.destroy();
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
