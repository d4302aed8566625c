/**
 * Random flows fail at their end, are edited, planned, and resumed: what the plan says of a call, the resume does. Only
 * `unknown` leaves it open.
 */
import { foldRun, type PlanDocument, type RunId } from "@millrace/core";
import { memoryStore, openEngine } from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import fc from "fast-check";
import { expect, it } from "vitest";
import { moduleOf, type RandomBody, randomBody } from "../graphs/random-bodies.js";
import { applyEdit, type RandomEdit, randomEdit } from "./random-edit.js";

/** `MILLRACE_EDITS=1000` plans as many. */
const COUNT = Number(process.env.MILLRACE_EDITS ?? 24);
const SEED = Number(process.env.MILLRACE_SEED ?? 20261126);
/** Flows of one project. */
const BATCH = COUNT > 100 ? 50 : 12;

/** Tasks whose results follow from their parameters and the time. `change` is part of the code of task B. */
function tasks(change: string): string {
  const declared = ["A", "B", "C", "D", "E"].map(
    (name) => `@task
export class ${name} extends Task<Result> {
  @param() p: unknown;
  run(): Result {
    return resultOf("${name}"${name === "B" ? change : ""}, this.p);
  }
}`,
  );
  return `import { existsSync } from "node:fs";
import { param, Task, task } from "millrace";

export interface Result {
  ok: boolean;
  level: number;
  items: { id: string }[];
}

let calls = 0;

/** Levels fall with time, so that loops that wait for a low one end. */
function resultOf(task: string, p: unknown): Result {
  calls += 1;
  let hash = 7;
  for (const char of task + JSON.stringify(p)) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) >>> 0;
  return { ok: hash % 2 === 0, level: (hash + calls) % 3, items: hash % 5 === 0 ? [] : [{ id: "a" }, { id: "b" }] };
}

${declared.join("\n")}

/** Fails until the gate is open. */
@task
export class Gate extends Task<number> {
  @param() p!: number;
  run(): number {
    if (!existsSync(process.env.MILLRACE_GATE ?? "")) throw new Error("the gate is shut");
    return this.p;
  }
}`;
}

function moduleWithGate(body: RandomBody, name: string): string {
  const text = moduleOf(body, name).replace("@millrace/sdk", "millrace").replace("{ A,", "{ Gate, A,");
  const end = text.lastIndexOf("    return undefined;");
  return `${text.slice(0, end)}    return this.call(Gate, { p: 1 });${text.slice(end + "    return undefined;".length)}`;
}

interface Case {
  readonly body: RandomBody;
  readonly edit: RandomEdit;
}

/** The flow of a case, before its edit and after. */
function textOf({ body, edit }: Case, edited: boolean, i: number): string {
  return moduleWithGate(edited ? { ...body, body: applyEdit(edit, body.body) } : body, `Body${i}`);
}

/** Compiles the cases; gives the numbers of those that compile. The others are left out of the project. */
async function build(
  project: TestProject,
  cases: readonly Case[],
  edited: boolean,
  change: string,
): Promise<ReadonlySet<number>> {
  project.write("src/tasks.ts", tasks(edited ? change : ""));
  const left = new Set(cases.keys());
  for (const [i, each] of cases.entries()) project.write(`src/body${i}.ts`, textOf(each, edited, i));
  for (;;) {
    const { manifest, diagnostics } = await project.build();
    if (manifest) return left;
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const numbers = errors.map(({ span }) => Number(/body(\d+)\.ts$/.exec(span?.file ?? "")?.[1]));
    if (numbers.length === 0 || numbers.some((n) => !left.has(n)))
      throw new Error(errors.map((e) => e.message).join("\n"));
    for (const n of numbers) {
      left.delete(n);
      project.write(`src/body${n}.ts`, "export {};\n");
    }
  }
}

/** What a plan got wrong, in words. */
async function mistakes(
  cases: readonly Case[],
  change: string,
  counts: Map<string, number>,
): Promise<readonly string[]> {
  await using project = await createTestProject({
    files: {
      "tsconfig.json": JSON.stringify({
        compilerOptions: { target: "es2022", module: "nodenext", strict: true, skipLibCheck: true, types: ["node"] },
        include: ["src", ".flow/types.d.ts"],
      }),
    },
  });
  process.env.MILLRACE_GATE = project.path("gate");
  const store = memoryStore();
  const options = { cwd: project.root, executor: "inline", observers: [], store } as const;
  const before = await build(project, cases, false, change);
  {
    await using engine = await openEngine(options);
    for (const i of before)
      await engine.start(`Body${i}`, { cities: [{ id: "x" }, { id: "y" }], level: 1 }, { id: `r${i}` }).outcome();
  }
  const after = await build(project, cases, true, change);
  await using engine = await openEngine(options);
  const plans: PlanDocument[] = [];
  const unfinished = new Set((await engine.runs()).filter(({ state }) => state === "failed").map(({ id }) => id));
  for (const i of after) if (unfinished.has(`r${i}` as RunId)) plans.push(await engine.plan(`r${i}`));
  counts.set("runs planned", (counts.get("runs planned") ?? 0) + plans.length);
  project.write("gate", "");
  const wrong: string[] = [];
  for (const plan of plans) {
    const found: string[] = [];
    const { status } = await (await engine.resume(plan.run)).outcome();
    const { steps } = await foldRun(plan.run as RunId, () => store.read(plan.run as RunId));
    const became = new Map(steps.map(({ key, source }) => [key, source]));
    const stopped = status === "suspended";
    if (stopped !== (plan.stops !== undefined))
      found.push(`${plan.run}: ${status}, planned: ${plan.stops ?? "to go on"}`);
    for (const { key, verdict, because } of stopped ? [] : plan.steps) {
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
      if (verdict === "unknown" || key === undefined) continue;
      const source = became.get(key);
      // The body was over before what its record holds reached it, as of one that loses a race.
      if (verdict === "restored" && source === undefined && status === "failed") continue;
      if (source !== (verdict === "runs" ? "ran" : "restored"))
        found.push(`${plan.run}: ${key} ${source ?? "was not asked for"}, planned: ${verdict}, ${because}`);
    }
    const i = Number(plan.run.slice(1));
    const each = cases[i];
    if (each && found.length > 0) wrong.push([...found, textOf(each, false, i), textOf(each, true, i)].join("\n"));
  }
  return wrong;
}

it(
  `plans ${COUNT} random edits`,
  async () => {
    const cases = fc.sample(fc.record({ body: randomBody, edit: randomEdit }), { numRuns: COUNT, seed: SEED });
    const counts = new Map<string, number>();
    const wrong: string[] = [];
    for (let at = 0; at < cases.length; at += BATCH) {
      // In every other project the code of a task changes too.
      const change = (at / BATCH) % 2 === 0 ? "" : ' + ""';
      wrong.push(...(await mistakes(cases.slice(at, at + BATCH), change, counts)));
    }
    console.log(
      `${COUNT} edits: ${[...counts].map(([verdict, n]) => `${n} ${verdict}`).join(", ")}; ${wrong.length} wrong`,
    );
    expect(wrong).toEqual([]);
  },
  120_000 + COUNT * 2_000,
);
