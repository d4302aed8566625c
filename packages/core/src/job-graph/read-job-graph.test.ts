import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileValidator } from "../json-schema/validate.js";
import type { Manifest } from "../manifest/manifest.js";
import { cycleIn, orderGraph } from "./graph-order.js";
import type { JobGraphIssue } from "./issue.js";
import { parseTemplate } from "./job-reference.js";
import { readJobGraph } from "./read-job-graph.js";

const paramsSchema = {
  type: "object",
  properties: { city: { type: "string" }, days: { $ref: "#/$defs/Days" } },
  required: ["city"],
  additionalProperties: false,
  $defs: { Days: { type: "number" } },
};
const entry = (id: string) => ({ id, params: [{ name: "city" }, { name: "days" }], paramsSchema });
// What the reader looks at, and no more.
const manifest = { tasks: { Fetch: entry("Fetch") }, flows: { Report: entry("Report") } } as unknown as Manifest;
const around = {
  manifest,
  locals: new Map([["notify", {}]]),
  check: (schema: object, value: unknown) => compileValidator(schema)(value),
};

function issues(given: unknown): readonly string[] {
  try {
    readJobGraph(given, around);
    return [];
  } catch (error) {
    const { data } = error as { data: { issues: readonly JobGraphIssue[] } };
    return data.issues.map(({ path, message }) => `${path} ${message}`);
  }
}

const fetch = (id: string, more: object = {}) => ({
  id,
  run: { task: "Fetch" },
  params: { city: { value: "Oslo" } },
  ...more,
});

function graph(nodes: readonly unknown[], edges: readonly unknown[] = [], more: object = {}) {
  return { version: 1, nodes, edges, ...more };
}

describe("reading a job graph", () => {
  it("lets a good one through as it is", () => {
    const good = graph(
      [
        fetch("a", { options: { retry: { attempts: 2 }, timeout: "5s" }, critical: true }),
        fetch("b", { params: { city: { from: "a", path: "city.name" }, "days.x": { template: "no refs" } } }),
        { id: "c", run: { flow: "Report" }, params: { city: { value: "Oslo" }, days: { value: 3 } } },
        { id: "d", run: { local: "notify" }, params: { anything: { value: 1 } }, forever: true },
        { id: "e", run: { graph: graph([fetch("a")]) } },
      ],
      [{ from: "a", to: "b", policy: "run-dependents" }],
      { name: "good", policy: "fail-fast", timeout: "1h", window: 2 },
    );
    expect(readJobGraph(good, around)).toBe(good);
  });

  it.each<[string, unknown, readonly string[]]>([
    ["no object", 3, [" must be a job graph: { version, nodes, edges }, not 3"]],
    [
      "another version, no lists, other fields",
      { version: 2, nodes: {}, jobs: [] },
      [
        "jobs is no field of it. There are version, name, policy, timeout, window, nodes, edges",
        "version must be 1, not 2",
        "nodes must be a list, not an object",
        "edges must be a list, not left out",
      ],
    ],
    [
      "a window for nothing",
      graph([fetch("a")], [], { window: 0 }),
      ["window must be a number of nodes, 1 or more, not 0"],
    ],
    ["nothing to run", graph([]), ["nodes is empty: there is nothing to run"]],
    [
      "an unknown task, flow and function",
      graph([
        fetch("a", { run: { task: "Fetsch" } }),
        fetch("b", { run: { flow: "R" } }),
        { id: "c", run: { local: "notfy" } },
      ]),
      [
        'nodes[0].run.task is "Fetsch", and the build has no such task. Did you mean "Fetch"? If it is new or renamed, run `flow build`',
        'nodes[1].run.flow is "R", and the build has no such flow. If it is new or renamed, run `flow build`',
        'nodes[2].run.local is "notfy", and the engine has no such function. Did you mean "notify"? Give it to the engine, openEngine({ locals: { … } }) or engine.local("notfy", …), or to the run that goes on: engine.resume(id, { locals }), scheduler.resume(engine, id)',
      ],
    ],
    [
      "parameters that are unknown (and not missing, too) or of another type",
      graph([fetch("a", { params: { days: { value: "three" }, cty: { value: 1 } } })]),
      [
        'nodes[0].params.cty is no parameter of Fetch. Did you mean "city"? It takes city, days',
        'nodes[0].params.days cannot be used: The value must be number, but it is "three".',
      ],
    ],
    [
      "references to nothing and to what need not be over",
      graph(
        [
          fetch("a"),
          fetch("b", { params: { city: { from: "aa" } } }),
          fetch("c", { params: { city: { template: "$" + "{{ b.x }}" } } }),
        ],
        [{ from: "a", to: "c" }],
      ),
      [
        'nodes[1].params.city takes the result of "aa", which is no node of the graph. Did you mean "a"? Name one of its nodes',
        'nodes[2].params.city takes the result of "b", which need not be over: add an edge from it to "c"',
      ],
    ],
    [
      "a cycle",
      graph(
        [fetch("a"), fetch("b"), fetch("c"), fetch("d")],
        [
          { from: "a", to: "b" },
          { from: "b", to: "c" },
          { from: "c", to: "b" },
          { from: "c", to: "d" },
        ],
      ),
      ["edges make a cycle, which never begins: b waits for c waits for b"],
    ],
    [
      "twins, ids that are none, edges to nowhere, policies that are none",
      graph([fetch("a"), fetch("a"), fetch("a b"), fetch("__proto__")], [{ from: "a", to: "z", policy: "skip" }]),
      [
        'nodes[2].id must be a text without spaces, dots, slashes, quotes, brackets and $, not "a b"',
        'nodes[3].id must be a text without spaces, dots, slashes, quotes, brackets and $, not "__proto__"',
        'nodes[1].id is "a", as is nodes[0].id: ids are unique',
        'edges[0].policy must be skip-dependents, fail-fast, run-dependents, not "skip"',
        'edges[0].to is no node of the graph: "z". Name one of its nodes',
      ],
    ],
    [
      "options that are none, or have no meaning",
      graph([
        fetch("a", { options: { retri: 2, name: "x" } }),
        { id: "b", run: { local: "notify" }, options: { retry: { attempts: 2 } } },
      ]),
      [
        "nodes[0].options.name has no meaning here: the id of a node is its name",
        'nodes[0].options.retri is no option; did you mean "retry"?',
        "nodes[1].options.retry has no meaning here; the options of such nodes are timeout, version, tags",
      ],
    ],
    [
      "names of what objects inherit, and parameters given twice",
      JSON.parse(
        '{ "version": 1, "edges": [], "nodes": [{ "id": "b", "run": { "local": "notify" }, "params": {"__proto__": { "value": 1 }, "a": { "value": 1 }, "a.b": { "value": 2 }, "c": { "from": "b", "path": "x.constructor" }, "d": {}, "e": { "template": "$REF" } } }] }'.replace(
          "$REF",
          "$" + "{{ a b }}",
        ),
      ),
      [
        "nodes[0].params.__proto__ is no name of a parameter, nor a path into one",
        "nodes[0].params.a.b is part of a parameter that is given whole",
        'nodes[0].params.c.path must be a path such as "items.0.name"',
        "nodes[0].params.d must be { value }, { from, path }, { template }, { list } or { fields }",
        `nodes[0].params.e.template has a reference that is none: $${"{{ a b }}; write $"}${"{{ node.path }}, and $$"}${"{{ for the text itself"}`,
      ],
    ],
    [
      "parts of parameters",
      graph([
        fetch("a", {
          params: {
            city: { list: [{ value: 1 }, { from: 2 }, { fields: { x: { from: "b" }, y: {} } }] } as never,
            days: { fields: [] } as never,
          },
        }),
        fetch("b", { params: { city: { list: [{ fields: { "x.y": { from: "a" } } }] } } }),
        fetch("c", { params: { city: { list: {} } as never } }),
      ]),
      [
        "nodes[0].params.city.list[1].from must be the id of a node",
        "nodes[0].params.city.list[2].fields.y must be { value }, { from, path }, { template }, { list } or { fields }",
        "nodes[0].params.days.fields must be an object, not a list",
        "nodes[2].params.city.list must be a list, not an object",
        'nodes[1].params.city takes the result of "a", which need not be over: add an edge from it to "b"',
        'nodes[0].params lacks "city", which Fetch needs',
        'nodes[2].params lacks "city", which Fetch needs',
      ],
    ],
    [
      "commands, and more than one thing to run",
      graph([
        { id: "a", run: { shell: "ls" }, params: { cdw: { value: "/" } }, options: { io: true } },
        { id: "b", run: { shell: "" } },
        { id: "c", run: { task: "Fetch", flow: "Report" } },
      ]),
      [
        "nodes[1].run.shell must be a command",
        "nodes[2].run must have one of task, flow, graph, local, shell, container",
        'nodes[0].params.cdw is no parameter of a command. Did you mean "cwd"? It takes cwd, env, stdin, stdout, stderr, hints',
        "nodes[0].options.io has no meaning here: commands run in no thread",
      ],
    ],
    [
      "what would never end, or never begin",
      graph([fetch("a", { forever: true }), fetch("b", { forever: true })], [{ from: "a", to: "b" }]),
      [
        "nodes all run forever, so that the graph would never end: one has to be without `forever`",
        "nodes[0].forever holds up b, which waits for it and would never begin",
      ],
    ],
    [
      "graphs inside",
      graph([{ id: "a", run: { graph: graph([fetch("x", { params: {} })]) }, params: { p: { value: 1 } } }]),
      [
        "nodes[0].params has no meaning: graphs take no parameters",
        'nodes[0].run.graph.nodes[0].params lacks "city", which Fetch needs',
      ],
    ],
    [
      "the name of a flow",
      graph([fetch("a")], [], { name: "Report" }),
      ['name is "Report", and so is a flow\'s: nobody could tell their runs apart'],
    ],
  ])("names all that is wrong: %s", (_, given, expected) => {
    expect(issues(given)).toEqual(expected);
  });

  it("refuses anything at all without losing itself", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, maxDepth: 4 }), (given) => {
        expect(issues(given).length).toBeGreaterThan(0);
      }),
      { seed: 44, numRuns: 500 },
    );
    const nest = (depth: number): object => graph([{ id: "n", run: { graph: depth === 0 ? {} : nest(depth - 1) } }]);
    expect(issues(nest(40))).toEqual([expect.stringContaining("stands 33 graphs deep, and 32 is the limit")]);
  });
});

describe("the order of a graph", () => {
  it("is one in which nothing comes before what it waits for, and leaves out a cycle and what is behind it", () => {
    const edge = fc.record({ from: fc.nat(11), to: fc.nat(11) });
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 24 }), (pairs) => {
        const nodes = Array.from({ length: 12 }, (_, i) => ({ id: `${i}` }));
        const edges = pairs.map(({ from, to }) => ({ from: `${from}`, to: `${to}` }));
        const order = orderGraph(nodes, edges, "skip-dependents");
        const place = new Map(order.order.map((node, i) => [node, i]));
        for (const { from, to } of pairs) {
          const at = place.get(to);
          if (at !== undefined) expect(place.get(from)).toBeLessThan(at);
        }
        const cycle = cycleIn(order);
        expect(cycle === undefined).toBe(order.order.length === nodes.length);
        for (const [i, node] of (cycle ?? []).slice(0, -1).entries())
          expect(pairs).toContainEqual({ from: cycle?.[i + 1], to: node });
        if (cycle) expect(cycle.at(-1)).toBe(cycle[0]);
      }),
      { seed: 45, numRuns: 500 },
    );
  });
});

describe("a template", () => {
  it("is taken apart into texts and references", () => {
    const open = "$" + "{{";
    expect(parseTemplate(`a ${open} n.x.0 }}b${open}m}}`)).toEqual([
      "a ",
      { from: "n", path: ["x", "0"] },
      "b",
      { from: "m", path: [] },
    ]);
    expect(parseTemplate(`$${open} n }}`)).toEqual([`${open} n }}`]);
    expect(parseTemplate(`x ${open} n`)).toEqual({ wrong: `has a reference without an end: ${open} n` });
  });
});
