/** Flow specs: on the engine, where tasks are those of the build, and ticked by themselves, where they are handlers. */
import { type FlowSpec, flowSpecToFlow, runUntilDone, type TaskHandler, type TaskSpec } from "@millrace/jobs";
import { observedRun } from "../observed-run.js";
import { WORK } from "../project/src/work.js";
import { type Seen, traceOf } from "../trace.js";
import { NAMES, WORKLOADS, type Workload } from "../workload.js";
import type { FrontEnd, Way } from "./front-end.js";

const result = (key: string): string => `$ctx.flow.tasks.${key}.data.result`;

/** A step: the task that it is, and its parameters. */
type Step = readonly [task: string, params: Readonly<Record<string, unknown>>];

const STEPS: Readonly<Record<Workload, Readonly<Record<string, Step>>>> = {
  diamond: {
    seed: ["Seed", { n: 3 }],
    double: ["Double", { of: result("seed") }],
    square: ["Square", { of: result("seed") }],
    sum: ["Sum", { left: result("double"), right: result("square") }],
  },
  "second-wind": {
    seed: ["Seed", { n: 3 }],
    flaky: ["Flaky", { of: result("seed") }],
    double: ["Double", { of: result("flaky") }],
  },
  "five-items": Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`item-${i}`, ["Item", { i }] as const])),
};

function specOf(workload: Workload, write: (step: Step) => Pick<TaskSpec, "taskType" | "taskParams">): FlowSpec {
  const needs: Readonly<Record<string, readonly string[]>> = WORKLOADS[workload];
  const tasks = Object.entries(STEPS[workload]).map(([key, step]) => {
    const precursors = needs[key] ?? [];
    return { key, precursors: [...precursors], ...write(step) };
  });
  return { label: workload, cfg: { failFast: false }, tasks } as FlowSpec;
}

function onEngine(workload: Workload): Way {
  const spec = specOf(workload, ([task, params]) => ({ taskType: "task", taskParams: { task, params } as never }));
  return {
    run: ({ engine }) => observedRun(workload, engine.start(flowSpecToFlow(spec)), { name: ({ node }) => node }),
  };
}

const STATES: Readonly<Record<string, string>> = { COMPLETED: "succeeded", FAILED: "failed", SKIPPED: "skipped" };

function ticked(workload: Workload): Way["run"] {
  return async () => {
    const calls: string[] = [];
    const handlers: Record<string, TaskHandler> = {};
    for (const [id, work] of Object.entries(WORK))
      handlers[id] = ({ task, params, data }) => {
        calls.push(task.key);
        const attempt = calls.filter((key) => key === task.key).length;
        // Each handler is given the parameters of its own task.
        data.result = (work as (params: unknown, attempt: number) => number)(params, attempt);
      };
    const spec = specOf(workload, ([taskType, taskParams]) => ({ taskType, taskParams: taskParams as never }));
    const flow = await runUntilDone(flowSpecToFlow(spec), { handlers });
    const steps = new Map<string, Seen>();
    for (const { key, status, data } of flow.tasks)
      steps.set(key, {
        state: STATES[status] ?? status,
        attempts: calls.filter((call) => call === key).length,
        value: data.result,
        error: flow.errors.find(({ task }) => task === key)?.message,
        began: calls.indexOf(key),
        // Handlers of one flow run one after the other.
        settled: calls.lastIndexOf(key) + 0.5,
      });
    return traceOf(workload, steps, STATES[flow.status] ?? flow.status);
  };
}

export const specsOnEngine: FrontEnd = {
  name: "flow spec, on an engine",
  on: "tasks",
  ways: Object.fromEntries(NAMES.map((workload) => [workload, onEngine(workload)])) as FrontEnd["ways"],
};

export const specsTicked: FrontEnd = {
  name: "flow spec, ticked",
  on: "nothing",
  ways: {
    diamond: { run: ticked("diamond") },
    "second-wind": {
      run: ticked("second-wind"),
      cannot: {
        reason: "a handler that throws fails its task: there are no further attempts",
        instead: [
          "double: skipped, attempts 0, after []: undefined",
          "flaky: failed, attempts 1, after [seed]: attempt 1 is too early",
          "run: failed",
        ],
      },
    },
    "five-items": { run: ticked("five-items") },
  },
};
