/**
 * The first ancestor's dynamic workflows, scenario 15: a task adds others while the project runs. In the ancestor that was code in the runner's
 * process, and what it added was lost with it; here it is a list that a command writes, on record with the command's success.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { openEngine } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { FakeContainers } from "../engine/containers/fake-containers.js";

const MINUTE = 60_000;

let built: TestProject;
let project: TestProject;
beforeAll(async () => {
  built = await createTestProject({ from: new URL("../cli/fixtures/hello", import.meta.url) });
  await built.flow("build");
}, 2 * MINUTE);
beforeEach(async () => {
  project = await built.copy();
  return () => project.remove();
});
afterAll(() => built.remove());

interface ListedTask {
  readonly name: string;
  readonly source: string;
  readonly addedBy?: string;
  readonly state: string;
  readonly outcome?: { readonly error?: string; readonly attempts: number };
}

async function listed(...selectors: readonly string[]): Promise<readonly ListedTask[]> {
  const { tasks } = (await project.flow("tasks", ...selectors, "--json")).json() as { tasks: readonly ListedTask[] };
  return tasks;
}

async function states(...selectors: readonly string[]): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await listed(...selectors)).map(({ name, state }) => [name, state]));
}

function source(...tasks: readonly object[]): void {
  project.write("main.yaml", JSON.stringify(tasks));
}

/** What `split` adds when it runs. */
function list(...tasks: readonly object[]): void {
  project.write("list.json", JSON.stringify(tasks));
}

/** Each task notes its name when it begins. */
const noting = (name: string, more: object = {}, cmd = "true") => ({
  name,
  cmd: `echo ${name} >> began; ${cmd}`,
  ...more,
});
const began = (): readonly string[] =>
  existsSync(project.path("began")) ? readFileSync(project.path("began"), "utf8").trim().split("\n") : [];
const times = (name: string): number => began().filter((one) => one === name).length;

const split = (more: object = {}) => noting("split", { adds: "part-.*", ...more }, 'cp list.json "$MILLRACE_TASKS"');
const run = (...args: readonly string[]) => project.flow("project", "run", "main.yaml", ...args);
const PARTS = [noting("part-1"), noting("part-2"), noting("part-3")];

describe("15. a task adds three", () => {
  it("and who waits for a pattern, a name or an output of theirs runs after all of them", {
    timeout: 2 * MINUTE,
  }, async () => {
    source(
      noting("fetch"),
      split({ after: "fetch", adds: ["part-.*", "piece/.*"] }),
      noting("report", { "after-re": "part-.*" }),
      noting("last", { after: "part-3" }),
      noting("sum", { "input-re": "piece/.*" }),
      noting("one", { input: "piece/1" }),
      noting("other"),
    );
    list(
      noting("part-1", { output: "piece/1" }),
      noting("part-2", { output: "piece/2", after: "part-3" }),
      noting("part-3", { output: "piece/3", tags: "added" }),
    );
    const ran = await run("--json");
    expect(ran.stderr).toContain("3 tasks added");
    expect(ran).toMatchObject({ code: 0 });
    expect((ran.json() as { runIds: readonly string[] }).runIds).toHaveLength(2);
    const order = began();
    const at = (name: string): number => order.indexOf(name);
    expect([...order].sort()).toEqual([
      "fetch",
      "last",
      "one",
      "other",
      "part-1",
      "part-2",
      "part-3",
      "report",
      "split",
      "sum",
    ]);
    const parts = ["part-1", "part-2", "part-3"].map(at);
    expect(at("fetch")).toBeLessThan(at("split"));
    expect(Math.min(...parts)).toBeGreaterThan(at("split"));
    expect(at("part-2")).toBeGreaterThan(at("part-3"));
    for (const waiter of ["report", "sum"]) expect(at(waiter)).toBeGreaterThan(Math.max(...parts));
    expect(at("last")).toBeGreaterThan(at("part-3"));
    expect(at("one")).toBeGreaterThan(at("part-1"));
    expect(await listed("tag:added")).toMatchObject([{ name: "part-3", source: "main", addedBy: "split" }]);
    // They are on record as others are: there is nothing left to do, and their source has not lost them.
    expect((await run()).stderr).toContain("There is nothing to run.");
    expect(began()).toEqual(order);
  });

  it("which add further ones, and who waits, waits for those, too", { timeout: 2 * MINUTE }, async () => {
    source(split(), noting("report", { "after-re": "part-.*" }));
    const inner = (name: string) =>
      noting(
        name,
        { adds: "part-.*" },
        `echo '[{"name":"${name}-x","cmd":"echo ${name}-x >> began"}]' > "$MILLRACE_TASKS"`,
      );
    list(inner("part-1"), inner("part-2"));
    expect(await run()).toMatchObject({ code: 0 });
    expect([...began()].sort()).toEqual(["part-1", "part-1-x", "part-2", "part-2-x", "report", "split"]);
    expect(began().at(-1)).toBe("report");
    expect(Object.keys(await states("split+"))).toEqual([
      "split",
      "report",
      "part-1",
      "part-2",
      "part-1-x",
      "part-2-x",
    ]);
  });

  it("in YAML, none at all, or none of an attempt that has failed", { timeout: 2 * MINUTE }, async () => {
    const flaky = 'if [ $(grep -c flaky began) = 1 ]; then echo "- name: part-9" > "$MILLRACE_TASKS"; exit 1; fi';
    source(
      noting("yaml", { adds: true }, "printf -- '- name: by-yaml\\n  cmd: echo by-yaml >> began\\n' > $MILLRACE_TASKS"),
      noting("none", { adds: true }),
      noting("flaky", { adds: true, retry: 1 }, flaky),
      noting("plain", {}, 'test -z "$MILLRACE_TASKS"'),
    );
    expect(await run()).toMatchObject({ code: 0 });
    expect(Object.keys(await states())).toEqual(["yaml", "none", "flaky", "plain", "by-yaml"]);
    expect(times("by-yaml")).toBe(1);
    // Lists that were taken are not kept.
    expect(readdirSync(project.path(".flow/added"))).toEqual([]);
  });

  it("wherever it runs: in a container, or where the project says", { timeout: 2 * MINUTE }, async () => {
    using containers = new FakeContainers("docker");
    project.write(
      "place.mjs",
      `import { execFileSync } from "node:child_process";
export default class Place {
  maxConcurrency = 1;
  #loops = 0;
  async spawn({ command }) {
    await new Promise(setImmediate);
    if (this.#loops !== 1) throw new Error("its loop does not run");
    execFileSync("bash", ["-c", command.command], { cwd: command.cwd, env: { ...process.env, ...command.env } });
    return 0;
  }
  async background(signal) {
    this.#loops++;
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
}
`,
    );
    const { client } = containers;
    const millrace = { commands: { use: "./place.mjs" }, containers: { use: "docker", parameters: { client } } };
    project.write("package.json", JSON.stringify({ name: "places", type: "module", private: true, millrace }));
    const adder = (name: string) =>
      noting(name, { adds: true }, `echo '- { name: by-${name}, cmd: echo by-${name} >> began }' > "$MILLRACE_TASKS"`);
    project.write("sub/empty", "");
    source(adder("place"), { ...adder("box"), container: "bash:5", cwd: "sub" });
    expect(await run()).toMatchObject({ code: 0 });
    expect([times("by-place"), times("by-box")]).toEqual([1, 1]);
    // A container reaches its file, though it lies outside of its folder.
    const [box = []] = containers.runs;
    const [file = ""] = box.filter((word) => word.startsWith("MILLRACE_TASKS=")).map((word) => word.slice(15));
    expect(file.endsWith("/box.yaml")).toBe(true);
    expect(box).toContain(`type=bind,source=${dirname(file)},target=${dirname(file)}`);
  });
});

describe("15. done again", () => {
  it("it replaces what it had added: identities decide what runs again", { timeout: 2 * MINUTE }, async () => {
    source(split(), noting("report", { "after-re": "part-.*" }));
    list(...PARTS);
    await run();
    list(noting("part-1", { cpus: 1 }), noting("part-2", {}, "echo edited"), noting("part-4"));
    await project.flow("tasks", "split", "--reset");
    expect(await run()).toMatchObject({ code: 0 });
    expect(began().slice(5).sort()).toEqual(["part-2", "part-4", "report", "split"]);
    expect(began().at(-1)).toBe("report");
    expect(await states()).toEqual({
      split: "complete",
      report: "complete",
      "part-1": "complete",
      "part-2": "complete",
      "part-3": "orphaned",
      "part-4": "complete",
    });
    // What is orphaned never runs, whoever asks.
    await project.flow("tasks", "part-3", "--reset");
    await run();
    expect(times("part-3")).toBe(1);
    expect((await project.flow("prune")).stdout).toContain("part-3: orphaned → gone");
  });

  it("what it had added waits until it has said so again", { timeout: 2 * MINUTE }, async () => {
    source(split());
    list(...PARTS);
    await run();
    await project.flow("tasks", "split+", "--reset");
    list(PARTS[0] ?? {});
    expect(await run()).toMatchObject({ code: 0 });
    expect([times("part-1"), times("part-2"), times("part-3")]).toEqual([2, 1, 1]);
  });

  it("gone from its source it takes along what it has added, and back it brings it along", {
    timeout: 2 * MINUTE,
  }, async () => {
    source(split(), noting("other"));
    list(...PARTS);
    await run();
    list(...PARTS.slice(1));
    await project.flow("tasks", "split", "--reset");
    await run();
    source(noting("other"));
    expect(await run()).toMatchObject({ code: 0 });
    expect(Object.values(await states("split", "part-*"))).toEqual(Array(4).fill("orphaned"));
    source(split(), noting("other"));
    expect(await run()).toMatchObject({ code: 0 });
    // The one that it had ceased to add stays away.
    expect(await states("part-*")).toEqual({ "part-1": "orphaned", "part-2": "complete", "part-3": "complete" });
    expect([times("split"), times("part-2")]).toEqual([2, 1]);
  });

  it("an edit of the source that its list no longer fits asks it for another one", {
    timeout: 2 * MINUTE,
  }, async () => {
    source(split(), noting("base"));
    list(noting("part-1", { after: "base" }));
    expect(await run()).toMatchObject({ code: 0 });
    // The name that it waits for is gone: the list is asked for anew, and still names it.
    source(split());
    expect(await run()).toMatchObject({ code: 1 });
    expect((await listed("split"))[0]?.outcome?.error).toContain('names "base", which is no task');
    list(noting("part-1"));
    expect(await run("--retry")).toMatchObject({ code: 0 });
    expect([times("split"), times("part-1")]).toEqual([3, 1]);
    // A name of the source goes before one that was added.
    source(split(), noting("part-1"));
    expect(await run()).toMatchObject({ code: 1 });
    expect((await listed("split"))[0]?.outcome?.error).toContain('has the name "part-1" of a task of main');
  });

  it("a `reset` of what it adds does not lead in circles, and works by hand", { timeout: 2 * MINUTE }, async () => {
    // Each list differs from the one before, and resets the task that the other one comes from.
    const adder = (name: string, other: string) =>
      noting(
        name,
        { adds: `${name}-.*` },
        `echo "- { name: ${name}-x, cmd: 'true $(grep -c ^${name}$ began)', reset: ${other} }" > "$MILLRACE_TASKS"`,
      );
    source(adder("a", "b"), adder("b", "a"));
    expect(await run()).toMatchObject({ code: 0 });
    await project.flow("tasks", "a", "--reset");
    expect(await run()).toMatchObject({ code: 0 });
    expect([times("a"), times("b")]).toEqual([2, 1]);
    expect((await project.flow("tasks", "a-x", "--reset")).stdout).toBe("b: complete → new\na-x: complete → new\n");
    expect(await run()).toMatchObject({ code: 0 });
    expect([times("a"), times("b")]).toEqual([2, 2]);
  });
});

describe("15. a list that cannot be taken", () => {
  it.each([
    ["is no YAML", "[{ name: part-1", /:1:\d+: The document is no YAML/],
    ["has a directive of another form", "- name: part-1\n  cpus: many\n", /\.yaml:2:3: \[0\]\.cpus must be a number/],
    [
      "has a name that was not declared",
      "- name: piece\n",
      /\.yaml:1:3: \[0\] is piece, what `adds` of split does not/,
    ],
    ["makes what was not declared", "- name: part-1\n  output: x\n", /:2:3: \[0\]\.output of part-1 is "x"/],
    [
      "has a name twice",
      "- name: part-1\n- name: part-1\n",
      /:2:3: \[1\]\.name is "part-1", as is that of \[0\] \(line 1\)/,
    ],
    ["has the name of a task that is there", "- name: part-0\n", /:1:3: \[0\] has the name "part-0" of a task of main/],
    ["waits for nobody", "- name: part-1\n  after: part-7\n", /:2:3: \[0\]\.after of part-1 names "part-7"/],
    [
      "comes before its own beginning",
      "- name: part-1\n  before: fetch\n",
      /:2:3: \[0\]\.before of part-1 closes a cycle/,
    ],
    ["is what its own beginning waits for", "- name: part-1\n- name: part-0-x\n", /\[1\] of part-0-x closes a cycle/],
    ["inherits", "- name: part-1\n  __proto__: { cmd: x }\n", /:2:3: .*__proto__/],
  ])("since it %s fails its task, and not the project", { timeout: 2 * MINUTE }, async (_, text, message) => {
    source(
      noting("part-0"),
      noting("fetch", { "after-re": "part-0.*" }),
      split({ after: "fetch" }),
      noting("next", { after: "split" }),
      noting("report", { "after-re": "part-.*" }),
      noting("other"),
    );
    project.write("list.json", text);
    const ran = await run();
    expect(ran).toMatchObject({ code: 1 });
    expect(await states()).toEqual({
      "part-0": "complete",
      fetch: "complete",
      split: "failed",
      next: "skipped",
      report: "new",
      other: "complete",
    });
    const [{ outcome } = {}] = await listed("split");
    expect(outcome?.error).toMatch(message);
    expect(outcome?.error).toContain("The tasks that split adds cannot be taken");
    // It lies where the message says.
    const [file = ""] = /\.flow\/added\/\S+?\.yaml/.exec(outcome?.error ?? "") ?? [];
    expect(project.read(file)).toBe(text);
    list(...PARTS);
    expect(await run("--retry")).toMatchObject({ code: 0 });
    expect(began().at(-1)).toBe("report");
  });

  it("of two with one name the second fails", { timeout: 2 * MINUTE }, async () => {
    const adder = (name: string) => noting(name, { adds: true }, 'echo "- name: part" > "$MILLRACE_TASKS"');
    source(adder("a"), { ...adder("b"), after: "a" });
    expect(await run()).toMatchObject({ code: 1 });
    expect(await states()).toEqual({ a: "complete", b: "failed", part: "complete" });
    expect((await listed("b"))[0]?.outcome?.error).toContain("of a task of main, added by a");
  });

  it("tasks that add each other without an end are stopped, with their chain", { timeout: 5 * MINUTE }, async () => {
    // Each adds one of its own kind, whose name is one longer.
    project.write("next.sh", 'echo "[{name: $1x, adds: x+, cmd: bash next.sh $1x}]" > "$MILLRACE_TASKS"');
    source({ name: "x", adds: "x+", cmd: "bash next.sh x" }, noting("other"));
    const ran = await project.start(["project", "run", "main.yaml"], { deadlineMs: 4 * MINUTE }).done;
    expect(ran).toMatchObject({ code: 1 });
    const [{ name, outcome } = {}] = await listed("state:failed");
    expect(name).toBe("x".repeat(101));
    expect(outcome?.error).toMatch(
      /a chain of 100 tasks, each added by the one before: x → xx → xxx → … → x+ → x+ → x+/,
    );
    expect(await states("other")).toEqual({ other: "complete" });
  });
});

describe("15. before anything runs", () => {
  it("it is said who waits for what is added, and what cannot be", { timeout: 2 * MINUTE }, async () => {
    source(split(), noting("report", { "after-re": "part-.*" }), noting("free", { "after-re": "peace-.*" }));
    expect((await run("--build")).stdout).toBe("split\nreport  waits for split and what it adds\nfree\n");
    source(split(), noting("report", { after: "port-1" }));
    expect((await run()).stderr).toContain('names "port-1", which is no task');
    source({ name: "split", adds: true });
    expect((await run()).stderr).toContain("is of a task without `cmd`");
    source(split({ adds: "part-(" }));
    expect((await run()).stderr).toContain("is no regular expression");
    expect(await states()).toEqual({});
  });

  it("who waits for what nobody adds is told so at the end", { timeout: 2 * MINUTE }, async () => {
    source(split(), noting("report", { after: "part-9" }), noting("next", { after: "report" }));
    list(...PARTS);
    const ran = await run();
    expect([ran.code, ran.stderr]).toEqual([1, expect.stringContaining("blocked report: nothing has added part-9")]);
    expect(await states("report", "next")).toEqual({ report: "new", next: "new" });
    const again = (await run("--json")).json();
    expect(again).toMatchObject({
      blocked: [
        { name: "report", by: "part-9", missing: true },
        { name: "next", by: "report" },
      ],
    });
  });

  it("a task is removed with what it has added, or not at all", { timeout: 2 * MINUTE }, async () => {
    source(split());
    list(...PARTS);
    await run();
    const refused = await project.flow("tasks", "split", "--remove");
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("split+")]);
    expect(await project.flow("tasks", "split+", "--remove")).toMatchObject({ code: 0 });
    expect(await states()).toEqual({});
  });
});

describe("15. stopped", () => {
  it("in the second pass, it goes on there", { timeout: 2 * MINUTE }, async () => {
    source(split(), noting("report", { "after-re": "part-.*" }));
    const gate = "echo up; while [ ! -e open ]; do sleep 0.01; done";
    list(noting("part-1"), noting("part-2", { after: "part-1" }, gate));
    const started = project.start(["project", "run", "main.yaml"]);
    await started.line("up");
    started.kill("SIGTERM");
    expect(await started.done).toMatchObject({ code: 143 });
    expect(await states()).toEqual({ split: "complete", report: "pending", "part-1": "complete", "part-2": "pending" });
    project.write("open", "");
    expect(await run()).toMatchObject({ code: 0 });
    expect(began()).toEqual(["split", "part-1", "part-2", "part-2", "report"]);
  });

  it("and its run resumed by a program, a task that adds fails: there is nobody who takes what it adds", {
    timeout: 2 * MINUTE,
  }, async () => {
    const cmd =
      'echo up; while [ ! -e open ]; do sleep 0.01; done; [ -z "$MILLRACE_TASKS" ] || cp list.json "$MILLRACE_TASKS"';
    source(noting("split", { adds: true }, cmd));
    list(...PARTS);
    const started = project.start(["project", "run", "main.yaml"]);
    await started.line("up");
    started.kill("SIGKILL");
    await started.done;
    project.write("open", "");
    const [, id = ""] = /run: (\S+)/.exec(project.read(".flow/project.yaml")) ?? [];
    const refused = await project.flow("resume", id);
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringMatching(/run-not-resumable.*flow project run/s)]);
    await using engine = await openEngine({ cwd: project.path(""), build: "none", observers: [] });
    expect(await (await engine.resume(id)).outcome()).toMatchObject({ status: "succeeded" });
    await engine.close();
    expect(await run()).toMatchObject({ code: 1 });
    expect(await listed()).toMatchObject([
      { state: "failed", outcome: { error: expect.stringContaining("nobody takes the tasks that it adds") } },
    ]);
    expect(await run("--retry")).toMatchObject({ code: 0 });
    expect(times("part-3")).toBe(1);
  });
});
