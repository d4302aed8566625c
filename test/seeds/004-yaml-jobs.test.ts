/** YAML jobs, by the scenarios that their ancestor's README and its later versions give. */
import { existsSync, readFileSync } from "node:fs";
import type { TestProject } from "@millrace/testing";
import { type JobGraph, readJob } from "millrace/jobs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobProject, printed } from "./job-project.js";

let project: TestProject;
beforeAll(async () => {
  project = await jobProject();
});
afterAll(() => project.remove());

/** The task's own lines of the log that probes write. */
function lines(file: string): readonly string[] {
  return existsSync(project.path(file)) ? readFileSync(project.path(file), "utf8").trim().split("\n") : [];
}

const states = (shown: { steps: readonly { node: string; state: string; attempts: number }[] }): object =>
  Object.fromEntries(shown.steps.map(({ node, state, attempts }) => [node, `${state} ${attempts}`]));

test("1. the README's job: two tasks complete, the third runs three times, the exit code is 1", async () => {
  const ended = await project.flow("run", "job.yaml", "--id", "readme");
  expect(ended.code).toBe(1);
  const out = printed(ended.stderr);
  expect([...out].sort()).toEqual(
    [
      "succeed-task-a Starting up and sleeping for 5 seconds!",
      "succeed-task-a Done!",
      "succeed-task-b Success!",
      ...Array(3).fill("final-fail-task Printing `my_var` value: Hello from: My First Task!!"),
    ].sort(),
  );
  expect(out.slice(-3)).toEqual(Array(3).fill("final-fail-task Printing `my_var` value: Hello from: My First Task!!"));
  expect(ended.stderr).not.toMatch(/internal-bug/);
  const shown = (await project.flow("show", "readme", "--json")).json<Parameters<typeof states>[0]>();
  expect(states(shown)).toEqual({
    "succeed-task-a": "succeeded 1",
    "succeed-task-b": "succeeded 1",
    "final-fail-task": "failed 3",
  });
});

test("2. all that is wrong with all tasks is told before anything starts, with its place", async () => {
  project.write(
    "wrong.yaml",
    `tasks:
  a:
    task: WaitAndSucceed
    parameters:
      my_optional_int_var: five
  b:
    task: DownloadDataFromRestApi
    parameters:
      api_details:
        base_url: x
        endpoint: 7
        protocl: HTTP
      target_dir: /tmp
      target_file: x
`,
  );
  const ended = await project.flow("run", "wrong.yaml", "--json");
  expect(ended.code).toBe(2);
  const places = ended.stderr.split("\n").filter((line) => line.startsWith("wrong.yaml:"));
  expect(places).toEqual([
    "wrong.yaml:4:5 error job-invalid",
    "wrong.yaml:5:7 error job-invalid",
    "wrong.yaml:11:9 error job-invalid",
    "wrong.yaml:12:9 error job-invalid",
    "wrong.yaml:14:7 error job-invalid",
  ]);
  const { error } = ended.json<{ error: { code: string; data: { diagnostics: readonly unknown[] } } }>();
  expect([error.code, error.data.diagnostics.length]).toEqual(["job-invalid", 5]);
  const runs = (await project.flow("runs", "--json")).json<readonly { flow: string }[]>();
  expect(runs.filter(({ flow }) => flow === "wrong")).toEqual([]);
});

test("3. dependants of what failed are skipped, at any distance; the others complete", async () => {
  project.write(
    "chain.yaml",
    `tasks:
  bad: { task: Probe, parameters: { name: bad, needs: ./never } }
  next: { task: Probe, parameters: { name: next }, dependencies: [bad] }
  last: { task: Probe, parameters: { name: last }, after: next }
  free: { task: Probe, parameters: { name: free } }
`,
  );
  const ended = await project.flow("run", "chain.yaml", "--json");
  expect(ended.code).toBe(1);
  expect(ended.json()).toMatchObject({ steps: { total: 4, succeeded: 1, failed: 1, skipped: 2 } });
});

describe("7. -r", () => {
  const yaml = (last = ""): string => `config: { name: again }
tasks:
  done: { task: Probe, parameters: { name: done, journal: again.log } }
  fails: { task: Probe, parameters: { name: fails, journal: again.log, needs: again.gate }, dependencies: done }
  behind: { task: Probe, parameters: { name: behind, journal: again.log }, dependencies: fails }
${last}`;

  test("without an unfinished run starts a fresh one, and says so; after a failure it runs what has not succeeded", async () => {
    project.write("again.yaml", yaml());
    const first = await project.flow("run", "again.yaml", "-r");
    expect([first.code, first.stderr]).toEqual([1, expect.stringContaining("No run of again is unfinished")]);
    project.write("again.gate", "");
    const second = await project.flow("run", "again.yaml", "-r", "--json");
    expect(second.json()).toMatchObject({ status: "succeeded", steps: { total: 3, succeeded: 3, restored: 1 } });
    // Only what had failed is told that it begins again.
    expect(lines("again.log")).toEqual(["run done", "run fails", "restart fails", "run fails", "run behind"]);
    const third = await project.flow("run", "again.yaml", "-r");
    expect([third.code, third.stderr]).toEqual([0, expect.stringContaining("No run of again is unfinished")]);
  });

  test("9. with another definition names what differs and starts nothing", async () => {
    project.write("other.yaml", yaml().replace("name: again", "name: other").replaceAll("again.gate", "other.gate"));
    expect((await project.flow("run", "other.yaml", "--id", "other-1")).code).toBe(1);
    const changed = yaml("  new: { task: Cleanup }\n")
      .replace("name: again", "name: other")
      .replaceAll("again.gate", "other.gate")
      .replace("name: behind, journal", "name: changed, journal")
      .replace(/ {2}done: .*\n/, "")
      .replace(", dependencies: done", "");
    project.write("other.yaml", changed);
    const ended = await project.flow("run", "other.yaml", "-r");
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("error[run-differs]");
    expect(ended.stderr).toContain("added: new");
    expect(ended.stderr).toContain("removed: done");
    expect(ended.stderr).toContain("changed: fails, behind");
    // To accept it is to go on with what the run was started with.
    project.write("other.gate", "");
    expect((await project.flow("resume", "other-1", "--json")).json()).toMatchObject({ status: "succeeded" });
  });
});

describe("10. limits and retries", () => {
  const graphOf = (config: string, task = ""): JobGraph | undefined => {
    project.write("limits.yaml", `config: { ${config} }\ntasks: { a: { task: Cleanup, ${task} } }\n`);
    const { document, diagnostics } = readJob(project.path("limits.yaml"));
    expect(diagnostics).toEqual([]);
    return document && "graph" in document ? document.graph : undefined;
  };

  test("max_concurrency is the window of the graph, and 0 is none", async () => {
    expect(graphOf("max_concurrency: 2")).toMatchObject({ window: 2 });
    for (const none of ["max_concurrency: 0", "max_concurrency: -1", ""])
      expect(graphOf(none)).not.toHaveProperty("window");
    const ended = await project.flow("run", "limits.yaml", "--max-concurrency", "1");
    expect(ended.code).toBe(0);
  });

  test.each([
    ["max_concurrency: 2", [], 2],
    ["max_concurrency: 0", [], 6],
    ["max_concurrency: 0", ["--max-concurrency", "3"], 3],
  ])("of six tasks, with %s and %j, %i run at once", async (config, args, most) => {
    // Each waits until as many have begun as may run at once: with fewer they would never end.
    project.write(
      "src/beside.ts",
      `import { appendFileSync, readFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { param, Task, task } from "millrace";
@task({ io: true })
export class Beside extends Task<void> {
  @param() most!: number;
  async run(): Promise<void> {
    appendFileSync("beside.log", "+\\n");
    while (readFileSync("beside.log", "utf8").split("+").length <= this.most) await setImmediate();
    appendFileSync("beside.log", "-\\n");
  }
}
`,
    );
    const tasks = [1, 2, 3, 4, 5, 6].map((n) => `  t${n}: { task: Beside, parameters: { most: ${most} } }\n`).join("");
    project.write("beside.log", "");
    project.write("beside.yaml", `config: { ${config} }\ntasks:\n${tasks}`);
    expect((await project.flow("run", "beside.yaml", ...args)).code).toBe(0);
    let [now, peak] = [0, 0];
    for (const line of lines("beside.log")) {
      now += line === "+" ? 1 : -1;
      peak = Math.max(peak, now);
    }
    expect([lines("beside.log").length, peak]).toEqual([12, most]);
  });

  test.each([
    ["max_attempts: 3", { retry: { attempts: 3 } }],
    ["max_attempts: 3, backoff: 2", { retry: { attempts: 3, delay: 2_000 } }],
    ["max_attempts: 3, backoff: 250ms", { retry: { attempts: 3, delay: "250ms" } }],
    [
      "retry: { attempts: 4, backoff: exponential, delay: 1s }",
      { retry: { attempts: 4, backoff: "exponential", delay: "1s" } },
    ],
    [
      "max_attempts: 2, options: { retry: { jitter: 0.5 }, priority: 3 }, timeout: 30s",
      { retry: { attempts: 2, jitter: 0.5 }, priority: 3, timeout: "30s" },
    ],
  ])("%s", (task, options) => expect(graphOf("", task)?.nodes[0]?.options).toEqual(options));
});

describe("18. parts of a job", () => {
  const PARTS = `tasks:
  a: { task: Probe, parameters: { name: a, journal: parts.log } }
  b: { task: Probe, parameters: { name: b, journal: parts.log }, after: a }
  c: { task: Probe, parameters: { name: c, journal: parts.log }, after: b }
  d: { task: Probe, parameters: { name: d, journal: parts.log } }
`;

  test.each([
    [["--skip", "b"], "a c d"],
    [["--skip", "b", "--skip", "d"], "a c"],
    [["--run-to", "b"], "a b"],
    [["--run-from", "b"], "b c"],
    [["--run-from", "b", "--run-to", "b"], "b"],
  ])("%j runs %s", async (args, names) => {
    project.write("parts.yaml", PARTS);
    project.write("parts.log", "");
    expect((await project.flow("run", "parts.yaml", ...args)).code).toBe(0);
    const ran = lines("parts.log").map((line) => line.replace("run ", ""));
    expect([...ran].sort().join(" ")).toBe(names);
    // What is left out counts as over.
    if (names.startsWith("a c")) expect(ran.indexOf("a")).toBeLessThan(ran.indexOf("c"));
  });

  test("an unknown name is refused", async () => {
    project.write("parts.yaml", PARTS);
    const ended = await project.flow("run", "parts.yaml", "--skip", "bb");
    expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining("error[unknown-node]")]);
  });
});

describe("11. includes", () => {
  test("the README's chain gives the job that it says", () => {
    const { document, diagnostics } = readJob(project.path("jobdefs/complete.yaml"));
    expect(diagnostics).toEqual([]);
    expect(document).toEqual({
      graph: {
        version: 1,
        name: "complete-job",
        nodes: [
          {
            id: "do-something",
            run: { task: "DoSomething" },
            params: {
              some_required_param: { value: "I am a required string parameter" },
              added_optional_param: { value: 99 },
            },
          },
          { id: "cleanup", run: { task: "Cleanup" } },
        ],
        edges: [{ from: "do-something", to: "cleanup" }],
      },
    });
  });

  test("both ways of including run alike", async () => {
    project.write(
      "jobdefs/both.yaml",
      `config: { name: both }
include: [./template.yaml, ./cleanup_addon.yaml]
tasks: { do-something: { parameters: { added_optional_param: 99 } } }
`,
    );
    const ended = await project.flow("run", "jobdefs/both.yaml");
    expect([ended.code, JSON.parse(ended.stdout)]).toEqual([0, { cleanup: "clean" }]);
  });

  test("what is wrong in an included file is shown there", async () => {
    project.write("jobdefs/part.yaml", "tasks:\n  x:\n    task: Cleanupp\n");
    project.write("jobdefs/uses.yaml", "include: part.yaml\n");
    const ended = await project.flow("run", "jobdefs/uses.yaml");
    expect([ended.code, ended.stderr]).toEqual([
      2,
      expect.stringContaining("jobdefs/part.yaml:3:11 error job-invalid"),
    ]);
  });
});

test.each([
  ["an unknown dependency", "a: { task: Cleanup, dependencies: [b] }", /"tasks\.a" waits for "b", which is no task/],
  ["a task that waits for itself", "a: { task: Cleanup, dependencies: [a] }", /"tasks\.a" waits for itself/],
  [
    "a cycle",
    "a: { task: Cleanup, after: b }\n  b: { task: Cleanup, after: c }\n  c: { task: Cleanup, after: a }",
    /none would ever begin: a waits for b waits for c waits for a/,
  ],
  ["an unknown task", "a: { task: Clean }", /"tasks\.a\.task" is "Clean", and the build has no such task/],
  ["no tasks", "", /The job has no tasks|The job lacks "tasks"/],
])("12. %s is refused before anything starts", async (_, tasks, message) => {
  project.write("refused.yaml", `tasks:\n  ${tasks}\n`);
  const ended = await project.flow("run", "refused.yaml");
  expect(ended.code).toBe(2);
  expect(ended.stderr).toMatch(message);
  expect(ended.stderr).not.toMatch(/internal-bug/);
});

describe("13. variables", () => {
  test("come from the environment, the command line and the system, keep their types, and can be escaped", async () => {
    project.write(
      "variables.yaml",
      `tasks:
  a:
    task: Echo
    parameters:
      text: "$ENV{SECOND_MS} $VAR{who} $SYS{APP_ROOT_DIR} $VAR{none:nobody} $$ENV{X}"
      times: $VAR{times}
      flag: $VAR{none:true}
      more: { items: ['$ENV{X}'], depth: 2 }
`,
    );
    const ended = await project.flow(
      "run",
      "variables.yaml",
      "--var",
      `who=Ann=$${"{{ tasks.a.result }}"}`,
      "--var",
      "times=3",
    );
    const { a } = JSON.parse(ended.stdout) as { a: string };
    expect(JSON.parse(a)).toEqual({
      text: `1 Ann=$${"{{ tasks.a.result }}"} ${project.root} nobody $ENV{X}`,
      times: 3,
      flag: true,
      more: { items: ["$ENV{X}"], depth: 2 },
    });
    const unset = await project.flow("run", "variables.yaml", "--var", "who=Ann");
    expect([unset.code, unset.stderr]).toEqual([
      2,
      expect.stringContaining("variables.yaml:6:14 error job-variable-unset"),
    ]);
    expect(unset.stderr).toContain("$VAR{times} has no value, and no default.");
  });
});

describe("results of other tasks", () => {
  test("are given whole, in parts, inside mappings and in texts; who takes one waits for it", async () => {
    project.write(
      "results.yaml",
      `tasks:
  last:
    task: Echo
    parameters:
      text: "\${{ tasks.first.result.rows.0.label }} of \${{ tasks.first.result.count }}; $\${{ x }}"
      times: \${{ tasks.first.result.count }}
      more: { items: [a, "\${{ tasks.first.result.rows.0.label }}"], depth: "\${{ tasks.first.result.rows.0.id }}" }
  first: { task: Probe, parameters: { name: Ann } }
`,
    );
    const ended = await project.flow("run", "results.yaml");
    const { last } = JSON.parse(ended.stdout) as { last: string };
    expect(JSON.parse(last)).toEqual({
      text: `row of Ann of 3; $${"{{ x }}"}`,
      times: 3,
      more: { items: ["a", "row of Ann"], depth: 1 },
    });
  });

  test("are checked by the types of the build, before a run and by `flow check`", async () => {
    project.write(
      "jobs/typed.yaml",
      `tasks:
  first: { task: Probe, parameters: { name: "$VAR{name}" } }
  last:
    task: Echo
    parameters:
      text: \${{ tasks.first.result.rows.0.lable }}
      times: \${{ tasks.first.result.name }}
      flag: \${{ tasks.frist.result }}
  text: { task: Echo, parameters: { text: "all: \${{ tasks.first.result.rows }}" } }
  list: { task: Echo, parameters: { text: x, more: { items: [a, "\${{ tasks.first.result.count }}"], depth: 1 } } }
  beside:
    task: Echo
    parameters:
      text: x
      more:
        items: ["\${{ tasks.first.result.rows.0.label }}", 7]
        depth: deep
        dept: 1
  lacks: { task: Echo, parameters: { text: x, more: { items: ["\${{ tasks.first.result.rows.0.label }}"] } } }
`,
    );
    project.write("jobs/_part.yaml", "tasks: { first: { parameters: { nonsense: 1 } } }");
    const places = [
      "jobs/typed.yaml:6:7 error job-reference-invalid",
      "jobs/typed.yaml:7:7 error job-reference-invalid",
      "jobs/typed.yaml:8:13 error job-reference-invalid",
      "jobs/typed.yaml:9:37 error job-reference-invalid",
      "jobs/typed.yaml:10:65 error job-reference-invalid",
      // What stands beside references is checked as if they were not there.
      "jobs/typed.yaml:16:59 error job-invalid",
      "jobs/typed.yaml:17:9 error job-invalid",
      "jobs/typed.yaml:18:9 error job-invalid",
      "jobs/typed.yaml:19:47 error job-invalid",
    ];
    const found = (stderr: string): readonly string[] => stderr.split("\n").filter((line) => line.startsWith("jobs/"));
    const checked = await project.flow("check", "--json");
    expect(checked.code).toBe(3);
    expect(checked.json()).toMatchObject({ ok: false, counts: { errors: 9 } });
    expect(found(checked.stderr)).toEqual(places);
    expect(checked.stderr).toContain('there is no "lable" in it. Did you mean "label"?');
    expect(checked.stderr).toContain("which is string; it has to be number");
    const run = await project.flow("run", "jobs/typed.yaml", "--var", "name=x");
    expect([run.code, found(run.stderr)]).toEqual([2, places]);
    project.write("jobs/typed.yaml", 'tasks: { first: { task: Probe, parameters: { name: "$VAR{name}" } } }');
    expect((await project.flow("check")).code).toBe(0);
  });
});

test("`flow build` writes a schema for editors, with the tasks of the project, once", async () => {
  await using other = await project.copy();
  other.write("jobs/any.yaml", "tasks: { a: { task: Cleanup } }");
  const written = async (): Promise<readonly string[]> =>
    (await other.flow("build", "--json")).json<{ written: readonly string[] }>().written;
  expect(await written()).toContain(".flow/job.schema.json");
  expect(JSON.parse(other.read(".flow/job.schema.json"))).toMatchObject({
    $defs: {
      "task:Probe": { description: expect.stringContaining("Says who ran"), properties: { name: { type: "string" } } },
    },
  });
  expect(await written()).toEqual([]);
});

test("a task that a job file names is not unused", async () => {
  await using other = await project.copy();
  other.write("jobs/any.yaml", 'tasks: { a: { task: Echo, parameters: { text: "$VAR{text}" } } }');
  other.write(
    "src/flow.ts",
    `import { Flow, flow } from "millrace";
import { Cleanup } from "./mytasks.js";
@flow() export class Tidy extends Flow<string> {
  async run(): Promise<string> { return await this.call(Cleanup, {}); }
}
`,
  );
  const unused = async (command: string): Promise<readonly unknown[]> => {
    const { diagnostics } = (await other.flow(command, "--json")).json<{
      diagnostics: readonly { code: string; data: { task?: string } }[];
    }>();
    return diagnostics.flatMap(({ code, data }) => (code === "task-unused" ? [data.task] : []));
  };
  for (const command of ["check", "build"]) {
    expect(await unused(command)).not.toContain("Echo");
    expect(await unused(command)).toContain("Login");
  }
});

test("in a program, too, all that is wrong is told with its place when the job is started", async () => {
  project.write(
    "program.yaml",
    "tasks:\n  a:\n    task: Cleanupp\n  b: { task: Echo, parameters: { txt: 1, times: x } }\n",
  );
  project.write(
    "program.mjs",
    `import { openEngine } from "millrace/engine";
import { loadJob } from "millrace/jobs";
const engine = await openEngine();
try {
  engine.start(loadJob("program.yaml"));
} catch ({ code, message }) {
  console.log(JSON.stringify([code, ...message.match(/program.yaml:\\d+:\\d+ "[^"]+"/g)]));
}
await engine.close();
`,
  );
  expect((await project.node([project.path("program.mjs")]).done).json()).toEqual([
    "job-invalid",
    'program.yaml:3:11 "tasks.a.task"',
    'program.yaml:4:34 "tasks.b.parameters.txt"',
    'program.yaml:4:42 "tasks.b.parameters.times"',
  ]);
});

test("a secret is given by the name of where it is kept", async () => {
  project.write(
    "secret.yaml",
    "tasks: { in: { task: Login, parameters: { password: { secret: { file: password } } } } }",
  );
  project.write("password", "swordfish\n");
  const ended = await project.flow("run", "secret.yaml");
  expect([ended.code, JSON.parse(ended.stdout)]).toEqual([0, { in: 9 }]);
});

test("14, 15, 16. loggers and extensions of the file watch its runs; loggers replace the default unless it is among them", async () => {
  project.write(
    "watchers/mine.mjs",
    `import { appendFileSync } from "node:fs";
const file = new URL("../told", import.meta.url);
export class Mine {
  constructor({ mark }) { this.mark = mark; }
  write({ name, message, event }) { if (!event) appendFileSync(file, this.mark + name + ": " + message + "\\n"); }
}
export const states = { update: ({ subject, name, to }) => { if (subject === "step") appendFileSync(file, name + " " + to + "\\n"); } };
`,
  );
  const job = (more: string): void =>
    project.write(
      "watched.yaml",
      `config: { name: watched, extension_directories: [watchers] }
tasks: { ask: { task: ImmediatelySucceed } }
${more}`,
    );
  const mine = "loggers:\n  mine: { logger: Mine, parameters: { mark: '> ' } }\n";
  job(mine);
  const ended = await project.flow("run", "watched.yaml", "--id", "w1");
  expect(ended.code, ended.stderr).toBe(0);
  expect(project.read("told")).toContain("> ask: ");
  expect(existsSync(project.path(".flow/logs/w1"))).toBe(false);

  job(`${mine}  files: { logger: FileLogger, parameters: { base_log_dir: ./my_custom_log_dir, retention_days: 3 } }
extensions:
  states: { extension: states }
`);
  expect((await project.flow("run", "watched.yaml", "--id", "w2")).code).toBe(0);
  expect(project.read("told")).toContain("ask succeeded\n");
  expect(existsSync(project.path("my_custom_log_dir/w2"))).toBe(true);

  const refused: readonly (readonly [string, string])[] = [
    ["loggers: { a: { logger: Min } }", '"loggers.a" cannot be made: there is no "Min".'],
    ["loggers: { a: { loger: Mine } }", "watched.yaml:3:17"],
    ["loggers: { a: Mine }", '"loggers.a" must be { logger, parameters }, not "Mine".'],
    ["loggers: { a: { logger: FileLogger, parameters: { dri: x } } }", '"loggers.a.parameters.dri" cannot be used'],
    ["loggers: [FileLogger]", '"loggers" must be a mapping such as'],
  ];
  for (const [text, message] of refused) {
    job(text);
    const { code, stderr } = await project.flow("run", "watched.yaml", "--id", "w3");
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  }
  expect((await project.flow("runs", "--json")).json()).not.toContainEqual(expect.objectContaining({ id: "w3" }));
});

test("all that is wrong with who watches is told at once, at its parameter; what needs no module by `flow check`, too", async () => {
  await using other = await project.copy();
  other.write(
    "more/mine.mjs",
    `export class Mine {
  static parameters = { type: "object", properties: { size: { type: "number" } }, required: ["size"] };
  write() {}
}
`,
  );
  other.write(
    "jobs/watched.yaml",
    `config: { extension_directories: [more] }
loggers:
  files: { logger: FileLogger, parameters: { base_log_dir: 7, retention_dais: 3 } }
  hook:
    variant: Webhook
    params:
      url: $VAR{hook}
      on: [start, sucess]
  keeps: { logger: FileCheckpointer, parameters: { dir: x } }
  mine: { logger: Mine, parameters: { size: big } }
extensions: { bar: { extension: Barr } }
checkpointer: { checkpointer: FileCheckpointer, parameters: { dri: x } }
tasks: { a: { variant: Clean }, b: { task: Cleanup, depends_on: a } }
`,
  );
  const places = (stderr: string): readonly string[] =>
    [...stderr.matchAll(/^jobs\/watched\.yaml:(\S+) error \S+\n"([^"]+)"/gm)].map(
      ([, place, name]) => `${place} ${name}`,
    );
  const builtIn = [
    "3:46 loggers.files.parameters.base_log_dir",
    "3:63 loggers.files.parameters.retention_dais",
    "8:19 loggers.hook.parameters.on[1]",
    "9:20 loggers.keeps",
    "12:63 checkpointer.parameters.dri",
    "13:24 tasks.a.task",
  ];
  expect(places((await other.flow("check")).stderr)).toEqual(builtIn);
  const ended = await other.flow("run", "jobs/watched.yaml", "--var", "hook=https://example.test/");
  expect([ended.code, places(ended.stderr)]).toEqual([
    2,
    [...builtIn.slice(0, 4), "10:39 loggers.mine.parameters.size", "11:33 extensions.bar", ...builtIn.slice(4)],
  ]);
});

test("17. what is shown meanwhile can be chosen, and a ConsoleLogger says it alone", async () => {
  project.write("shown.yaml", "tasks: { a: { task: ImmediatelySucceed } }\n");
  const said = async (...args: readonly string[]): Promise<number | undefined> =>
    (await project.flow("run", "shown.yaml", ...args)).stderr.match(/ a Success!/g)?.length;
  expect(await said()).toBe(1);
  expect(await said("--display", "none")).toBeUndefined();
  project.write("shown.yaml", `${project.read("shown.yaml")}loggers: { console: { logger: ConsoleLogger } }\n`);
  expect(await said()).toBe(1);
  expect(await said("--display", "lines")).toBe(2);
  project.write("shown.yaml", "tasks: { a: { task: FailImmediately } }\n");
  const { code, stderr } = await project.flow("run", "shown.yaml", "--display", "none");
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^failed: .*Let this be caught by Flowmancer\n/)]);
});

test("20. two engines of one process share nothing: each runs the job in a store of its own", async () => {
  await using other = await project.copy();
  project.write("two.mjs", TWO_ENGINES);
  const ended = await project.node([project.path("two.mjs"), project.root, other.root]).done;
  expect(ended.json()).toEqual([
    { result: { cleanup: "clean" }, runs: ["two"] },
    { result: { cleanup: "clean" }, runs: ["two"] },
  ]);
});

const TWO_ENGINES = `
import { openEngine } from "millrace/engine";
import { loadJob } from "millrace/jobs";
const done = await Promise.all(process.argv.slice(2).map(async (cwd) => {
  const engine = await openEngine({ cwd });
  const result = await engine.start(loadJob(cwd + "/jobdefs/complete.yaml"), { id: "two" }).result();
  const runs = (await engine.runs()).filter(({ flow }) => flow === "complete-job").map(({ id }) => id);
  await engine.close();
  return { result, runs };
}));
console.log(JSON.stringify(done));
`;
