/** Random job graphs, and a model that says what becomes of their nodes. */
import type { FailurePolicy, JobEdge, JobGraph, JobNode } from "@millrace/core";
import fc from "fast-check";

/** A graph, and the paths `outer/inner` of the nodes that fail when they run. */
export interface Planned {
  readonly graph: JobGraph;
  readonly failing: ReadonlySet<string>;
}

/** What becomes of each node by its path, and whether the graph fails. */
export interface Expected {
  readonly states: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

const SOFT: readonly FailurePolicy[] = ["skip-dependents", "run-dependents"];
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 3 });

/**
 * Graphs whose nodes stand in an order in which nothing comes before what it waits for. Soft ones have neither `fail-fast` nor critical
 * nodes nor such that run forever: what becomes of their nodes does not depend on who is faster.
 */
export function plannedGraphs(depth: number, { hard = false, size = 9 } = {}): fc.Arbitrary<Planned> {
  const policy = fc.constantFrom<FailurePolicy>(...SOFT, ...(hard ? (["fail-fast"] as const) : []));
  const node = fc.record({
    kind: fc.constantFrom("task", "task", "flow", "local", ...(depth > 0 ? ["graph"] : [])),
    fails: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    critical: fc.constantFrom(false, undefined, undefined, ...(hard ? [true] : [])),
    forever: fc.integer({ min: 0, max: 3 }).map((n) => hard && n === 0),
    before: fc.array(fc.record({ pick: fc.nat(), policy: maybe(policy), takes: fc.boolean() }), { maxLength: 3 }),
    inner: depth > 0 ? plannedGraphs(depth - 1, { hard, size: 4 }) : fc.constant<Planned | undefined>(undefined),
  });
  const nodes = fc.array(node, { minLength: 1, maxLength: size });
  const window = maybe(fc.integer({ min: 1, max: 3 }));
  return fc.record({ policy: maybe(policy), window, nodes }).map((drawn) => {
    const failing = new Set<string>();
    const edges: JobEdge[] = [];
    const nodes = drawn.nodes.map((one, i): JobNode => {
      const id = `n${i}`;
      const sources = i === 0 ? [] : one.before;
      const takes: Record<string, { from: string }> = {};
      for (const { pick, policy: own, takes: taken } of sources) {
        const from = `n${pick % i}`;
        if (edges.some((edge) => edge.from === from && edge.to === id)) continue;
        edges.push({ from, to: id, ...(own ? { policy: own } : {}) });
        if (taken) takes[`taken.${from}`] = { from };
      }
      const common = { id, ...(one.critical === undefined ? {} : { critical: one.critical }) };
      if (one.inner && one.kind === "graph") {
        for (const path of one.inner.failing) failing.add(`${id}/${path}`);
        return { ...common, run: { graph: one.inner.graph } };
      }
      if (one.fails) failing.add(id);
      const run = one.kind === "flow" ? { flow: "Sub" } : one.kind === "local" ? { local: "local" } : { task: "Work" };
      return { ...common, run, params: { name: { value: id }, ...takes } };
    });
    // Only what nothing waits for can run forever, and not all of it.
    const waitedFor = new Set(edges.map(({ from }) => from));
    for (const [i, { forever }] of drawn.nodes.entries())
      if (forever && i > 0 && !waitedFor.has(`n${i}`)) nodes[i] = { ...(nodes[i] as JobNode), forever };
    const { policy: usual, window: most } = drawn;
    const graph = { version: 1, nodes, edges, ...(usual ? { policy: usual } : {}), ...(most ? { window: most } : {}) };
    return { graph: graph as JobGraph, failing };
  });
}

/** What becomes of a soft graph, if each node ends as planned. */
export function expectedOf({ nodes, edges, policy: usual }: JobGraph, failing: ReadonlySet<string>, at = ""): Expected {
  const states: Record<string, string> = {};
  let failed = false;
  for (const node of nodes) {
    const path = at + node.id;
    const takes = Object.values(node.params ?? {}).flatMap((param) => ("from" in param ? [param.from] : []));
    const inTheWay = edges.some(
      ({ from, to, policy: own = usual ?? "skip-dependents" }) =>
        to === node.id && states[at + from] !== "succeeded" && (own === "skip-dependents" || takes.includes(from)),
    );
    if (inTheWay) states[path] = "skipped";
    else if ("graph" in node.run) {
      const inner = expectedOf(node.run.graph, failing, `${path}/`);
      Object.assign(states, inner.states);
      states[path] = inner.failed ? "failed" : "succeeded";
    } else states[path] = failing.has(path) ? "failed" : "succeeded";
    if (states[path] === "failed" && node.critical !== false) failed = true;
  }
  return { states, failed };
}
