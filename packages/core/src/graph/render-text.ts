/** Words on a drawn graph: titles of nodes and containers, labels of arms and edges. Shared by all drawings. */
import type { GraphEdge, GraphNode } from "./flow-graph.js";

/** Longest piece of source text that is shown whole, in characters. */
export const MAX_TEXT = 60;

/** One or two lines that say what a node is: its name, and what else is worth a line. */
export function titleOf(node: GraphNode): readonly string[] {
  switch (node.kind) {
    case "call":
      return node.id === node.task ? [node.id] : [node.id, `task ${node.task}`];
    case "subflow":
      return [node.id, node.id === node.flow ? "flow" : `flow ${node.flow}`];
    case "step":
    case "sleep":
    case "wait":
    case "background":
      return [node.id, node.kind];
    case "map":
      return [`for each of ${shorten(node.over)}`, modeOf(node.mode)];
    case "loop":
      return [node.recursion ? `recursion of ${shorten(node.text)}` : shorten(node.text)];
    case "branch":
      return [`if ${shorten(node.condition)}`];
    case "try":
      return ["try and its outcomes"];
    case "race":
      return ["race: the first wins"];
    case "procedure":
      return [`${shorten(node.name)}()`];
    case "dynamic":
      return [`? ${dynamicName(node.candidates, node.open)}`, shorten(node.reason)];
  }
}

/** What an arm is called. */
export function armTitle(arm: string): string {
  if (arm === "left" || arm === "right") return `${arm} side`;
  if (/^\d+$/.test(arm)) return `entrant ${Number(arm) + 1}`;
  return shorten(arm.replace(/^case:/, "case "));
}

/** What an edge carries: the parameter, and how the value gets there if not as it is. What decides says so. */
export function labelOf(edge: GraphEdge): string {
  if (edge.kind === "control") return edge.port === "error" ? "on error" : "decides";
  if (edge.kind === "order") return edge.on === "settled" ? "then, whatever comes" : "";
  const notes = [
    ...(edge.via === "choice" ? ["chooses"] : edge.derivation === "derived" ? ["computed"] : []),
    ...(edge.port === "error" ? ["error"] : []),
  ];
  const param = edge.param === "" ? "parameters" : edge.param;
  return notes.length > 0 ? `${param} (${notes.join(", ")})` : param;
}

/** Source text on one line, cut where it gets long; never inside a pair of surrogates. */
export function shorten(text: string, most: number = MAX_TEXT): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > most ? `${line.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "")}…` : line;
}

function modeOf(mode: Extract<GraphNode, { kind: "map" }>["mode"]): string {
  if (mode.type === "sequential") return "one by one";
  if (mode.type === "parallel") return "all in parallel";
  return mode.limit === null ? "some at a time" : `${mode.limit} at a time`;
}

function dynamicName(candidates: readonly string[], open: true | undefined): string {
  if (candidates.length === 0) return "unknown";
  const shown = candidates.slice(0, 3).join(" or ");
  return candidates.length > 3 || open ? `${shown} or …` : shown;
}
