/** The drawing of a job graph: a box for each node, graphs inside with their nodes in them, and what flows or waits between them. */
import type { Arrow, Box, BoxMark, BoxOutcome, Drawing } from "../graph/drawing.js";
import type { GraphNode } from "../graph/flow-graph.js";
import type { StepKey } from "../identity/brands.js";
import type { StepView } from "../run/run-view.js";
import { graphName, type JobEdge, type JobGraph, type JobNode, type JobRun } from "./job-graph.js";
import { referencesOf } from "./job-reference.js";
import { type GraphPlace, innerPlace, nodeKey, rootPlace } from "./node-key.js";

/** What a run has made of a node. */
export type NodeOutcome = Pick<StepView, "state" | "source" | "attempts">;

/**
 * Lays a graph out that has been read. Names are `n0`, `n1`, … in order of the nodes, those of a graph inside behind its own.
 * @param outcomes Of a run of the graph, what its record says of each node; absent for the graph alone.
 * @param labels What nodes are called in the drawing, one line each. Default: their ids.
 */
export function drawJobGraph(
  graph: JobGraph,
  outcomes?: ReadonlyMap<StepKey, NodeOutcome>,
  labels?: ReadonlyMap<StepKey, string>,
): Drawing {
  const arrows: Arrow[] = [];
  let next = 0;
  const boxesOf = ({ nodes, edges, policy = "skip-dependents" }: JobGraph, place: GraphPlace): readonly Box[] => {
    const names = new Map<string, string>();
    const boxes = nodes.map((node): Box => {
      const name = `n${next++}`;
      names.set(node.id, name);
      const key = nodeKey(place, node.id);
      const outcome = outcomes && outcomeOf(outcomes.get(key));
      const title = [...titleOf(node, labels?.get(key) ?? node.id), ...(outcome ? [outcome.words] : [])];
      const marks = [...marksOf(node), ...(outcome ? [outcome.mark] : [])];
      const box = { name, id: node.id, kind: kindOf(node.run), title, marks };
      return "graph" in node.run
        ? { type: "container", ...box, content: boxesOf(node.run.graph, innerPlace(place, node.id)) }
        : { type: "leaf", ...box };
    });
    const nameOf = (id: string): string => names.get(id) ?? id;
    const taken = new Map(nodes.map((node) => [node.id, takenBy(node)]));
    arrows.push(
      ...edges
        // Where something flows, the arrow of that says the order, too.
        .filter(({ from, to }) => !taken.get(to)?.has(from))
        .map((edge) => orderArrow(edge, nameOf, policy)),
      ...nodes.flatMap((node) => dataArrows(node, taken.get(node.id) ?? new Map(), nameOf)),
    );
    return boxes;
  };
  return { boxes: boxesOf(graph, rootPlace(graphName(graph))), arrows };
}

function outcomeOf(outcome: NodeOutcome | undefined): { readonly mark: BoxOutcome; readonly words: string } {
  if (!outcome) return { mark: "open", words: "not over" };
  const { state, source, attempts } = outcome;
  const how = [
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(source === "restored" || source === "cached" ? [source] : []),
  ];
  const mark =
    state === "succeeded" || state === "failed" || state === "aborted" || state === "skipped" ? state : "open";
  return { mark, words: [mark === "open" ? `not over: ${state}` : state, ...how].join(", ") };
}

function kindOf(run: JobRun): GraphNode["kind"] {
  if ("task" in run) return "call";
  return "flow" in run || "graph" in run ? "subflow" : "step";
}

function titleOf({ run }: JobNode, label: string): readonly string[] {
  if ("task" in run) return run.task === label ? [label] : [label, `task ${run.task}`];
  if ("flow" in run) return [label, run.flow === label ? "flow" : `flow ${run.flow}`];
  if ("graph" in run) return [label, "graph"];
  return [label, "local" in run ? "function" : "shell" in run ? "command" : "container"];
}

function marksOf({ critical, forever }: JobNode): readonly BoxMark[] {
  return [...(critical ? (["critical"] as const) : []), ...(forever ? (["forever"] as const) : [])];
}

/** Parameters that come from other nodes, by node. */
function takenBy(node: JobNode): ReadonlyMap<string, readonly string[]> {
  const taken = new Map<string, string[]>();
  for (const [param, given] of Object.entries(node.params ?? {}))
    for (const { from } of referencesOf(given)) taken.set(from, [...(taken.get(from) ?? []), param]);
  return taken;
}

function dataArrows(
  node: JobNode,
  taken: ReadonlyMap<string, readonly string[]>,
  nameOf: (id: string) => string,
): readonly Arrow[] {
  return [...taken].map(([from, params]) => ({
    ...PLAIN,
    from: nameOf(from),
    to: nameOf(node.id),
    kind: "data",
    labels: [...new Set(params)],
  }));
}

function orderArrow(
  { from, to, policy }: JobEdge,
  nameOf: (id: string) => string,
  standard: NonNullable<JobEdge["policy"]>,
): Arrow {
  const labels = (policy ?? standard) === "run-dependents" ? ["then, whatever comes"] : [];
  return { ...PLAIN, from: nameOf(from), to: nameOf(to), kind: "order", labels };
}

/** Nothing of a job graph depends on a path that code takes. */
const PLAIN = { may: false, derived: false, error: false } as const;
