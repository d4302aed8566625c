/**
 * Finds the calls of one build of a flow in another build of it: by equal site, else by what is called with what, else by
 * what its data comes from and goes to. What these leave open is told, never guessed. Pure.
 */
import type { FlowGraph, GraphNode } from "../graph/flow-graph.js";
import { siteOfNode } from "../graph/index-graph.js";
import type { Site } from "../identity/brands.js";
import { formatSite, parseSite } from "../identity/site.js";

/** Where the calls of an earlier build stand in a later one. */
export interface GraphAlignment {
  /** Site now of each aligned call, by its node id then. */
  readonly sites: ReadonlyMap<string, Site>;
  /** Sites of the earlier build that may be any of several now, sorted. */
  readonly ambiguous: readonly Ambiguity[];
  /** Sites of the earlier build that have no counterpart, sorted. */
  readonly gone: readonly Site[];
  /** Sites of the later build that have no counterpart and are no choice of an ambiguity, sorted. */
  readonly added: readonly Site[];
}

/** A site with more than one possible counterpart, or that shares the only one with others. */
export interface Ambiguity {
  readonly site: Site;
  /** Node ids of the earlier build. */
  readonly nodes: readonly string[];
  /** Sites of the later build, sorted. */
  readonly choices: readonly Site[];
}

/** Site then → site now, as the user has decided. */
export type ChosenSites = ReadonlyMap<Site, Site>;

/** Aligns two builds of one flow. */
export function alignGraphs(before: FlowGraph, after: FlowGraph, chosen: ChosenSites = new Map()): GraphAlignment {
  const matching = new Matching(before, after);
  matching.byChoice(chosen);
  matching.bySite();
  while (matching.byInputs() || matching.byNeighbours()) {
    // Each match may tell its neighbours apart.
  }
  return matching.result();
}

/** Aligns two builds of one flow whose code differs in the names of local variables at most: node by node. */
export function alignEqualGraphs(before: FlowGraph, after: FlowGraph): GraphAlignment {
  const sites = new Map<string, Site>();
  before.nodes.forEach((node, index) => {
    const now = after.nodes[index];
    const site = now && siteOfNode(now);
    if (site !== undefined) sites.set(node.id, site);
  });
  return { sites, ambiguous: [], gone: [], added: [] };
}

/** A call of either build. */
interface Call {
  readonly id: string;
  readonly site: Site;
  /** What is called; calls of different things are never aligned. Undefined for what only a run knows. */
  readonly callee: string | undefined;
  readonly inputs: string | undefined;
}

class Matching {
  readonly #before: FlowGraph;
  readonly #after: FlowGraph;
  readonly #old: readonly Call[];
  readonly #new: readonly Call[];
  readonly #sites = new Map<string, Site>();
  /** Sites now that have a counterpart. */
  readonly #taken = new Set<Site>();

  constructor(before: FlowGraph, after: FlowGraph) {
    this.#before = before;
    this.#after = after;
    this.#old = callsOf(before);
    this.#new = callsOf(after);
  }

  byChoice(chosen: ChosenSites): void {
    for (const call of this.#old) {
      const site = chosen.get(call.site);
      if (site !== undefined) this.#match(call, site);
    }
  }

  /** Equal sites are one call. Those that only their number tells apart are first told apart by what they are given. */
  bySite(): void {
    for (const [, old, now] of pairs(this.#freeOld(), this.#freeNew(), baseOf)) {
      if (sitesIn(old).length > 1 || sitesIn(now).length > 1) {
        for (const [, some, same] of pairs(old, now, ({ inputs }) => inputs)) {
          if (sitesIn(some).length === 1 && sitesIn(same).length === 1) this.#matchAll(some, same);
        }
      }
      for (const call of old) {
        if (this.#sites.has(call.id)) continue;
        const same = now.filter((other) => other.site === call.site && isSameCallee(call, other));
        if (same.length > 0 && !this.#isTakenByOther(call)) this.#match(call, call.site);
      }
    }
  }

  /** The only call of the same thing with the same expressions. */
  byInputs(): boolean {
    return this.#byOnly((call) => (call.inputs === undefined ? undefined : `${call.callee} ${call.inputs}`));
  }

  /** Among the calls of one thing, the only one with the same neighbours. */
  byNeighbours(): boolean {
    const old = neighbours(this.#before, (id) => this.#sites.get(id));
    const known = new Map(this.#new.map((call) => [call.id, call.site]));
    const now = neighbours(this.#after, (id) => {
      const site = known.get(id);
      return site !== undefined && this.#taken.has(site) ? site : undefined;
    });
    const name = (call: Call, names: ReadonlyMap<string, string>, inputs: boolean): string | undefined => {
      const near = names.get(call.id);
      if (near === undefined && !inputs) return undefined;
      return `${call.callee} ${inputs ? call.inputs : ""} ${near ?? ""}`;
    };
    const side = (inputs: boolean) => (call: Call, isOld: boolean) => name(call, isOld ? old : now, inputs);
    return this.#byOnly(side(true)) || this.#byOnly(side(false));
  }

  result(): GraphAlignment {
    const open = this.#freeOld();
    const free = this.#freeNew();
    const ambiguous = new Map<Site, Ambiguity>();
    for (const call of open) {
      const alike = free.filter(({ callee, inputs }) => callee === call.callee && inputs === call.inputs);
      if (call.callee === undefined || alike.length === 0) continue;
      const known = ambiguous.get(call.site);
      const choices = new Set([...(known?.choices ?? []), ...alike.map(({ site }) => site)]);
      const nodes = [...(known?.nodes ?? []), call.id];
      ambiguous.set(call.site, { site: call.site, nodes, choices: [...choices].sort() });
    }
    const chosen = new Set([...ambiguous.values()].flatMap(({ choices }) => choices));
    const found = new Set(this.#old.filter(({ id }) => this.#sites.has(id)).map(({ site }) => site));
    return {
      sites: this.#sites,
      ambiguous: [...ambiguous.values()].sort((a, b) => (a.site < b.site ? -1 : 1)),
      gone: sitesIn(open).filter((site) => !ambiguous.has(site) && !found.has(site)),
      added: sitesIn(free).filter((site) => !chosen.has(site)),
    };
  }

  /** Matches calls whose name only they have, on either side. */
  #byOnly(nameOf: (call: Call, isOld: boolean) => string | undefined): boolean {
    let any = false;
    const named = (calls: readonly Call[], isOld: boolean): readonly Call[] =>
      calls.filter((call) => call.callee !== undefined && nameOf(call, isOld) !== undefined);
    const old = named(this.#freeOld(), true);
    const now = named(this.#freeNew(), false);
    for (const [, some, same] of pairs(old, now, nameOf)) {
      if (sitesIn(some).length > 1 || sitesIn(same).length > 1) continue;
      this.#matchAll(some, same);
      any = true;
    }
    return any;
  }

  #matchAll(old: readonly Call[], now: readonly Call[]): void {
    const site = now[0]?.site;
    if (site !== undefined) for (const call of old) this.#match(call, site);
  }

  #match(call: Call, site: Site): void {
    this.#sites.set(call.id, site);
    this.#taken.add(site);
  }

  #freeOld(): readonly Call[] {
    return this.#old.filter(({ id }) => !this.#sites.has(id));
  }

  #freeNew(): readonly Call[] {
    return this.#new.filter(({ site }) => !this.#taken.has(site));
  }

  /** Its site has gone to another call. */
  #isTakenByOther(call: Call): boolean {
    return this.#old.some((other) => other.site !== call.site && this.#sites.get(other.id) === call.site);
  }
}

/** Calls that have records of their own, or whose items have. */
function callsOf({ nodes }: FlowGraph): readonly Call[] {
  return nodes.flatMap((node) => {
    const site = siteOfNode(node);
    if (site === undefined || node.kind === "procedure") return [];
    return [{ id: node.id, site, callee: calleeOf(node), inputs: "inputs" in node ? node.inputs : undefined }];
  });
}

function calleeOf(node: GraphNode): string | undefined {
  switch (node.kind) {
    case "call":
      return `task ${node.task}`;
    case "subflow":
      return `flow ${node.flow}`;
    case "map":
    case "loop":
      return "map";
    case "dynamic":
      return undefined;
    default:
      return `${node.kind} ${"name" in node ? node.name : ""}`;
  }
}

function isSameCallee(a: Call, b: Call): boolean {
  return a.callee === undefined || b.callee === undefined || a.callee === b.callee;
}

/** The site without its number, and what is called. */
function baseOf({ site, callee }: Call): string {
  const parts = parseSite(site);
  return parts ? formatSite({ ...parts, n: 1 }) : `${site} ${callee}`;
}

/** Calls of both builds that share a name. */
function pairs(
  old: readonly Call[],
  now: readonly Call[],
  nameOf: (call: Call, isOld: boolean) => string | undefined,
): readonly (readonly [string, readonly Call[], readonly Call[]])[] {
  const group = (calls: readonly Call[], isOld: boolean): ReadonlyMap<string, readonly Call[]> => {
    const groups = new Map<string, Call[]>();
    for (const call of calls) {
      const name = nameOf(call, isOld);
      if (name === undefined) continue;
      groups.set(name, [...(groups.get(name) ?? []), call]);
    }
    return groups;
  };
  const later = group(now, false);
  return [...group(old, true)].flatMap(([name, some]) => {
    const same = later.get(name);
    return same ? [[name, some, same] as const] : [];
  });
}

function sitesIn(calls: readonly Call[]): readonly Site[] {
  return [...new Set(calls.map(({ site }) => site))].sort();
}

/** What a node's data comes from and goes to, as far as that is aligned; nothing for nodes without such neighbours. */
function neighbours({ edges }: FlowGraph, siteOf: (id: string) => Site | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string[]>();
  const add = (id: string, text: string): void => {
    found.set(id, [...(found.get(id) ?? []), text]);
  };
  for (const edge of edges) {
    if (edge.kind !== "data") continue;
    const [from, to] = [siteOf(edge.from), siteOf(edge.to)];
    if (from !== undefined) add(edge.to, `< ${from} ${edge.port} ${edge.path ?? ""} ${edge.param}`);
    if (to !== undefined) add(edge.from, `> ${to} ${edge.port} ${edge.path ?? ""} ${edge.param}`);
  }
  return new Map([...found].map(([id, texts]) => [id, texts.sort().join()]));
}
