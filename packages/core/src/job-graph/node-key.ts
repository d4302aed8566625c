/** Where the record of a node stands in its run. The driver writes there, and whoever made the graph finds it there again. */
import type { ActivationPath, Site, StepKey } from "../identity/brands.js";
import { formatSite } from "../identity/site.js";
import { rootPath, stepKey } from "../identity/step-key.js";

/** A graph as it runs: what its nodes stand in. */
export interface GraphPlace {
  /** Owner of the nodes' sites: name of the graph, or id of the node that runs it. */
  readonly owner: string;
  readonly path: ActivationPath;
}

/** The place of a run's own graph, by its name. */
export function rootPlace(name: string): GraphPlace {
  return { owner: name, path: rootPath(name) };
}

/** The place of a graph that a node of another graph runs. */
export function innerPlace(outer: GraphPlace, node: string): GraphPlace {
  return { owner: node, path: nodeKey(outer, node) as string as ActivationPath };
}

/** The site of a node. */
export function nodeSite({ owner }: GraphPlace, node: string): Site {
  return formatSite({ owner, callee: node, receiver: "", n: 1 });
}

/** The key of a node. */
export function nodeKey(place: GraphPlace, node: string): StepKey {
  return stepKey(place.path, nodeSite(place, node), 0);
}
