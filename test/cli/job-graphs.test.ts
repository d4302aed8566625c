/** `flow run graph.json`: a job graph from a file, looked at, killed and gone on with by other processes. */
import { readFileSync, rmSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { helloProject } from "./hello-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await helloProject();
  await project.flow("build");
});
afterAll(() => project.remove());

const greet = (id: string, name: object) => ({ id, run: { task: "Greet" }, params: { name } });

function write(file: string, more: object): void {
  project.write(file, JSON.stringify({ version: 1, edges: [], ...more }));
}

test("runs, prints the results by node, and is listed and shown under its name", async () => {
  write("good.json", {
    name: "good",
    nodes: [
      greet("ann", { value: "Ann" }),
      greet("both", { template: `Bo and $${"{{ ann }}"}` }),
      { id: "all", run: { flow: "Hello" }, params: { names: { value: ["Cy"] } } },
    ],
    edges: [{ from: "ann", to: "both" }],
  });
  const done = await project.flow("run", "good.json", "--id", "good-1");
  expect([done.code, JSON.parse(done.stdout)]).toEqual([
    0,
    { both: "Hello, Bo and Hello, Ann!!", all: { greetings: ["Hello, Cy!"], days: 7 } },
  ]);
  expect((await project.flow("runs", "--json")).json()).toMatchObject([
    { id: "good-1", flow: "good", state: "succeeded" },
  ]);
  const shown = await project.flow("show", "good-1");
  expect(shown.stdout).toMatch(/good good-1 .*succeeded/);
  for (const node of ["ann", "both", "all"]) expect(shown.stdout).toContain(node);
  expect(await project.flow("why", "good-1")).toMatchObject({ code: 0 });
  // As any run that has succeeded.
  expect(await project.flow("plan", "good-1")).toMatchObject({ code: 2 });
});

test("a failed one tells what was skipped for what, and goes on where it failed", async () => {
  write("fragile.json", {
    name: "fragile",
    nodes: [
      greet("first", { value: "Ann" }),
      { id: "need", run: { task: "NeedFile" }, params: { file: { value: project.path("needed") } } },
      greet("last", { template: `$${"{{ first }}"} $${"{{ need }}"}` }),
    ],
    edges: [
      { from: "first", to: "need" },
      { from: "need", to: "last" },
    ],
  });
  const failed = await project.flow("run", "fragile.json", "--id", "fragile-1", "--json");
  expect(failed.code).toBe(1);
  expect(failed.json()).toMatchObject({
    status: "failed",
    steps: { total: 3, succeeded: 1, failed: 1, skipped: 1 },
    error: { code: "nodes-failed", message: expect.stringContaining("need of fragile failed") },
  });
  expect((await project.flow("show", "fragile-1", "--json")).json()).toMatchObject({
    steps: [
      { node: "first" },
      { node: "need", state: "failed" },
      { state: "skipped", error: { message: "last was skipped: need failed." } },
    ],
  });
  expect((await project.flow("show", "fragile-1")).stdout).toContain("skipped");
  const drawn = await project.flow("graph", "fragile-1");
  for (const line of ["first<br/>task Greet<br/>succeeded", "need<br/>task NeedFile<br/>failed", "class n2 skipped"])
    expect(drawn.stdout).toContain(line);
  expect((await project.flow("graph", "fragile-1", "--format", "dot")).stdout).toContain('fillcolor="#ffe4e6"');
  expect((await project.flow("graph", "fragile-1", "--format", "svg")).stdout).toContain(
    'class="box leaf call failed"',
  );
  expect((await project.flow("graph", "fragile.json")).stdout).not.toContain("succeeded");
  project.write("needed", "");
  rmSync(project.path("fragile.json"));
  const planned = await project.flow("plan", "fragile-1");
  expect([planned.code, planned.stdout.split("\n").map((line) => line.replace(/ +/g, " "))]).toEqual([
    0,
    [
      "fragile fragile-1 1 restored, 1 to run, 1 unknown",
      "STEP VERDICT BECAUSE",
      "first restored on record with the same code and parameters",
      "need runs it failed before and is tried again",
      "last unknown it depends on need, which runs",
      "",
    ],
  ]);
  const again = await project.flow("resume", "fragile-1", "--json");
  expect(again.json()).toMatchObject({
    status: "succeeded",
    result: { last: "Hello, Hello, Ann! found!" },
    steps: { total: 3, succeeded: 3, skipped: 0, restored: 1 },
  });
});

test("one whose process was killed goes on without its file, and runs nothing twice that is on record", async () => {
  write("patient.json", {
    nodes: [
      greet("first", { value: "Ann" }),
      { id: "wait", run: { flow: "Patient" }, params: { file: { value: project.path("gate") } } },
      greet("last", { from: "wait" }),
    ],
    edges: [
      { from: "first", to: "wait" },
      { from: "wait", to: "last" },
    ],
  });
  const started = project.start(["run", "patient.json", "--id", "killed"]);
  await started.line("waiting for the file");
  started.kill("SIGKILL");
  await started.done;
  rmSync(project.path("patient.json"));
  project.write("gate", "");
  const again = await project.flow("resume", "killed", "--json");
  expect(again.json()).toMatchObject({
    status: "succeeded",
    result: { last: "Hello, Hello, first! found!" },
    // `first`, and what the sub-flow had called before.
    steps: { total: 5, succeeded: 5, restored: 2 },
  });
});

test("a command ends with the process that runs it, and runs again when another one goes on", async () => {
  const waits = "echo $$ > pid; echo up; while [ ! -e open ]; do sleep 0.01; done; echo done";
  write("command.json", {
    name: "command",
    nodes: [
      { id: "wait", run: { shell: waits } },
      { id: "say", run: { task: "Greet" }, params: { name: { from: "wait", path: "stdout" } } },
    ],
    edges: [{ from: "wait", to: "say" }],
  });
  const started = project.start(["run", "command.json", "--id", "command-1"]);
  await started.line("up");
  const pid = Number(readFileSync(project.path("pid"), "utf8"));
  started.kill("SIGKILL");
  await started.done;
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
  project.write("open", "");
  const again = await project.flow("resume", "command-1", "--json");
  expect(again.json()).toMatchObject({ status: "succeeded", result: { say: "Hello, up\ndone\n!" } });
});

test("what is wrong is told with paths, and parameters are refused", async () => {
  write("bad.json", { nodes: [greet("a", { value: 1 }), { id: "b", run: { task: "Great" } }] });
  const bad = await project.flow("run", "bad.json");
  expect(bad.code).toBe(2);
  expect(bad.stderr).toContain("error[job-graph-invalid]");
  expect(bad.stderr).toMatch(/bad\.json:1:\d+ error .*\n"nodes\[0\]\.params\.name" cannot be used/);
  expect(bad.stderr).toContain('"nodes[1].run.task" is "Great", and the build has no such task. Did you mean "Greet"?');
  project.write("broken.json", "{");
  expect((await project.flow("run", "broken.json")).stderr).toContain("cannot be read as JSON, at broken.json:1:2:");
  const given = await project.flow("run", "bad.json", "--name", "x");
  expect([given.code, given.stderr]).toEqual([2, expect.stringContaining("takes no parameters: --name has no place")]);
});

test("a file may begin with a byte order mark, and what is wrong behind it stands where it stands", async () => {
  const text = `{\n  "version": 1,\n  "nodes": [${JSON.stringify(greet("a", { value: "A" }))}],\n  "edges": []\n}\n`;
  project.write("marked.json", `\uFEFF${text}`);
  expect((await project.flow("run", "marked.json")).code).toBe(0);
  project.write("marked.json", `\uFEFF${text.replace('"edges": [', '"edges": ')}`);
  expect((await project.flow("run", "marked.json")).stderr).toContain("at marked.json:4:12: This is no JSON");
  project.write("marked.json", `\uFEFF${text.replace("edges", "edgs")}`);
  expect((await project.flow("run", "marked.json")).stderr).toContain('marked.json:4:3 error job-invalid\n"edgs"');
});

test("a name that stands twice is refused where it stands again, however it is written", async () => {
  for (const again of ["nodes", "\\u006eodes"]) {
    project.write("twice.json", `{\n  "version": 1,\n  "nodes": [],\n  "edges": [],\n  "${again}": []\n}\n`);
    const { code, stderr } = await project.flow("run", "twice.json");
    expect(code).toBe(2);
    expect(stderr).toContain(`at twice.json:5:3: The name "${again}" is given twice.`);
  }
});

test("values that stand deep in each other have a place, too", async () => {
  const holding = (value: string): string =>
    JSON.stringify({ version: 1, nodes: [greet("a", { value: 0 })], edges: [] }).replace('{"value":0}', `\n${value}`);
  const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
  project.write("deep.json", holding(`{"value":${nested(690)}}`));
  const deep = await project.flow("run", "deep.json");
  expect(deep.stderr).toMatch(/^deep\.json:1:\d+ error job-invalid\n"nodes\[0\]\.params\.name" cannot be used/);
  project.write("deep.json", holding(`{"value":${nested(100_000)}}`));
  const deeper = await project.flow("run", "deep.json");
  expect(deeper.code).toBe(2);
  expect(deeper.stderr).toMatch(/at deep\.json:2:\d+: Values stand more than 700 deep in each other/);
});

test("is drawn from its file and from a run, and nothing else of flows is there for it", async () => {
  write("drawn.json", {
    name: "drawn",
    nodes: [greet("a", { value: "A" }), greet("b", { from: "a" })],
    edges: [{ from: "a", to: "b" }],
  });
  expect((await project.flow("run", "drawn.json", "--id", "drawn-1")).code).toBe(0);
  for (const subject of ["drawn.json", "drawn-1"]) {
    const drawn = await project.flow("graph", subject);
    expect([drawn.code, drawn.stdout]).toEqual([0, expect.stringContaining('n0 -->|"name"| n1')]);
    expect((await project.flow("graph", subject, "--format", "svg")).stdout).toMatch(/^<svg /);
    expect((await project.flow("graph", subject, "--json")).json()).toMatchObject({ name: "drawn", version: 1 });
  }
  const page = await project.flow("graph", "drawn-1", "--format", "html");
  expect([page.code, page.stderr]).toEqual([0, ""]);
  const [, data = ""] = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page.stdout) ?? [];
  expect(JSON.parse(data)).toMatchObject({
    flow: { title: "drawn", kind: "job graph" },
    nodes: [
      {
        element: "n0",
        title: "a",
        facts: [
          ["is", "task Greet"],
          ["is", "succeeded"],
          ["run", "task Greet"],
          ["params", "name value A"],
        ],
      },
      { element: "n1", title: "b", incoming: [{ element: "n0", text: "a: name" }] },
    ],
  });
  expect((await project.flow("graph", "drawn.json", "--successors")).stderr).toContain("drawn.json is a job graph");
  write("wrong.json", { nodes: [greet("a", { value: "A" })], edges: [{ from: "a", to: "c" }] });
  expect((await project.flow("graph", "wrong.json")).stderr).toContain("edges[0].to is no node of the graph");
});

test("part of one runs: what is left out counts as over, and nothing of it can be taken", async () => {
  const chain = (ids: string) => [...ids].slice(1).map((to, i) => ({ from: ids[i], to }));
  write("parts.json", {
    name: "parts",
    nodes: [..."abcd"].map((id) => greet(id, { value: id })),
    edges: chain("abcd"),
  });
  const ran = async (...flags: readonly string[]): Promise<readonly string[]> => {
    const id = `parts-${flags.join("")}`;
    const done = await project.flow("run", "parts.json", "--id", id, ...flags);
    expect(done.code).toBe(0);
    const { steps } = (await project.flow("show", id, "--json")).json() as { steps: readonly { node: string }[] };
    return steps.map(({ node }) => node);
  };
  expect(await ran("--skip", "b", "--skip", "c")).toEqual(["a", "d"]);
  expect(await ran("--run-from", "b", "--run-to", "c")).toEqual(["b", "c"]);

  write("takes.json", {
    nodes: [greet("a", { value: "Ann" }), greet("b", { template: `$${"{{ a }}"}` })],
    edges: chain("ab"),
  });
  const refusals = [
    ["takes.json", "--run-from", "b", "b takes the result of a, which is left out."],
    ["parts.json", "--skip", "bb", 'The graph has no node "bb".'],
    ["Hello", "--skip", "b", "--skip, --run-from and --run-to are about job graphs: Hello is a flow,"],
  ] as const;
  for (const [target, flag, node, message] of refusals) {
    const refused = await project.flow("run", target, flag, node);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining(message)]);
  }
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
