/** `flow export`: a flow whose calls are all known is the same run as a job graph and as a job file; for any other each reason is told with its place. */
import { decodeValue, foldRun, type JobGraph, type RunId } from "@millrace/core";
import { loadJob } from "@millrace/jobs";
import { memoryStore, openEngine } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TASKS = `import { param, Task, task } from "millrace";

export interface Seen { id: string; days: { max: number }[]; tags: string[] }

@task
export class Fetch extends Task<Seen> {
  @param() city!: string;
  @param() days = 2;
  run(): Seen {
    return { id: this.city, days: Array.from({ length: this.days }, (_, max) => ({ max })), tags: ["$ENV{HOME}", "\${{ x }}"] };
  }
}

@task
export class Join extends Task<string> {
  @param() parts!: readonly unknown[];
  @param() note: { text: string; deep?: unknown } = { text: "" };
  run(): string {
    return JSON.stringify([this.parts, this.note]);
  }
}
`;

const FLOWS = `import { defineFlow, Flow, flow, param } from "millrace";
import { Fetch, Join } from "./tasks.js";

const UNIT = "degrees";

@flow
export class Diamond extends Flow<string> {
  @param() city!: string;
  @param() options: { days: number; list: number[] } = { days: 3, list: [7, 8] };

  async run(): Promise<string> {
    const first = await this.call(Fetch, { city: this.city, days: this.options.days });
    const { days: [today], id } = first;
    const [left, right] = await this.all([
      this.call(Fetch, { city: \`\${id} north\` }, { retry: { attempts: 2 } }),
      this.call(Fetch, { city: \`costs $VAR{x} or \\\${{ y }}, in \${this.city} and \${first.id}\` }),
    ]);
    await this.call(Fetch, { city: "$ENV{HOME}" });
    const parts = [left.id, right.tags, today, this.options.list[1], -1, null, UNIT, "\${{ literal }}"];
    return this.call(Join, { parts, note: { text: "it's", deep: { left: left.days[0]!.max, all: [first, { x: true }] } } });
  }
}

export const alone = defineFlow({
  id: "Alone",
  run: ({ city, days = 4 }: { city: string; days?: number }, body) => body.call(Fetch, { city, days }),
});

@flow
export class Outer extends Flow<string> {
  async run(): Promise<string> {
    const started = this.call(Fetch, { city: "Bodø" });
    const inner = await this.call(alone, { city: "Oslo" });
    return this.call(Join, { parts: [inner, (await started) as unknown] });
  }
}

const trimmed = {
  "~standard": {
    version: 1 as const,
    vendor: "own",
    validate: (value: unknown) => ({ value: String(value).trim() }),
    types: undefined as unknown as { input: string; output: string },
  },
};

@flow
export class Guarded extends Flow<void> {
  @param(trimmed) city!: string;

  async run(): Promise<void> {
    const outcome = await this.attempt(Fetch, { city: "Oslo" });
    await this.call(Join, { parts: [outcome, this.city] });
  }
}

@flow
export class Deciding extends Flow<number> {
  @param() cities!: string[];

  async run(): Promise<number> {
    const all = await this.map(this.cities, (city) => this.call(Fetch, { city }));
    const first = await this.call(Fetch, { city: "x".toUpperCase() });
    if (first.days.length > 3) await this.call(Fetch, { city: "more" });
    try {
      await this.call(Fetch, { city: "risky" });
    } catch {}
    await this.sleep("1ms");
    this.log.info("on the way");
    const [last] = all;
    await this.call(Join, { parts: [last, all] });
    return all.length + first.days.length;
  }
}
`;

let project: TestProject;
beforeAll(async () => {
  project = await createTestProject({
    files: {
      "src/tasks.ts": TASKS,
      "src/flows.ts": FLOWS,
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] },
        include: ["src", ".flow/types.d.ts"],
      }),
    },
  });
  expect((await project.flow("build")).stderr).not.toContain("error");
});
afterAll(() => project.remove());

/** What a run is: for each step its node, state, parameters and result; the order of those that wait for each other. */
async function traceOf(start: (engine: Awaited<ReturnType<typeof openEngine>>) => { outcome(): Promise<unknown> }) {
  const store = memoryStore();
  await using engine = await openEngine({ cwd: project.root, store, executor: "inline", observers: [] });
  const outcome = await start(engine).outcome();
  const [run] = await engine.runs();
  const facts = await foldRun(run?.id as RunId, () => store.read(run?.id as RunId));
  const steps: unknown[] = [];
  for await (const fact of store.read(run?.id as RunId))
    if (fact.kind === "step-settled" || fact.kind === "activation-settled") {
      const read = (bytes: typeof fact.value) => bytes && decodeValue(bytes.read());
      steps.push([fact.node, fact.task, fact.state, fact.attempts, read(fact.params), read(fact.value)]);
    }
  const order = (step: unknown): string => JSON.stringify(step);
  return { outcome, total: facts.run.totals.total, steps: steps.sort((a, b) => (order(a) < order(b) ? -1 : 1)) };
}

describe("a flow whose calls are known", () => {
  test.each([
    ["Diamond", { city: "Tromsø" }, ["--city", "Tromsø"], "Join"],
    ["Alone", { city: "Oslo" }, ["--city", "Oslo"], "Fetch"],
    ["Outer", {}, [], "Join"],
  ])("%s is the same run as a graph, and as a job file", async (id, params, flags, last) => {
    const json = await project.flow("export", id, ...flags, "--json");
    expect([json.code, json.stderr]).toEqual([0, ""]);
    const graph = json.json<JobGraph>();
    expect(graph).toMatchObject({ name: `${id}-job`, policy: "fail-fast" });
    const file = project.path(`${id}.yaml`);
    expect(await project.flow("export", id, ...flags, "-o", file)).toMatchObject({ code: 0, stdout: "" });
    expect((await project.flow("check")).code).toBe(0);

    const own = await traceOf((engine) => engine.start(id, params));
    const asGraph = await traceOf((engine) => engine.start(graph));
    const asJob = await traceOf((engine) => engine.start(loadJob(file)));
    expect(asGraph.steps).toEqual(own.steps);
    expect(asJob.steps).toEqual(own.steps);
    expect(own.outcome).toMatchObject({ status: "succeeded" });
    // A graph has the results of those that nothing waits for, by node.
    const { value } = own.outcome as { readonly value: unknown };
    for (const { outcome } of [asGraph, asJob])
      expect(outcome).toMatchObject({ status: "succeeded", value: { [last]: value } });
  });

  test("a node that depends on another waits for it, by data or by order alone", async () => {
    const { edges } = (await project.flow("export", "Diamond", "--city", "x", "--json")).json<JobGraph>();
    expect(edges).toContainEqual({ from: "Fetch", to: "Fetch~2" });
    expect(edges.filter(({ from }) => from === "Fetch~4")).toEqual([{ from: "Fetch~4", to: "Join" }]);
  });
});

describe("a flow that decides", () => {
  test("is refused, each reason with its place", async () => {
    const refused = await project.flow("export", "Deciding", "--cities", "Oslo");
    expect(refused.code).toBe(2);
    const lines = refused.stderr.split("\n").filter((line) => line.startsWith("src/flows.ts:"));
    expect(lines.map((line) => line.replace(/^src\/flows\.ts:\d+:\d+ +/, ""))).toEqual([
      "There is a call for each of this.cities: how many is known when the flow runs.",
      '"x".toUpperCase() is code: a job graph takes parts of parameters and results as they are.',
      "Whether there is a call depends on first.days.length > 3.",
      "What follows a failure is code.",
      "A job graph has nothing that sleeps.",
      'this.log.info("on the way") is code: a job graph takes parts of parameters and results as they are.',
      "all.length + first.days.length is code: a job graph takes parts of parameters and results as they are.",
    ]);
    expect(refused.stderr).toContain("error[flow-not-exportable]: Deciding is no job graph, for 7 reasons.");
  });

  test("outcomes and what schemas give are no parts of results and parameters", async () => {
    const { code, stderr } = await project.flow("export", "Guarded", "--city", "x");
    const lines = stderr.split("\n").filter((line) => line.startsWith("src/flows.ts:"));
    expect([code, lines.map((line) => line.replace(/^src\/flows\.ts:\d+:\d+ +/, ""))]).toEqual([
      2,
      [
        "What a schema makes of a parameter is known when the flow runs.",
        'this.attempt(Fetch, { city: "Oslo" }) is code: a job graph takes parts of parameters and results as they are.',
      ],
    ]);
  });

  test("parameters are those of a run, and part of the job", async () => {
    expect((await project.flow("export", "Diamond")).stderr).toContain("--city is required");
    const yaml = (await project.flow("export", "Alone", "--city", "$ENV{HOME}", "--name", "home")).stdout;
    expect(yaml).toBe(
      [
        "version: 1",
        "config:",
        "  name: home",
        "  policy: fail-fast",
        "tasks:",
        "  Fetch:",
        "    task: Fetch",
        "    parameters:",
        "      city: '$ENV{HOME}'",
        "      days: 4",
        "",
      ].join("\n"),
    );
  });
});
