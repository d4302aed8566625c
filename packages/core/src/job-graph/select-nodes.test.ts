import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderGraph, reachedBy } from "./graph-order.js";
import type { JobEdge, JobGraph, JobNode } from "./job-graph.js";
import { keepNodes, type NodeSelection, selectNodes } from "./select-nodes.js";

const node = (id: string, params: JobNode["params"] = {}): JobNode => ({ id, run: { task: "Work" }, params });
const edge = (text: string): JobEdge => {
  const [from = "", to = "", policy] = text.split(/ > | by /);
  return { from, to, ...(policy ? { policy: policy as "fail-fast" } : {}) };
};
const graphOf = (ids: string, ...edges: readonly string[]): JobGraph => ({
  version: 1,
  nodes: [...ids].map((id) => node(id)),
  edges: edges.map(edge),
});
/** `abd: a>b b>d`. */
const shown = ({ nodes, edges, policy = "skip-dependents" }: JobGraph): string => {
  const { before } = orderGraph(nodes, edges, policy);
  const id = (index: number): string => nodes[index]?.id ?? "?";
  const arcs = before.flatMap((arcs, to) =>
    arcs.map((arc) => `${id(arc.node)}>${id(to)}${arc.policy === "skip-dependents" ? "" : `:${arc.policy}`}`),
  );
  return [`${nodes.map((one) => one.id).join("")}:`, ...arcs.sort()].join(" ");
};

/** a → b → d → e, a → c → d, alone: x. */
const DIAMOND = graphOf("abcdex", "a > b", "a > c", "b > d", "c > d", "d > e");

describe("a selection of nodes", () => {
  it.each<[string, NodeSelection, string]>([
    ["nothing said", {}, "abcdex: a>b a>c b>d c>d d>e"],
    ["one skipped", { skip: ["d"] }, "abcex: a>b a>c b>e c>e"],
    ["a row skipped", { skip: ["b", "d"] }, "acex: a>c a>e c>e"],
    ["up to one", { to: ["b"] }, "ab: a>b"],
    ["up to two", { to: ["b", "x"] }, "abx: a>b"],
    ["from one on", { from: ["c"] }, "cde: c>d d>e"],
    ["between", { from: ["b", "c"], to: ["d"] }, "bcd: b>d c>d"],
    ["between, without the middle", { from: ["a"], to: ["e"], skip: ["b", "c", "d"] }, "ae: a>e"],
  ])("%s", (_, selection, expected) => {
    expect(shown(selectNodes(DIAMOND, selection))).toBe(expected);
  });

  it("keeps the policy of the edge that led to a node, and that of an edge which was there before", () => {
    const graph = graphOf("abc", "a > b by fail-fast", "b > c by run-dependents");
    expect(shown(selectNodes(graph, { skip: ["b"] }))).toBe("ac: a>c:run-dependents");
    const both = graphOf("abc", "a > c by fail-fast", "a > b", "b > c by run-dependents");
    expect(shown(selectNodes(both, { skip: ["b"] }))).toBe("ac: a>c:fail-fast");
  });

  it("names what there is not, and says that nothing is left", () => {
    expect(() => selectNodes(DIAMOND, { skip: ["dd"] })).toThrow('The graph has no node "dd".');
    expect(() => selectNodes(DIAMOND, { from: ["x"], to: ["a"] })).toThrow("Nothing of the graph is left to run.");
  });

  it("refuses to leave out what another one takes", () => {
    const graph = {
      ...graphOf("a", "a > b"),
      nodes: [node("a"), node("b", { x: { template: "$" + "{{ a.name }}" } })],
    };
    expect(() => selectNodes(graph, { skip: ["a"] })).toThrow("b takes the result of a, which is left out.");
    expect(shown(selectNodes(graph, { to: ["a"] }))).toBe("a:");
  });

  it("keeps among those that are left exactly the order that there was", () => {
    const drawn = fc.integer({ min: 2, max: 9 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        arcs: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 20 }),
        kept: fc.uniqueArray(fc.nat(size - 1), { minLength: 1 }),
      }),
    );
    fc.assert(
      fc.property(drawn, ({ size, arcs, kept }) => {
        const nodes = Array.from({ length: size }, (_, i) => node(`n${i}`));
        const edges = arcs.filter(([a, b]) => a < b).map(([a, b]) => ({ from: `n${a}`, to: `n${b}` }));
        const graph: JobGraph = { version: 1, nodes, edges };
        const part = keepNodes(graph, new Set(kept.map((i) => `n${i}`)));
        expect(part.nodes.map(({ id }) => id)).toEqual([...kept].sort((a, b) => a - b).map((i) => `n${i}`));
        expect(waits(part, kept)).toEqual(waits(graph, kept));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});

/** Which of the kept nodes wait for which, also through others. */
function waits({ nodes, edges }: JobGraph, kept: readonly number[]): readonly string[] {
  const { before, indexOf } = orderGraph(nodes, edges, "skip-dependents");
  return kept.flatMap((to) => {
    const index = indexOf.get(`n${to}`) ?? -1;
    const reached = reachedBy(
      before,
      (before[index] ?? []).map((arc) => arc.node),
    );
    return kept.filter((from) => reached.has(indexOf.get(`n${from}`) ?? -1)).map((from) => `${from}>${to}`);
  });
}
