/**
 * The first ancestor's projects of commands, by the numbers of the scenarios of what a system has to do that honours it. Its open question, how
 * to get rid of a task that always fails, is 5; that other causes for a failure need another answer is 7.
 */
import {
  buildTasks,
  EMPTY_PROJECT,
  foldOutcome,
  issueText,
  mergeProject,
  projectEdges,
  projectGraph,
  pruneProject,
  type RecordedProject,
  readProject,
  resetTasks,
  retryTasks,
  selectTasks,
  taskIdentity,
  writeProject,
} from "@millrace/jobs";
import type { SpawnedJob } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HastyClock } from "../engine/slurm/fake-cluster.js";

const merge = (project: RecordedProject, tasks: unknown, source = "main") =>
  mergeProject(project, buildTasks(tasks), source);
const task = (project: RecordedProject, name: string) => project.tasks.find((one) => one.name === name);
const states = (project: RecordedProject) => Object.fromEntries(project.tasks.map(({ name, state }) => [name, state]));
const edges = (tasks: unknown) => buildTasks(tasks).edges.map(({ from, to }) => `${from} > ${to}`);
const nodesOf = (project: RecordedProject) => (projectGraph(project).graph?.nodes ?? []).map(({ id }) => id);

/** Runs what there is to run: a command `exit 3` ends with 3, and what `codes` says goes before. */
async function run(project: RecordedProject, codes: Readonly<Record<string, number | readonly number[]>> = {}) {
  const { graph } = projectGraph(project);
  const began: string[] = [];
  const commands = {
    async spawn({ node, command }: SpawnedJob) {
      const code = [codes[node] ?? Number(/exit (\d+)$/.exec(command?.command ?? "")?.[1] ?? 0)].flat();
      const attempt = began.filter((name) => name === node).length;
      began.push(node);
      return code[Math.min(attempt, code.length - 1)] ?? 0;
    },
  };
  await using engine = await openTestEngine({ commands });
  if (!graph) throw new Error("there is nothing to run");
  const going = engine.start(graph);
  await going.outcome();
  const steps = [];
  for await (const step of going.steps()) steps.push(step);
  return { project: foldOutcome(project, steps), began };
}

/** What a build says is wrong. */
function refusal(tasks: unknown): string {
  try {
    buildTasks(tasks, { file: "tasks.yaml" });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

const CHAIN = [
  { name: "fetch", cmd: "fetch" },
  { name: "align", cmd: "align", after: "fetch" },
  { name: "call", cmd: "call", after: "align" },
];
const edit = (name: string, more: object) => CHAIN.map((one) => (one.name === name ? { ...one, ...more } : one));

describe("4. identity", () => {
  it("does not depend on the order of directives, on those that do not count, or on state", async () => {
    expect(taskIdentity({ cmd: "a", cwd: "x", cpus: 2 })).toBe(taskIdentity({ cpus: 8, cwd: "x", cmd: "a" }));
    expect(taskIdentity({ cmd: "a" })).not.toBe(taskIdentity({ cmd: "b" }));
    const before = merge(EMPTY_PROJECT, CHAIN);
    const { project } = await run(before);
    expect(project.tasks.map(({ identity }) => identity)).toEqual(before.tasks.map(({ identity }) => identity));
  });

  it("has the directives that a task names", () => {
    const identity = ["cmd", "genome"];
    expect(taskIdentity({ cmd: "a", genome: "38", identity })).not.toBe(
      taskIdentity({ cmd: "a", genome: "37", identity }),
    );
    expect(taskIdentity({ cmd: "a", genome: "38" })).toBe(taskIdentity({ cmd: "a", genome: "37" }));
  });
});

describe("5. the task that always fails", () => {
  it.each([
    ["with a name", "hello", 1],
    ["without a name", undefined, 2],
  ])("is replaced or orphaned after an edit, and is never executed again: %s", async (_, name, listed) => {
    const broken = await run(merge(EMPTY_PROJECT, [{ name, cmd: "echo hello world && exit 1" }]));
    expect(Object.values(states(broken.project))).toEqual(["failed"]);
    const edited = merge(broken.project, [{ name, cmd: "echo hello world && exit 0" }]);
    expect(edited.tasks).toHaveLength(listed);
    const unpruned = await run(edited);
    expect(unpruned.began).toEqual([edited.tasks.at(-1)?.name]);
    if (listed === 2) expect(Object.values(states(unpruned.project))).toEqual(["orphaned", "complete"]);
    const pruned = pruneProject(unpruned.project);
    expect(Object.values(states(pruned))).toEqual(["complete"]);
    expect(pruned.history).toMatchObject([{ directives: { cmd: "echo hello world && exit 1" }, outcome: { code: 1 } }]);
    expect(projectGraph(pruned)).toEqual({ blocked: [], later: [] });
    expect(projectGraph(retryTasks(pruned))).toEqual({ blocked: [], later: [] });
  });
});

describe("6. two sources in one project", () => {
  it("never touch each other's tasks", async () => {
    const { project } = await run(
      merge(merge(EMPTY_PROJECT, CHAIN, "one"), [{ name: "report", cmd: "report" }], "two"),
    );
    const emptied = merge(project, [{ name: "other", cmd: "other" }], "two");
    const pruned = pruneProject(emptied, "two");
    expect(states(pruned)).toEqual({ fetch: "complete", align: "complete", call: "complete", other: "new" });
    expect(pruned.history.map(({ name }) => name)).toEqual(["report"]);
    expect(pruneProject(emptied, "one")).toEqual(emptied);
  });

  it("cannot both own a name", () => {
    const one = merge(EMPTY_PROJECT, CHAIN, "one");
    expect(() => merge(one, [{ name: "call", cmd: "x" }], "two")).toThrow("call of two has the name of a task of one");
  });
});

describe("7. a failure from outside", () => {
  it("is tried again with what was skipped for it, and nothing else", async () => {
    const tasks = [...CHAIN, { name: "apart", cmd: "apart" }];
    const first = await run(merge(EMPTY_PROJECT, tasks), { align: 75 });
    expect(states(first.project)).toEqual({ fetch: "complete", align: "failed", call: "skipped", apart: "complete" });
    expect(task(first.project, "align")?.outcome).toMatchObject({
      code: 75,
      error: "[command-failed] The command of align ended with code 75.",
    });
    const unchanged = merge(first.project, tasks);
    expect(unchanged).toEqual(first.project);
    const second = await run(retryTasks(unchanged));
    expect(second.began).toEqual(["align", "call"]);
    expect(Object.values(states(second.project))).toEqual(["complete", "complete", "complete", "complete"]);
    for (const name of ["fetch", "apart"])
      expect(task(second.project, name)?.outcome).toEqual(task(first.project, name)?.outcome);
  });
});

describe("8. a merge", () => {
  const done = () => run(merge(EMPTY_PROJECT, CHAIN));

  it("updates directives of a completed task without running it again", async () => {
    const { project } = await done();
    const merged = merge(project, edit("align", { cpus: 4 }));
    expect(nodesOf(merged)).toEqual([]);
    expect(task(merged, "align")).toMatchObject({ state: "complete", directives: { cpus: 4 } });
  });

  it("runs a failed task again whose directives changed", async () => {
    const { project } = await run(merge(EMPTY_PROJECT, CHAIN), { align: 137 });
    expect(nodesOf(merge(project, edit("align", { mem: "8G" })))).toEqual(["align", "call"]);
  });

  it("resets a task with another command, and all behind it", async () => {
    const { project } = await done();
    const merged = merge(project, edit("align", { cmd: "align --fast" }));
    expect(states(merged)).toEqual({ fetch: "complete", align: "new", call: "new" });
    expect(merged.history).toMatchObject([{ name: "align", state: "complete", reason: "edited" }]);
  });

  it("resets a completed task that waits for more than it did, and keeps one that waits for less", async () => {
    const { project } = await done();
    const more = merge(project, [...edit("align", { after: ["fetch", "index"] }), { name: "index", cmd: "index" }]);
    expect(states(more)).toEqual({ fetch: "complete", align: "new", call: "new", index: "new" });
    expect(nodesOf(merge(project, edit("align", { after: [] })))).toEqual([]);
  });

  it("gives back to a task that was gone the state that it had", async () => {
    const { project } = await done();
    const without = merge(project, CHAIN.slice(0, 2));
    expect(states(without)).toMatchObject({ call: "orphaned" });
    expect(merge(without, CHAIN)).toEqual(project);
  });

  it("does nothing the second time, for any project and any edit", () => {
    fc.assert(
      fc.property(
        someTasks,
        someTasks,
        fc.infiniteStream(fc.constantFrom("complete", "failed", "skipped", "new")),
        (a, b, any) => {
          const before = merge(EMPTY_PROJECT, a);
          const recorded = { ...before, tasks: before.tasks.map((one) => ({ ...one, state: any.next().value })) };
          const once = merge(recorded, b);
          expect(merge(once, b)).toEqual(once);
          // Nothing that is complete stands behind something that a merge has set to run.
          for (const { from, to } of projectEdges(once))
            if (task(once, from)?.state === "new" && task(recorded, from)?.state !== "new")
              expect(task(once, to)?.state).toBe("new");
        },
      ),
      { seed: 8 },
    );
  });

  it("of sources without common names comes to the same in any order", () => {
    const sorted = (project: RecordedProject) => [...project.tasks].sort((a, b) => (a.name < b.name ? -1 : 1));
    fc.assert(
      fc.property(someTasks, someTasks, (a, b) => {
        const others = b.map((one) => ({ ...one, name: `x${one.name}`, after: one.after.map((name) => `x${name}`) }));
        const ab = merge(merge(EMPTY_PROJECT, a, "a"), others, "b");
        const ba = merge(merge(EMPTY_PROJECT, others, "b"), a, "a");
        expect(sorted(ab)).toEqual(sorted(ba));
      }),
      { seed: 6 },
    );
  });
});

describe("9. the document", () => {
  it.each(["yaml", "json"] as const)("goes to %s and back without a loss, states, history and all", async (format) => {
    const first = await run(merge(EMPTY_PROJECT, CHAIN), { align: 2 });
    const project = merge(
      first.project,
      edit("align", { cmd: "align: 'x' # {y}\n\tz", methods: { text: "any\n" } }).slice(0, 2),
    );
    const text = writeProject(project, format);
    expect(readProject(text)).toEqual({ project, warnings: [] });
    expect(writeProject(readProject(text).project, format)).toBe(text);
    expect(text).toContain("call");
    expect(JSON.parse(writeProject(project, "json"))).toMatchObject({
      directed: true,
      multigraph: false,
      nodes: [{ id: "fetch", obj: { state: "complete" } }, { id: "align" }, { id: "call", obj: { state: "orphaned" } }],
      links: [{ source: "fetch", target: "align" }],
    });
  });

  it("of a newer version is read with a warning, and a damaged one is refused by line", () => {
    const text = writeProject(merge(EMPTY_PROJECT, CHAIN));
    const newer = readProject(text.replace("millrace_project: 1", "millrace_project: 7"), "project.yaml");
    expect(newer.warnings).toEqual([expect.stringContaining("project.yaml is of version 7")]);
    expect(newer.project.tasks).toHaveLength(3);
    expect(() => readProject(text.replace("state: new", "state: done"), "project.yaml")).toThrow(
      /project\.yaml:10:7: nodes\[0\]\.obj\.state must be one of new, pending/,
    );
  });
});

describe("10. what is wrong is found before anything runs", () => {
  it.each([
    [
      "an unknown name",
      "- name: a\n  cmd: x\n- name: b\n  after: [aa]\n",
      /tasks\.yaml:4:3: \[1\]\.after of b names "aa", which is no task\. Did you mean "a"\?/,
    ],
    [
      "an unmatched input",
      "- {name: a, output: x.bam}\n- {name: b, input: y.bam}\n",
      /2:13: \[1\]\.input of b is "y\.bam", and no task has such an output/,
    ],
    [
      "an unmatched pattern of inputs",
      "- {name: b, input-re: '.*bam'}\n",
      /1:13: \[0\]\.input-re of b is "\.\*bam", which meets no output/,
    ],
    [
      "a name given twice",
      "tasks:\n- name: a\n- name: a\n",
      /3:3: tasks\[1\]\.name is "a", as is that of tasks\[0\] \(line 2\)/,
    ],
    ["an unknown reset", "- {name: a, reset: b}\n", /1:13: \[0\]\.reset of a names "b", which is no task/],
    [
      "a cycle",
      "- {name: a, after: c}\n- {name: b, after: a}\n- {name: c, after: b}\n",
      /a waits for c waits for b waits for a/,
    ],
    [
      "a directive of another form",
      "- name: a\n  cmd: [x]\n  retry: -1\n  mem: lots\n",
      /2:3: \[0\]\.cmd must be a text, not \["x"\].*3:3: .*4:3: \[0\]\.mem must be a size/s,
    ],
    ["an expression that is none", "- {name: a, after-re: '('}\n", /1:13: \[0\]\.after-re is no regular expression/],
    ["a key given twice", "- name: a\n  name: b\n", /2:3: The document is no YAML: Map keys must be unique/],
    [
      "an alias to nothing",
      "tasks: *nope\n",
      /1:8: The document cannot be read: The alias \*nope names an anchor that is not above it/,
    ],
    [
      "aliases without measure",
      [
        "a: &a [1, 1, 1, 1, 1, 1, 1, 1]",
        ...[..."bcdefgh"].map((name, i) => `${name}: &${name} [${Array(9).fill(`*${"abcdefg"[i]}`).join(", ")}]`),
        "tasks: *h",
        "",
      ].join("\n"),
      /The file holds more than 2000000 values/,
    ],
    [
      "what objects inherit",
      "- name: a\n  __proto__: { cmd: x }\n",
      /2:3: The document cannot be read: The name __proto__ cannot be used here/,
    ],
    [
      "a depth without end",
      `- ${"[".repeat(20_000)}\n`,
      /1:\d+: The document is no YAML: values stand more than 100 deep in each other/,
    ],
    ["no tasks", "[]", /has no tasks/],
    ["no list", "steps: 3", /1:1: tasks must be a list of tasks, or a mapping with `tasks`\./],
    ["a job", "tasks:\n  a: { task: Fetch }\n", /1:1: tasks must be a list of tasks, .*; a job is for `flow run`\./],
  ])("%s", (_, text, message) => {
    expect(refusal(text)).toMatch(message);
  });
});

describe("10. what is most likely a mistake", () => {
  const warnings = (tasks: unknown) => buildTasks(tasks, { file: "t.yaml" }).warnings.map(issueText);

  it.each([
    ["aftr", "after"],
    ["inputs", "input"],
    ["retri", "retry"],
    ["sbatch-args", "sbatch_args"],
    ["Cmd", "cmd"],
    ["nam", "name"],
  ])("a directive %s that has no effect is told with its place, and kept", (name, meant) => {
    const text = `- name: a\n  cmd: x\n- cmd: y\n  ${name}: a\n- { cmd: z, ${name}: a }\n`;
    expect(warnings(text)).toEqual([`t.yaml:4:3: [1].${name} has no effect (in 2 tasks). Did you mean "${meant}"?`]);
    const project = merge(EMPTY_PROJECT, text);
    expect(project.tasks[1]?.directives[name]).toBe("a");
    const document = writeProject(project);
    expect(readProject(document, "p.yaml")).toEqual({
      project,
      warnings: [
        expect.stringMatching(new RegExp(`^p\\.yaml:\\d+:9: nodes\\[1\\]\\.obj\\.directives\\.${name} has no effect`)),
      ],
    });
  });

  it("directives of one's own are none, nor one that the identity names", () => {
    const own = ["gpus", "description", "note", "script", "genome", "methods", "threads", "time"];
    expect(warnings([{ cmd: "x", ...Object.fromEntries(own.map((name) => [name, 1])) }])).toEqual([]);
    expect(warnings([{ cmd: "x", inputs: "a", identity: ["cmd", "inputs"] }])).toEqual([]);
  });

  it("a document of a version that never was is refused", () => {
    for (const version of ["0", "-1", "1.5", "one"])
      expect(() => readProject(writeProject(EMPTY_PROJECT).replace("project: 1", `project: ${version}`))).toThrow(
        /millrace_project must be the version of the document/,
      );
  });
});

describe("11. edges", () => {
  it("are the same, whichever end says them and in whichever way", () => {
    const [a, b, c] = [{ name: "a1" }, { name: "a2" }, { name: "b" }];
    const variants = [
      [a, b, { ...c, after: ["a1", "a2"] }],
      [{ ...a, before: "b" }, { ...b, before: ["b"] }, c],
      [a, b, { ...c, "after-re": "a\\d" }],
      [{ ...a, "before-re": "b.*" }, { ...b, "before-re": "b" }, c],
      [
        { ...a, output: "x.bam" },
        { ...b, output: ["x.bam", "y"] },
        { ...c, input: "x.bam" },
      ],
      [
        { ...a, output: "1.bam" },
        { ...b, output: "2.bam" },
        { ...c, "input-re": ".*\\.bam" },
      ],
    ];
    for (const variant of variants) expect(edges(variant)).toEqual(["a1 > b", "a2 > b"]);
  });

  it("agree for any graph", () => {
    fc.assert(
      fc.property(someTasks, (tasks) => {
        const escaped = tasks.map(({ after, ...one }) => (after.length > 0 ? { ...one, "after-re": after } : one));
        const before = tasks.map(({ after: _, ...one }) => ({
          ...one,
          before: tasks.filter(({ after }) => after.includes(one.name)).map(({ name }) => name),
        }));
        const files = tasks.map(({ after, ...one }) => ({ ...one, input: after, output: one.name }));
        for (const variant of [escaped, before, files]) expect(edges(variant)).toEqual(edges(tasks));
      }),
      { seed: 11 },
    );
  });

  it("of patterns meet whole names only, and never the task itself", () => {
    expect(edges([{ name: "a" }, { name: "aa" }, { name: "b", "after-re": "a|b" }])).toEqual(["a > b"]);
  });
});

describe("12. retry", () => {
  it("waits as long as the task says, and longer each time", async () => {
    const { graph } = projectGraph(
      merge(EMPTY_PROJECT, [{ name: "a", cmd: "a", retry: 3, "retry-delay": "10s", "retry-backoff": "exponential" }]),
    );
    const clock = new HastyClock();
    await using engine = await openTestEngine({ commands: { spawn: () => 75 }, clock });
    await engine.start(graph ?? { version: 1, nodes: [], edges: [] }).outcome();
    expect(clock.pauses.filter((ms) => ms >= 10_000)).toEqual([10_000, 20_000, 40_000]);
  });

  it("gives a task so many further attempts", async () => {
    const { project } = await run(merge(EMPTY_PROJECT, [{ name: "a", cmd: "a", retry: 2 }]), { a: [1, 1, 0] });
    expect(task(project, "a")).toMatchObject({ state: "complete", outcome: { code: 0, attempts: 3 } });
    const { tries = [], startedAt, endedAt } = task(project, "a")?.outcome ?? {};
    const error = "[command-failed] The command of a ended with code 1.";
    expect(tries).toMatchObject([{ code: 1, error }, { code: 1, error }, { code: 0 }]);
    const times = tries.flatMap((one) => [one.startedAt, one.endedAt]);
    expect(times).toEqual([...times].sort());
    expect([times[0], times.at(-1)]).toEqual([startedAt, endedAt]);
    expect(readProject(writeProject(project))).toEqual({ project, warnings: [] });
  });
});

describe("13. reset", () => {
  it("takes with a task what its `reset` names, and what stands behind that", async () => {
    const tasks = edit("call", { reset: "predecessors" }).concat([{ name: "side", cmd: "side", after: "align" }]);
    const { project } = await run(merge(EMPTY_PROJECT, tasks));
    expect(states(resetTasks(project, ["call"]))).toEqual({
      fetch: "complete",
      align: "new",
      call: "new",
      side: "new",
    });
    const all = edit("call", { reset: "ancestors" });
    expect(nodesOf(resetTasks((await run(merge(EMPTY_PROJECT, all))).project, ["call"]))).toEqual([
      "fetch",
      "align",
      "call",
    ]);
  });

  it("comes to an end where tasks reset each other", async () => {
    const { project } = await run(
      merge(EMPTY_PROJECT, [{ name: "a", reset: "b" }, { name: "b", reset: "a" }, { name: "c" }]),
    );
    expect(states(resetTasks(project, ["b"]))).toEqual({ a: "new", b: "new", c: "complete" });
    expect(() => resetTasks(project, ["bb"])).toThrow('The project has no task "bb"');
  });
});

describe("14. what stands behind a failed task", () => {
  it("is blocked by name, not waited for, while the rest runs", async () => {
    const { project } = await run(merge(EMPTY_PROJECT, CHAIN), { align: 1 });
    const more = merge(project, [
      ...CHAIN,
      { name: "late", cmd: "late", after: "call" },
      { name: "later", after: "late" },
      { name: "free" },
    ]);
    const { graph, blocked } = projectGraph(more);
    expect(graph?.nodes.map(({ id }) => id)).toEqual(["free"]);
    expect(blocked).toEqual([
      { name: "late", by: "call" },
      { name: "later", by: "late" },
    ]);
  });
});

describe("17. selectors", () => {
  it.each([
    ["fetch", ["fetch"]],
    ["*al*", ["align", "call"]],
    ["/^(a|c)/", ["align", "call"]],
    ["state:failed", ["align"]],
    ["state:skipped", ["call"]],
    ["tag:night*", ["fetch"]],
    ["source:main", ["fetch", "align", "call"]],
    ["+align", ["fetch", "align"]],
    ["align+", ["align", "call"]],
    ["+align+", ["fetch", "align", "call"]],
    ["state:failed+", ["align", "call"]],
    ["nothing*", []],
    ["tag:nothing", []],
  ])("%s", async (selector, expected) => {
    const { project } = await run(merge(EMPTY_PROJECT, edit("fetch", { tags: "nightly" })), { align: 1 });
    expect(selectTasks(project, [selector]).map(({ name }) => name)).toEqual(expected);
  });

  it.each(["", "state:done", "/(/"])("%j is refused", (selector) => {
    expect(() => selectTasks(EMPTY_PROJECT, [selector])).toThrow("selects no tasks");
  });

  it("choose what runs", () => {
    const project = merge(EMPTY_PROJECT, CHAIN);
    const tasks = selectTasks(project, ["+align"]).map(({ name }) => name);
    expect(projectGraph(project, { tasks, name: "part" }).graph).toMatchObject({
      name: "part",
      nodes: [{ id: "fetch" }, { id: "align" }],
      edges: [{ from: "fetch", to: "align" }],
    });
  });
});

describe("19. directives of a task", () => {
  it("are options and parameters of its node; a task without a command is a step that does nothing", () => {
    const tasks = [
      { name: "a", cmd: "a", cpus: 2, mem: "4G", retry: 1, timeout: "5m", tags: "t", stdout: "a.log", anything: [1] },
      { name: "b" },
      { name: "c", cmd: "c", retry: 3, "retry-delay": "30s", "retry-backoff": "exponential" },
      { name: "d", cmd: "d", "retry-delay": "30s" },
    ];
    expect(projectGraph(merge(EMPTY_PROJECT, tasks)).graph?.nodes).toEqual([
      {
        id: "a",
        run: { shell: "a" },
        params: { stdout: { value: "a.log" } },
        options: { retry: { attempts: 2 }, timeout: "5m", resources: { cpus: 2, memory: 4096 }, tags: ["t"] },
      },
      { id: "b", run: { shell: ":" } },
      { id: "c", run: { shell: "c" }, options: { retry: { attempts: 4, delay: "30s", backoff: "exponential" } } },
      { id: "d", run: { shell: "d" } },
    ]);
    expect(() => buildTasks([{ name: "a", retry: 1, "retry-delay": "soon", "retry-backoff": "double" }])).toThrow(
      /retry-delay must be a duration[\s\S]*retry-backoff must be "fixed", "linear" or "exponential"/,
    );
  });
});

/** Tasks with some commands, each after some that come before it. */
const someTasks = fc
  .array(fc.record({ cmd: fc.constantFrom("x", "y"), before: fc.array(fc.nat({ max: 6 }), { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 7,
  })
  .map((drawn) =>
    drawn.map(({ cmd, before }, i) => ({
      name: `t${i}`,
      cmd,
      after: [...new Set(before.filter((at) => at < i))].map((at) => `t${at}`),
    })),
  );

it("containers: the directives `container`, `digest`, `walltime` and `sbatch_args` reach whoever runs the task", () => {
  const digest = "0".repeat(64);
  const project = merge(EMPTY_PROJECT, [
    { name: "align", cmd: "bwa mem", container: "bwa:0.7", digest, cpus: 2, env: { A: 1 } },
    { name: "sort", cmd: "sort", walltime: "1-12:00:00", sbatch_args: ["--partition", "long"] },
    { name: "barrier", container: "bwa:0.7", after: ["align", "sort"] },
  ]);
  expect(projectGraph(project).graph?.nodes).toEqual([
    {
      id: "align",
      run: { container: "bwa:0.7" },
      params: {
        env: { value: { A: 1 } },
        args: { value: ["bash", "-c", "bwa mem"] },
        digest: { value: digest },
      },
      options: { resources: { cpus: 2 } },
    },
    {
      id: "sort",
      run: { shell: "sort" },
      params: { hints: { value: { walltime: "1-12:00:00", sbatch_args: ["--partition", "long"] } } },
    },
    { id: "barrier", run: { shell: ":" } },
  ]);
  expect(() =>
    buildTasks([{ name: "a", cmd: "x", container: "--privileged", digest: "abc", walltime: "soon" }]),
  ).toThrow(/container[\s\S]*digest[\s\S]*walltime/);
});
