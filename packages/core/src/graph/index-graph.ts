/** Finds nodes of a flow graph: by id, by container, and by what a running body announces. Built once per graph. */
import { groupBy } from "../collections/group-by.js";
import type { Site } from "../identity/brands.js";
import type { FlowGraph, GraphNode } from "./flow-graph.js";

/** A graph with its look-up tables. */
export interface GraphIndex {
  readonly graph: FlowGraph;
  /** The node of an id. */
  node(id: string): GraphNode | undefined;
  /** Nodes directly in a container, in order; without an id those at the top. */
  children(id: string | undefined): readonly GraphNode[];
  /** Containers around a node, innermost first. */
  ancestors(id: string): readonly GraphNode[];
  /** All nodes of a site, one for each inlined call path. */
  atSite(site: Site): readonly GraphNode[];
  /**
   * The nodes that a running call may be, by its frames and site; where no frames fit, any node of the site. `callee`, a task or flow id,
   * tells apart what a condition chooses between at one site. There are several where one function calls another that it was
   * given more than once: such calls have no frames of their own.
   */
  find(frames: readonly Site[], site: Site, callee?: string): readonly GraphNode[];
  /** True if a running call cannot tell that it is this node and no other. */
  isAmbiguous(id: string): boolean;
}

/** Builds the look-up tables of a graph. */
export function indexGraph(graph: FlowGraph): GraphIndex {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const byParent = groupBy(graph.nodes, (node) => node.parent ?? "");
  const bySite = groupBy(graph.nodes, (node) => siteOfNode(node) ?? "");
  const byPlace = groupBy(graph.nodes, (node) => placeOf(framesOfNode(node), siteOfNode(node)));

  function ancestors(id: string): readonly GraphNode[] {
    const found: GraphNode[] = [];
    for (let at = byId.get(id)?.parent; at !== undefined; ) {
      const node = byId.get(at);
      if (!node) break;
      found.push(node);
      at = node.parent;
    }
    return found;
  }

  function find(frames: readonly Site[], site: Site, callee?: string): readonly GraphNode[] {
    const here = byPlace.get(placeOf(frames, site));
    if (!here) return pick(bySite.get(site) ?? [], callee).slice(0, 1);
    return here.length === 1 ? here : pick(here, callee);
  }

  const ambiguous = new Set<string>();
  for (const here of byPlace.values()) {
    if (here.length === 1 || siteOfNode(here[0] as GraphNode) === undefined) continue;
    for (const node of here) if (pick(here, calleeOf(node)).length > 1) ambiguous.add(node.id);
  }

  return {
    graph,
    node: (id) => byId.get(id),
    children: (id) => byParent.get(id ?? "") ?? [],
    ancestors,
    find,
    isAmbiguous: (id) => ambiguous.has(id),
    atSite: (site) => bySite.get(site) ?? [],
  };
}

/** The site of a node; undefined for branches and other containers that are no calls. */
export function siteOfNode(node: GraphNode): Site | undefined {
  return "site" in node ? node.site : undefined;
}

function framesOfNode(node: GraphNode): readonly Site[] {
  return ("frames" in node ? node.frames : undefined) ?? [];
}

/** Sites hold no blank, so joining with one is unambiguous. */
function placeOf(frames: readonly Site[], site: Site | undefined): string {
  return site === undefined ? "" : [...frames, site].join(" ");
}

function calleeOf(node: GraphNode): string | undefined {
  if (node.kind === "call") return node.task;
  if (node.kind === "background") return node.name;
  return node.kind === "subflow" ? node.flow : undefined;
}

/** Those that call this, or, if none does, the first. */
function pick(here: readonly GraphNode[], callee: string | undefined): readonly GraphNode[] {
  const calling = here.filter((node) => calleeOf(node) === callee);
  return calling.length > 0 ? calling : here.slice(0, 1);
}
