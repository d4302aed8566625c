/** An index of a flow's graph: nodes by id, children by container, and the node that a running call belongs to. */
import type { Site } from "../identity/brands.js";
import type { FlowGraph, GraphNode } from "./flow-graph.js";

/** Look-ups over one graph. */
export interface GraphIndex {
  /** The graph itself. */
  readonly graph: FlowGraph;
  /** A node by id. */
  node(id: string): GraphNode | undefined;
  /** Nodes directly inside a container, in order; those at the top for `undefined`. */
  children(parent: string | undefined): readonly GraphNode[];
  /** All nodes of a site, one for each inlined call path. */
  atSite(site: Site): readonly GraphNode[];
  /** The node that a running call announces by its frames and site; where no frames fit, any node of the site. */
  find(frames: readonly Site[], site: Site): GraphNode | undefined;
}

/** Indexes a graph once. */
export function indexGraph(graph: FlowGraph): GraphIndex {
  const byId = new Map<string, GraphNode>();
  const byParent = new Map<string | undefined, GraphNode[]>();
  const bySite = new Map<Site, GraphNode[]>();
  const byPath = new Map<string, GraphNode>();
  for (const node of graph.nodes) {
    byId.set(node.id, node);
    push(byParent, node.parent, node);
    if (!("site" in node) || node.site === undefined) continue;
    push(bySite, node.site, node);
    const path = pathOf(node.frames ?? [], node.site);
    if (!byPath.has(path)) byPath.set(path, node);
  }
  return {
    graph,
    node: (id) => byId.get(id),
    children: (parent) => byParent.get(parent) ?? [],
    atSite: (site) => bySite.get(site) ?? [],
    find: (frames, site) => byPath.get(pathOf(frames, site)) ?? bySite.get(site)?.[0],
  };
}

function pathOf(frames: readonly Site[], site: Site): string {
  return [...frames, site].join("/");
}

function push<K>(map: Map<K, GraphNode[]>, key: K, node: GraphNode): void {
  const list = map.get(key);
  if (list) list.push(node);
  else map.set(key, [node]);
}
