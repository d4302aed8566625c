/**
 * The first ancestor's projects from the command line, by the numbers of the scenarios: what `flow project run`, `flow tasks` and `flow prune` keep,
 * whatever becomes of the processes that run them.
 */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { readProject } from "@millrace/jobs";
import { createTestProject, type TestProject } from "@millrace/testing";
import { beforeEach, describe, expect, it } from "vitest";

const MINUTE = 60_000;

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject();
  return () => project.remove();
});

interface ListedTask {
  readonly name: string;
  readonly state: string;
  readonly attemptsLeft?: number;
  readonly outcome?: {
    readonly code?: number;
    readonly attempts: number;
    readonly startedAt?: number;
    readonly tries?: readonly ListedTry[];
  };
  readonly earlier?: readonly ListedTry[];
}

interface ListedTry {
  readonly run: string;
  readonly code?: number;
  readonly startedAt?: number;
  readonly endedAt: number;
}

async function listed(...selectors: readonly string[]): Promise<readonly ListedTask[]> {
  const { tasks } = (await project.flow("tasks", ...selectors, "--json")).json() as { tasks: readonly ListedTask[] };
  return tasks;
}

async function states(...selectors: readonly string[]): Promise<Readonly<Record<string, string>>> {
  return Object.fromEntries((await listed(...selectors)).map(({ name, state }) => [name, state]));
}

function source(tasks: readonly object[], file = "main.yaml"): void {
  project.write(file, JSON.stringify(tasks));
}

/** Each task notes in a file of its own that it began. */
const noting = (name: string, cmd: string, more: object = {}) => ({
  name,
  cmd: `echo x >> ${name}.began; ${cmd}`,
  ...more,
});
const began = (name: string): number =>
  existsSync(project.path(`${name}.began`)) ? readFileSync(project.path(`${name}.began`), "utf8").length / 2 : 0;

/** Says `up`, then waits for the file `open`. */
const gate = "echo up; while [ ! -e open ]; do sleep 0.01; done";

const FAMILY = [
  noting("fetch", "true"),
  noting("align", "test -e genome", { after: "fetch", tags: "slow" }),
  noting("call", "true", { after: "align" }),
  noting("other", "true"),
];

describe("5. the task that always fails", () => {
  it("is orphaned by an edit, never executed again, and gone after a prune", { timeout: 2 * MINUTE }, async () => {
    source([{ cmd: "echo hello world; exit 1" }]);
    expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 1 });
    const [{ name: old } = { name: "" }] = await listed();
    source([{ cmd: "echo hello world; exit 0" }]);
    const left = await project.flow("project", "run", "main.yaml");
    expect([left.code, left.stderr]).toEqual([
      0,
      expect.stringMatching(/1 task that no source has any more: `flow prune`/),
    ]);
    expect(await states(old)).toEqual({ [old]: "orphaned" });
    expect((await project.flow("prune", "--json")).json()).toEqual({
      changed: [{ name: old, from: "orphaned", to: null }],
    });
    expect(Object.values(await states())).toEqual(["complete"]);
    const { stdout } = await project.flow("project", "history");
    expect(stdout).toMatch(new RegExp(`^TASK .*\n${old} +pruned +failed +main +1 +\\d.* echo hello world; exit 1\n$`));
    expect((await project.flow("project", "history", "x*", "--json")).json()).toEqual({ history: [] });
    expect((await project.flow("project", "history", "task-*", "--json")).json()).toMatchObject({
      history: [{ name: old, reason: "pruned", outcome: { code: 1 } }],
    });
  });
});

describe("6. two workflows in one project", () => {
  it("keep their tasks, whichever is pruned, though their files have one name", { timeout: 2 * MINUTE }, async () => {
    source([noting("x", "true")], "a/main.yaml");
    source([noting("y", "true"), noting("z", "true")], "b/main.yaml");
    for (const file of ["a/main.yaml", "b/main.yaml"])
      expect(await project.flow("project", "run", file)).toMatchObject({ code: 0 });
    source([noting("y", "true")], "b/main.yaml");
    // From another folder it is the same source.
    const again = await project.start(["project", "run", "main.yaml"], { cwd: "b" }).done;
    expect(again.code).toBe(0);
    expect(await states()).toEqual({ x: "complete", y: "complete", z: "orphaned" });
    expect(await states("source:a/main")).toEqual({ x: "complete" });
    expect((await project.flow("prune", "--source", "a/main", "--json")).json()).toEqual({ changed: [] });
    expect((await project.flow("prune", "--json")).json()).toMatchObject({ changed: [{ name: "z" }] });
    expect(await states()).toEqual({ x: "complete", y: "complete" });
    expect([began("x"), began("y"), began("z")]).toEqual([1, 1, 1]);
  });
});

describe("7. a cause from outside", () => {
  it("is tried again on demand, and what is complete has no new start", { timeout: 2 * MINUTE }, async () => {
    source(FAMILY);
    const failed = await project.flow("project", "run", "main.yaml", "--json");
    expect(failed.code).toBe(1);
    expect(failed.json()).toMatchObject({
      tasks: { complete: 2, failed: 1, skipped: 1 },
      failed: [{ name: "align", code: 1 }],
    });
    const [before] = await listed("fetch");
    project.write("genome", "");
    // Nothing is tried again unasked.
    expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 1 });
    expect(began("align")).toBe(1);
    expect(await project.flow("project", "run", "--retry")).toMatchObject({ code: 0 });
    expect([began("fetch"), began("align"), began("call")]).toEqual([1, 2, 1]);
    expect((await listed("fetch"))[0]).toEqual(before);
  });
});

describe("9. the graph", () => {
  it("is drawn with what became of each task, and written as a node-link document that reads back", {
    timeout: 2 * MINUTE,
  }, async () => {
    source([...FAMILY, noting("gone", "true")]);
    await project.flow("project", "run", "main.yaml");
    source([...FAMILY, noting("next", "true", { after: "call" })]);
    await project.flow("project", "run", "main.yaml", "--merge");
    const draw = async (...args: readonly string[]) => (await project.flow("project", "graph", ...args)).stdout;
    const mermaid = await draw();
    const box = (name: string): string =>
      new RegExp(`(n\\d+)\\("${name}<br/>command<br/>([^"]+)`).exec(mermaid)?.slice(1).join(" ") ?? "";
    expect(["fetch", "align", "call", "other", "next", "gone"].map(box)).toEqual([
      "n0 succeeded",
      "n1 failed",
      "n2 skipped",
      "n3 succeeded",
      "n4 not over",
      "",
    ]);
    expect(mermaid.match(/n\d -\.-> n\d/g)?.sort()).toEqual(["n0 -.-> n1", "n1 -.-> n2", "n2 -.-> n4"]);
    expect(await draw("align+", "--format", "dot")).toMatch(/label="align\\ncommand\\nfailed"/);
    expect(await draw("--format", "svg")).toMatch(/^<svg/);
    expect((await project.flow("project", "graph", "--format", "html", "-o", "tasks.html")).code).toBe(0);
    expect(project.read("tasks.html")).toContain("<svg");
    const whole = readProject(await draw("--json"));
    expect(whole.warnings).toEqual([]);
    expect(whole.project.tasks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "fetch complete",
      "align failed",
      "call skipped",
      "other complete",
      "gone orphaned",
      "next new",
    ]);
    expect(JSON.parse(await draw("+call", "--json"))).toMatchObject({
      nodes: [{ id: "fetch" }, { id: "align" }, { id: "call" }],
      links: [
        { source: "align", target: "call" },
        { source: "fetch", target: "align" },
      ],
    });
  });
});

describe("12. attempts", () => {
  it.each(["SIGKILL", "SIGTERM"] as const)(
    "that are left survive the process: %s",
    { timeout: 2 * MINUTE },
    async (signal) => {
      // Fails at once, then waits, then fails for ever: with two retries, one attempt is left after the first failure and a kill.
      const cmd = `if [ $(wc -l < flaky.began) = 2 ]; then ${gate}; fi; exit 7`;
      source([noting("flaky", cmd, { retry: 2 })]);
      const started = project.start(["project", "run", "main.yaml"]);
      await started.line("up");
      started.kill(signal);
      await started.done;
      expect(await project.flow("project", "run")).toMatchObject({ code: 1 });
      // One failed before the kill, one was cut off and costs nothing, two were left.
      expect(began("flaky")).toBe(4);
      const [flaky] = await listed();
      expect(flaky).toMatchObject({ state: "failed", outcome: { attempts: 3, code: 7 } });
      const tries = flaky?.outcome?.tries ?? [];
      expect(tries.map(({ code, startedAt = 0, endedAt }) => [code, startedAt <= endedAt])).toEqual([
        [7, true],
        [7, true],
        [7, true],
      ]);
      expect(new Set(tries.map(({ run }) => run)).size).toBe(2);
      // What it said in both runs, in order. The last words before a kill may be lost.
      const said = (await project.flow("project", "logs", "flaky")).stdout;
      expect(said).toMatch(signal === "SIGKILL" ? /attempt 1 of 2/ : /attempt 1 of 3.*attempt 1 of 2/s);
    },
  );

  it("stay on record with times and codes when the task is tried again, and reset, and tried again", {
    timeout: 2 * MINUTE,
  }, async () => {
    const cmd = "echo try $(wc -l < flaky.began); [ $(wc -l < flaky.began) -ge 4 ] || exit 7";
    source([noting("flaky", cmd, { retry: 1 })]);
    const first = await project.flow("project", "run", "main.yaml");
    // The report shows what the last attempt said, and that one alone; also when there was nothing left to run.
    expect([first.code, first.stderr]).toEqual([
      1,
      expect.stringMatching(/after 2 attempts with code 7\n {4}try 2\nOnce/),
    ]);
    const idle = await project.flow("project", "run");
    expect([idle.code, idle.stderr]).toEqual([
      1,
      expect.stringMatching(/nothing to run.*after 2 attempts with code 7\n {4}try 2\n/s),
    ]);
    const run = (await project.flow("show", "--json")).json() as { steps: readonly { tries?: readonly object[] }[] };
    const failed = { error: { code: "command-failed", message: expect.stringContaining("code 7") } };
    const times = { startedAt: expect.any(Number), endedAt: expect.any(Number) };
    expect(run.steps.map(({ tries }) => tries)).toEqual([
      [
        { attempt: 1, ...times, error: expect.objectContaining(failed.error) },
        { attempt: 2, ...times, error: expect.objectContaining(failed.error) },
      ],
    ]);
    expect(await project.flow("project", "run", "--retry")).toMatchObject({ code: 0 });
    const codes = (tries: readonly ListedTry[] = []) =>
      tries.map(({ code, startedAt = 0, endedAt }) => [code, startedAt <= endedAt]);
    const [retried] = await listed();
    expect(codes(retried?.earlier)).toEqual([
      [7, true],
      [7, true],
    ]);
    expect(codes(retried?.outcome?.tries)).toEqual([
      [7, true],
      [0, true],
    ]);
    expect(await project.flow("tasks", "flaky", "--reset")).toMatchObject({ code: 0 });
    expect(await project.flow("project", "run")).toMatchObject({ code: 0 });
    const [again] = await listed();
    expect(codes(again?.earlier)).toEqual([
      [7, true],
      [7, true],
      [7, true],
      [0, true],
    ]);
    expect(again?.outcome).toMatchObject({ attempts: 1, code: 0 });
    expect((await project.flow("project", "logs", "flaky")).stdout).toMatch(
      /try 1\n.*try 2\n.*try 3\n.*try 4\n.*try 5\n/s,
    );
  });

  it("are told apart by their logs, task by task", { timeout: 2 * MINUTE }, async () => {
    source([
      { name: "a", cmd: "echo from-a" },
      { name: "b", cmd: "echo from-b; exit 2", tags: "loud" },
      { name: "silent", cmd: "true" },
    ]);
    await project.flow("project", "run", "main.yaml");
    const logs = async (...args: readonly string[]) => {
      const { stdout, stderr, code } = await project.flow("project", "logs", ...args);
      return { said: ["a", "b"].filter((name) => stdout.includes(`from-${name}`)), stderr, code };
    };
    expect((await logs("a")).said).toEqual(["a"]);
    expect((await logs("state:failed", "a")).said).toEqual(["a", "b"]);
    expect(await logs("tag:loud", "--json")).toMatchObject({ said: ["b"] });
    expect(await logs("none")).toMatchObject({ code: 2, stderr: expect.stringContaining("unknown-task") });
  });
});

describe("14. interrupted", () => {
  it.each(["SIGTERM", "SIGINT", "SIGKILL"] as const)(
    "by %s, a project keeps what was done, and going on ends",
    { timeout: 2 * MINUTE },
    async (signal) => {
      source([
        noting("first", "true"),
        noting("wait", gate, { after: "first" }),
        noting("last", "true", { after: "wait" }),
      ]);
      const started = project.start(["project", "run", "main.yaml"]);
      await started.line("up");
      started.kill(signal);
      const { code, stderr } = await started.done;
      expect(code).toBe({ SIGTERM: 143, SIGINT: 130, SIGKILL: null }[signal]);
      if (signal !== "SIGKILL") expect(stderr).toContain("2 tasks left: `flow project run` goes on.");
      // What other runs go on with is no way for those of a project.
      const [{ id }] = (await project.flow("runs", "--json")).json() as [{ id: string }];
      for (const command of [
        ["resume", id],
        ["resume", id, "--reopen"],
        ["plan", id],
      ]) {
        const refused = await project.flow(...command);
        expect([refused.code, refused.stderr]).toEqual([
          2,
          expect.stringMatching(/run-not-resumable.*flow project run/s),
        ]);
      }
      expect(await states()).toEqual({ first: "complete", wait: "pending", last: "pending" });
      project.write("open", "");
      expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 0 });
      expect([began("first"), began("wait"), began("last")]).toEqual([1, 2, 1]);
    },
  );

  it("what waits for a failed task is skipped or blocked, and the command ends", { timeout: 2 * MINUTE }, async () => {
    source(FAMILY);
    await project.flow("project", "run", "main.yaml");
    await project.flow("tasks", "call", "--reset");
    const blocked = await project.flow("project", "run", "--json");
    expect(blocked.code).toBe(1);
    expect(blocked.json()).toMatchObject({ runId: null, blocked: [{ name: "call", by: "align" }] });
  });
});

describe("16. two runs on one project", () => {
  it("the second gives up with pid and host of the first; a killed one holds nothing", {
    timeout: 2 * MINUTE,
  }, async () => {
    source([noting("before", "true"), noting("wait", gate, { after: "before" })]);
    const first = project.start(["project", "run", "main.yaml"]);
    await first.line("up");
    const second = await project.flow("project", "run", "main.yaml", "--wait", "50ms", "--json");
    expect(second.code).toBe(1);
    expect(second.json()).toMatchObject({ error: { code: "project-owned", data: { host: hostname() } } });
    const { data } = (second.json() as { error: { data: { pid: number } } }).error;
    expect(second.stderr).toContain(`held by process ${data.pid} on host "${hostname()}"`);
    // Looking needs no lock, and shows what is done so far.
    expect(await states()).toEqual({ before: "complete", wait: "pending" });
    expect((await project.flow("project", "logs", "wait")).stdout).toContain("up");
    process.kill(data.pid, "SIGKILL");
    await first.done;
    project.write("open", "");
    expect(await project.flow("project", "run", "--wait", "0ms")).toMatchObject({ code: 0 });
  });
});

describe("17. stages and selections", () => {
  it("rendering and building keep nothing, merging runs nothing", { timeout: 2 * MINUTE }, async () => {
    project.write(
      "main.yaml.liquid",
      "{% for n in names %}- { name: t-{{ n }}, cmd: 'echo {{ n }} >> ran' }\n{% endfor %}",
    );
    const given = ["project", "run", "main.yaml.liquid", "--set", 'json:names=["a","b"]'];
    expect((await project.flow(...given, "--render")).stdout).toContain("- { name: t-b, cmd: 'echo b >> ran' }");
    expect((await project.flow(...given, "--build")).stdout).toBe("t-a\nt-b\n");
    expect(await states()).toEqual({});
    expect(await project.flow(...given, "--merge")).toMatchObject({ code: 0 });
    expect(await states()).toEqual({ "t-a": "new", "t-b": "new" });
    expect(existsSync(project.path("ran"))).toBe(false);
    expect(await project.flow(...given, "--render", "--merge")).toMatchObject({ code: 2 });
    project.write("doubtful.yaml", "- { name: d, cmd: 'true', aftr: x }\n");
    expect(await project.flow("project", "run", "doubtful.yaml", "--build")).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: doubtful.yaml:1:27: [0].aftr has no effect. Did you mean "after"?'),
    });
    const wrong = await project.flow("project", "run", "main.yaml.liquid", "--set", 'json:names=["a","a"]');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("main.yaml.liquid (--render):2:5: [1].name is"),
    ]);
    const unset = await project.flow("project", "run", "main.yaml.liquid", "--render");
    expect([unset.code, unset.stderr]).toEqual([2, expect.stringContaining("--set names=")]);
    const nowhere = await project.flow("project", "run", "main.yaml.liquid", "--set", "file:txt:names=no.txt");
    expect([nowhere.code, nowhere.stderr]).toEqual([2, expect.stringContaining("no.txt cannot be read: ENOENT")]);
  });

  it("each change touches the selected tasks, and says which", { timeout: 2 * MINUTE }, async () => {
    source(FAMILY);
    await project.flow("project", "run", "main.yaml");
    const change = async (...args: readonly string[]) => (await project.flow("tasks", ...args)).stdout;
    expect(await states("*al*")).toEqual({ align: "failed", call: "skipped" });
    expect(await states("/f.*|o.*/")).toEqual({ fetch: "complete", other: "complete" });
    expect(await states("+align")).toEqual({ fetch: "complete", align: "failed" });
    expect(await states("align+", "tag:slow")).toEqual({ align: "failed", call: "skipped" });
    expect(await change("state:failed", "--complete")).toBe("align: failed → complete\n");
    expect(await change("other", "--fail")).toBe("other: complete → failed\n");
    expect(await change("*", "--retry")).toBe("call: skipped → new\nother: failed → new\n");
    expect(await change("align", "--reset")).toBe("align: complete → new\n");
    const held = await project.flow("tasks", "align", "--remove");
    expect([held.code, held.stderr]).toEqual([2, expect.stringContaining("call waits for it")]);
    expect(await change("align+", "--remove")).toMatch(/^align: new → gone .*\ncall: new → gone .*\n$/);
    expect(await states()).toEqual({ fetch: "complete", other: "new" });
    expect(await project.flow("tasks", "--remove")).toMatchObject({ code: 2 });
    // Whoever mistypes a name must not take silence for a change; a pattern may mean nobody.
    for (const [selector, hint] of [
      ["fetsh", 'Did you mean "fetch"?'],
      ["fetsh+", 'Did you mean "fetch"?'],
      ["failed", 'selected by "state:failed"'],
    ]) {
      for (const option of [[], ["--reset"]]) {
        const unknown = await project.flow("tasks", `${selector}`, ...option);
        expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining(`${hint}`)]);
      }
    }
    expect(await project.flow("tasks", "x*", "tag:none", "--reset")).toMatchObject({ code: 0 });
    // Words behind a selector are selectors: a task can be named so. Where none is, nobody takes a list for a change.
    const word = await project.flow("tasks", "fetch", "reset");
    expect([word.code, word.stderr]).toEqual([2, expect.stringContaining("`flow tasks 'fetch' --reset`")]);
    source([...FAMILY, { name: "reset", cmd: "true" }]);
    await project.flow("project", "run", "main.yaml", "--merge");
    expect(Object.keys(await states("fetch", "reset"))).toEqual(["fetch", "reset"]);
  });
});

describe("19. more than there is", () => {
  it("is refused by name before anything runs, and an edit goes on", { timeout: 2 * MINUTE }, async () => {
    source([noting("small", "true"), noting("big", "true", { cpus: 8_000 })]);
    const refused = await project.flow("project", "run", "main.yaml");
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('big of project asks for 8000 of the resource "cpus"'),
    ]);
    expect([began("small"), began("big")]).toEqual([0, 0]);
    source([noting("small", "true"), noting("big", "true", { cpus: 1 })]);
    expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 0 });
    expect([began("small"), began("big")]).toEqual([1, 1]);
  });
});

describe("a task in a folder of its own", () => {
  it("knows where its project is; one whose folder is not there says so", { timeout: 2 * MINUTE }, async () => {
    source([
      { name: "below", cmd: 'test "$MILLRACE_PROJECT" = "$(dirname "$PWD")"', cwd: "below" },
      { name: "lost", cmd: "true", cwd: "nowhere" },
      { name: "slow", cmd: "sleep 1000", timeout: "50ms" },
    ]);
    project.write("below/notes.txt", "");
    const { code, stderr } = await project.flow("project", "run", "main.yaml");
    expect(code).toBe(1);
    expect(await states()).toEqual({ below: "complete", lost: "failed", slow: "failed" });
    expect(stderr).toMatch(/\nfailed lost: \[command-failed\] .* there is no folder \S+nowhere\n/);
    expect(stderr).toMatch(/\nfailed slow: \[step-timeout\] .*50 ms/);
  });
});

describe("a folder that holds nothing but a file of tasks", () => {
  it("is a project: nothing is built, and other commands find it from below", { timeout: 2 * MINUTE }, async () => {
    rmSync(project.path("package.json"));
    const lost = await project.flow("tasks");
    expect([lost.code, lost.stderr]).toEqual([
      2,
      expect.stringMatching(/project-not-found.*`flow project run <file>`/s),
    ]);
    source([noting("a", "echo said"), noting("b", "exit 3", { after: "a" })]);
    const run = await project.flow("project", "run", "main.yaml");
    expect([run.code, run.stderr]).toEqual([1, expect.not.stringContaining("Building")]);
    expect(existsSync(project.path(".flow/manifest.json"))).toBe(false);
    project.write("below/notes.txt", "");
    for (const command of [["tasks", "state:failed"], ["logs"], ["show"], ["runs"]]) {
      const found = await project.start(command, { cwd: "below" }).done;
      expect([command, found.code, found.stdout]).toEqual([command, 0, expect.not.stringMatching(/^$/)]);
    }
    expect((await project.flow("doctor", "--json")).json()).toMatchObject({ ok: true });
    source([noting("a", "echo said"), noting("b", "true", { after: "a" })]);
    expect(await project.flow("project", "run", "main.yaml")).toMatchObject({ code: 0 });
    expect([began("a"), began("b")]).toEqual([1, 2]);
  });
});
