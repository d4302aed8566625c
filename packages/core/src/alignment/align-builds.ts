/** Where the records of one build stand in another: sites and step keys, through maps and sub-flows. Pure. */
import { appendTo } from "../collections/append-to.js";
import { type FlowGraph, GRAPH_VERSION, type GraphNode } from "../graph/flow-graph.js";
import { siteOfNode } from "../graph/index-graph.js";
import type { Site, StepKey } from "../identity/brands.js";
import { decodeSegment } from "../identity/segment.js";
import type { FlowEntry, Manifest } from "../manifest/manifest.js";
import {
  type Ambiguity,
  alignEqualGraphs,
  alignGraphs,
  type ChosenSites,
  type GraphAlignment,
} from "./align-graphs.js";

/** The names of a record: what fixes its place. */
export interface PlacedRecord {
  readonly key: StepKey;
  readonly site: Site;
  /** Node id in the build that made it. */
  readonly node: string;
}

/** Two builds, aligned flow by flow as they are asked for. */
export class BuildAlignment {
  /** The earlier build. */
  readonly before: Manifest;
  readonly #after: Manifest;
  readonly #chosen: ChosenSites;
  readonly #flows = new Map<string, FlowAlignment>();

  /** @param chosen Sites that the user has decided. */
  constructor(before: Manifest, after: Manifest, chosen: ChosenSites = new Map()) {
    this.before = before;
    this.#after = after;
    this.#chosen = chosen;
  }

  /** The alignment of a flow; of one that either build lacks, nothing is aligned. */
  flow(id: string): GraphAlignment {
    return this.#flow(id).graph;
  }

  /** The site and key that a record has now. */
  place(record: PlacedRecord): { readonly key: StepKey; readonly site: Site } {
    const key = this.#translate(record.key, record.node);
    return { key: key as StepKey, site: lastSite(key) ?? record.site };
  }

  /** The path that a body, or a record of which no more is known than its key, has now. */
  path<P extends string>(path: P): P {
    return this.#translate(path, undefined) as P;
  }

  /** What is ambiguous about a record: its own site, or one on the way to it. */
  ambiguities({ key, node }: PlacedRecord): readonly Ambiguity[] {
    const found: Ambiguity[] = [];
    this.#walk(key, (flow, { site }, isLast) => {
      if (site === undefined) return;
      for (const ambiguity of this.flow(flow).ambiguous)
        if (ambiguity.site === site && (!isLast || ambiguity.nodes.includes(node))) found.push(ambiguity);
    });
    return found;
  }

  #translate(path: string, node: string | undefined): string {
    const [root = ""] = path.split("/");
    const out = [root];
    this.#walk(path, (flow, part, isLast) => {
      if (part.item !== undefined) out.push(part.item);
      else out.push(this.#flow(flow).siteOf(part.site, isLast ? node : undefined), part.ordinal);
    });
    return out.join("/");
  }

  /** Visits the parts of a path, each with the flow whose body it stands in. */
  #walk(path: string, visit: (flow: string, part: PathPart, isLast: boolean) => void): void {
    const [root = "", ...rest] = path.split("/");
    let flow = decodeSegment(root);
    for (let i = 0; i < rest.length; ) {
      const segment = rest[i] ?? "";
      if (segment.startsWith("[")) {
        visit(flow, { item: segment }, i + 1 >= rest.length);
        i += 1;
        continue;
      }
      const site = segment as Site;
      visit(flow, { site, ordinal: rest[i + 1] ?? "0" }, i + 2 >= rest.length);
      i += 2;
      // A site behind a site: the body of a sub-flow.
      if (rest[i] !== undefined && !rest[i]?.startsWith("[")) flow = this.#flow(flow).subflow(site) ?? flow;
    }
  }

  #flow(id: string): FlowAlignment {
    let found = this.#flows.get(id);
    if (!found) {
      const [old, now] = [flowIn(this.before, id), flowIn(this.#after, id)];
      const [before, after] = [old?.graph ?? NO_GRAPH, now?.graph ?? NO_GRAPH];
      const isSame = old?.fingerprint.hash === now?.fingerprint.hash && before.nodes.length === after.nodes.length;
      found = new FlowAlignment(
        before,
        isSame ? alignEqualGraphs(before, after) : alignGraphs(before, after, this.#chosen),
      );
      this.#flows.set(id, found);
    }
    return found;
  }
}

type PathPart =
  | { readonly item: string; readonly site?: undefined; readonly ordinal?: undefined }
  | { readonly site: Site; readonly ordinal: string; readonly item?: undefined };

class FlowAlignment {
  readonly graph: GraphAlignment;
  /** Nodes of the earlier build by site. */
  readonly #nodes = new Map<Site, GraphNode[]>();

  constructor(before: FlowGraph, graph: GraphAlignment) {
    this.graph = graph;
    for (const node of before.nodes) {
      const site = siteOfNode(node);
      if (site === undefined) continue;
      appendTo(this.#nodes, site, node);
    }
  }

  /** The site now: that of the node, else the one that all nodes of the site share. */
  siteOf(site: Site, node: string | undefined): Site {
    const nodes = this.#nodes.get(site) ?? [];
    const own = nodes.find(({ id }) => id === node);
    const sites = new Set((own ? [own] : nodes).map(({ id }) => this.graph.sites.get(id)));
    const [only] = sites;
    return sites.size === 1 && only !== undefined ? only : site;
  }

  /** The flow that a site calls. */
  subflow(site: Site): string | undefined {
    for (const node of this.#nodes.get(site) ?? []) if (node.kind === "subflow") return node.flow;
    return undefined;
  }
}

const NO_GRAPH: FlowGraph = { graphVersion: GRAPH_VERSION, nodes: [], edges: [] };

function flowIn({ flows }: Manifest, id: string): FlowEntry | undefined {
  return Object.hasOwn(flows, id) ? flows[id] : undefined;
}

function lastSite(key: string): Site | undefined {
  const parts = key.split("/");
  const site = parts.at(-2);
  return site === undefined || site.startsWith("[") ? undefined : (site as Site);
}
