import { describe, expect, it } from "vitest";
import { flowSpecToFlow } from "./flow.js";
import type { FlowSpec } from "./flow-spec.js";
import { tickFlow } from "./tick-flow.js";

const graphOf = (spec: FlowSpec) => flowSpecToFlow(spec).toJobGraph();

describe("a flow as a job graph", () => {
  it("has its tasks, their order, its policy, and its data where parameters name it", () => {
    const spec: FlowSpec = {
      label: "weather",
      cfg: { failFast: false },
      data: { city: "Oslo" },
      tasks: [
        {
          key: "fetch",
          taskType: "task",
          taskParams: { task: "Fetch", params: { city: "$ctx.flow.data.city", n: 0 } },
        },
        { key: "say", taskType: "print", taskParams: { msg: "$ctx.flow.tasks.fetch.data.result.days.0" } },
        {
          key: "mail",
          taskType: "flow",
          taskParams: {
            flow: "Mail",
            params: { to: { name: "\\$ann", body: "$ctx.flow.tasks.fetch.data.result" }, tags: ["a"] },
          },
        },
        { key: "end", taskType: "noop", precursors: ["say", "mail"] },
      ],
    };
    expect(graphOf(spec)).toEqual({
      version: 1,
      name: "weather",
      policy: "skip-dependents",
      nodes: [
        { id: "fetch", run: { task: "Fetch" }, params: { city: { value: "Oslo" }, n: { value: 0 } } },
        { id: "say", run: { local: "flow-spec-print" }, params: { msg: { from: "fetch", path: "days.0" } } },
        {
          id: "mail",
          run: { flow: "Mail" },
          params: { "to.name": { value: "$ann" }, "to.body": { from: "fetch" }, tags: { value: ["a"] } },
        },
        { id: "end", run: { local: "flow-spec-noop" } },
      ],
      edges: [
        { from: "fetch", to: "say" },
        { from: "say", to: "mail" },
        { from: "say", to: "end" },
        { from: "mail", to: "end" },
      ],
    });
  });

  it("has flows inside as graphs, whose data is known", () => {
    const flowSpec: FlowSpec = {
      data: { unit: "mm" },
      tasks: [{ key: "a", taskType: "log", taskParams: { msg: "$ctx.flow.data" } }],
    };
    const spec: FlowSpec = {
      label: "out",
      data: { city: "Oslo" },
      tasks: [{ key: "in", taskType: "flow", taskParams: { flowSpec, data: { city: "$ctx.flow.data.city" } } }],
    };
    expect(graphOf(spec).nodes).toEqual([
      {
        id: "in",
        run: {
          graph: {
            version: 1,
            name: "out/in",
            policy: "fail-fast",
            nodes: [
              {
                id: "a",
                run: { local: "flow-spec-print" },
                params: { msg: { value: { unit: "mm", city: "Oslo" } }, mark: { value: "[out/in/a] " } },
              },
            ],
            edges: [],
          },
        },
      },
    ]);
  });

  it("has options, results in lists, and in the place of wirings the references that they amount to", () => {
    const graph = graphOf({
      data: { unit: "C" },
      tasks: [
        { key: "a", taskType: "task", taskParams: { task: "T", options: { retry: { attempts: 3 }, timeout: "30s" } } },
        {
          key: "w",
          taskType: "wire",
          taskParams: {
            wirings: [
              "ctx.flow.tasks.a.data.result.days.0 => ctx.flow.tasks.b.taskParams.params.day",
              { source: "ctx.flow.data.unit", dest: "ctx.flow.tasks.b.task_params.params.unit" },
              { value: "$9", dest: "ctx.flow.tasks.b.taskParams.params.price" },
            ],
          },
        },
        {
          key: "b",
          taskType: "task",
          taskParams: { task: "T", params: { list: [1, { from: "$ctx.flow.tasks.a.data.result" }] } },
        },
      ],
    });
    expect(graph.nodes).toEqual([
      { id: "a", run: { task: "T" }, params: {}, options: { retry: { attempts: 3 }, timeout: "30s" } },
      { id: "w", run: { local: "flow-spec-noop" } },
      {
        id: "b",
        run: { task: "T" },
        params: {
          list: { list: [{ value: 1 }, { fields: { from: { from: "a" } } }] },
          day: { from: "a", path: "days.0" },
          unit: { value: "C" },
          price: { value: "$9" },
        },
      },
    ]);
    const wired = (wiring: string, precursors: string): (() => unknown) => {
      const tasks = [
        { key: "a", taskType: "task", taskParams: { task: "T" } },
        { key: "w", taskType: "wire", taskParams: { wirings: [wiring] } },
        { key: "b", taskType: "task", taskParams: { task: "T" }, precursors },
      ];
      return () => graphOf({ tasks });
    };
    const toParam = "ctx.flow.tasks.a.data.result => ctx.flow.tasks.b.taskParams.params.x";
    expect(wired(toParam, "w")).not.toThrow();
    expect(wired(toParam, "a")).toThrow(/wirings\[0\] writes to "b", which does not wait for it/);
    expect(wired("ctx.flow.tasks.a.data.result => ctx.flow.data.x", "w")).toThrow(
      /writes elsewhere than to a parameter/,
    );
  });

  it("is refused where the flow decides while it is ticked, all of it with places", async () => {
    const flow = flowSpecToFlow({
      label: "late",
      tasks: [
        {
          key: "w",
          taskType: "wire",
          taskParams: { wirings: [{ value: 1, transform: "json.dumps", dest: "ctx.flow.tasks.l.taskParams.task" }] },
        },
        { key: "mine", taskType: "mine", data: { x: 1 } },
        { key: "p", taskType: "print", taskParams: { msg: "$ctx.flow.tasks.mine.data.x" } },
        { key: "n", taskType: "print", taskParams: { msg: "$ctx.flow.data.no" } },
        { key: "l", taskType: "task", taskParams: { task: "T", options: { retry: { attempts: 0 }, tmeout: 3 } } },
        { key: "t", taskType: "task", taskParams: { tsk: "T" } },
        { key: "s", taskType: "flow", taskParams: { flowSpec: { tasks: [{ taskType: "switch" }] } } },
      ],
    });
    expect(() => flow.toJobGraph()).toThrow(
      [
        "late cannot be run by an engine:",
        "  tasks[0].taskParams.wirings[0] transforms what it carries, or joins it, which only ticks do.",
        '  tasks[1].taskType is "mine", which only ticks can run: an engine runs noop, wire, print, log, task, flow. `flow spec add` stores a flow that is ticked.',
        "  tasks[2].taskParams.msg is $ctx.flow.tasks.mine.data.x, and an engine knows of other tasks only what a task or flow of the build returns: $ctx.flow.tasks.<key>.data.result.",
        '  tasks[3].taskParams.msg ctx.flow.data.no leads nowhere: there is no "no" in ctx.flow.data, which has nothing.',
        "  tasks[4].taskParams.options.retry.attempts must be a whole number from 1.",
        '  tasks[4].taskParams.options.tmeout is no option; did you mean "timeout"?',
        '  tasks[5].taskParams.tsk is no field of it. Did you mean "task"? There are task, params, options.',
        '  tasks[6].taskParams.flowSpec.tasks[0].taskType is "switch", which only ticks can run: an engine runs noop, wire, print, log, task, flow. `flow spec add` stores a flow that is ticked.',
      ].join("\n"),
    );
    const begun = flowSpecToFlow({ tasks: [{ taskType: "noop" }, { taskType: "noop" }] });
    await tickFlow(begun);
    expect(() => begun.toJobGraph()).toThrow(/status is RUNNING: a flow that has been ticked goes on by ticks/);
  });
});
