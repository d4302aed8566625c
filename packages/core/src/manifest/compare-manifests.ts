/** What differs between two builds, down to symbol and line. Pure; `flow diff` and `flow affected` print it. */
import type { FlowGraph, GraphNode } from "../graph/flow-graph.js";
import type { DeclarationEntry, FlowEntry, Manifest, TaskEntry } from "./manifest.js";

/** Differences of two manifests. */
export interface ManifestDifference {
  /** Ids that only the second has, sorted. */
  readonly added: readonly string[];
  /** Ids that only the first has, sorted. */
  readonly removed: readonly string[];
  /** Declarations of both that differ in anything but place and words, sorted by id. */
  readonly changed: readonly DeclarationDifference[];
}

/** How one task or flow differs. */
export interface DeclarationDifference {
  readonly id: string;
  readonly kind: "task" | "flow";
  /** Records of the first build do not serve the second. */
  readonly invalidated: boolean;
  /** Code that it may run itself, sorted. */
  readonly symbols: readonly SymbolDifference[];
  readonly packages: readonly ValueDifference[];
  /** Ids of called tasks and flows whose own code differs, also those that are called through others, sorted. */
  readonly through: readonly string[];
  /** Parameters and result as TypeScript; `result` stands for the result, `params.city` for a parameter. */
  readonly types: readonly ValueDifference[];
  readonly options: readonly ValueDifference[];
  /** Only of flows. */
  readonly graph?: GraphDifference;
}

/** A part of the code that differs. */
export interface SymbolDifference {
  /** `file#name`. */
  readonly symbol: string;
  readonly change: "added" | "removed" | "changed";
  /** Where it begins, from 1: in the second build, or in the first if it was removed. */
  readonly line: number;
}

/** A named value before and after, as text; undefined where there is none. */
export interface ValueDifference {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** How a flow's graph differs. */
export interface GraphDifference {
  /** Node ids of the second build. */
  readonly added: readonly string[];
  /** Node ids of the first build. */
  readonly removed: readonly string[];
  /** Node ids of the second build whose incoming edges differ. */
  readonly rewired: readonly string[];
}

/** Compares two builds. */
export function compareManifests(before: Manifest, after: Manifest): ManifestDifference {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const changed = [...now].flatMap(([id, entry]) => {
    const earlier = old.get(id);
    const difference = earlier && compareDeclarations({ earlier, entry, before, after });
    return difference && isDifferent(difference) ? [difference] : [];
  });
  return {
    added: [...now.keys()].filter((id) => !old.has(id)).sort(),
    removed: [...old.keys()].filter((id) => !now.has(id)).sort(),
    changed: changed.sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

interface Pair {
  readonly earlier: TaskEntry | FlowEntry;
  readonly entry: TaskEntry | FlowEntry;
  readonly before: Manifest;
  readonly after: Manifest;
}

function compareDeclarations({ earlier, entry, before, after }: Pair): DeclarationDifference {
  const [a, b] = [earlier.fingerprint, entry.fingerprint];
  const version = earlier.options.version !== entry.options.version;
  return {
    id: entry.id,
    kind: entry.kind,
    invalidated: a.hash !== b.hash || version,
    symbols: compareSymbols(earlier, entry, before, after),
    packages: compareValues(a.packages, b.packages),
    through: [...calledBy(entry, after)].filter((id) => bodyOf(before, id) !== bodyOf(after, id)).sort(),
    types: compareValues(typesOf(earlier), typesOf(entry)),
    options: compareValues(texts(earlier.options), texts(entry.options)),
    ...(entry.kind === "flow" && earlier.kind === "flow" ? { graph: compareGraphs(earlier.graph, entry.graph) } : {}),
  };
}

function isDifferent(difference: DeclarationDifference): boolean {
  const { invalidated, types, options, graph } = difference;
  const rewired = graph ? graph.added.length + graph.removed.length + graph.rewired.length : 0;
  return invalidated || types.length + options.length + rewired > 0;
}

function compareSymbols(
  earlier: DeclarationEntry,
  entry: DeclarationEntry,
  before: Manifest,
  after: Manifest,
): readonly SymbolDifference[] {
  const [old, now] = [new Set(earlier.fingerprint.symbols), new Set(entry.fingerprint.symbols)];
  return [...new Set([...old, ...now])].sort().flatMap((symbol): SymbolDifference[] => {
    const was = old.has(symbol) ? before.symbols?.[symbol] : undefined;
    const is = now.has(symbol) ? after.symbols?.[symbol] : undefined;
    if (was?.hash === is?.hash) return [];
    const change = was === undefined ? "added" : is === undefined ? "removed" : "changed";
    return [{ symbol, change, line: (is ?? was)?.line ?? 1 }];
  });
}

function compareGraphs(before: FlowGraph, after: FlowGraph): GraphDifference {
  const [old, now] = [nodesOf(before), nodesOf(after)];
  const [oldEdges, newEdges] = [incoming(before), incoming(after)];
  return {
    added: [...now].flatMap(([name, { id }]) => (old.has(name) ? [] : [id])),
    removed: [...old].flatMap(([name, { id }]) => (now.has(name) ? [] : [id])),
    rewired: [...now].flatMap(([name, { id }]) =>
      old.has(name) && oldEdges.get(name) !== newEdges.get(name) ? [id] : [],
    ),
  };
}

/** Nodes by what names them across builds. */
function nodesOf({ nodes }: FlowGraph): ReadonlyMap<string, GraphNode> {
  return new Map(nodes.map((node) => [nameOf(node), node]));
}

function nameOf(node: GraphNode): string {
  return "site" in node && node.site !== undefined ? [...(node.frames ?? []), node.site].join(" ") : node.id;
}

function incoming(graph: FlowGraph): ReadonlyMap<string, string> {
  const names = new Map(graph.nodes.map((node) => [node.id, nameOf(node)]));
  const edges = new Map<string, string[]>();
  for (const { from, to, ...rest } of graph.edges) {
    const target = names.get(to) ?? to;
    const list = edges.get(target) ?? [];
    list.push(JSON.stringify([names.get(from) ?? from, rest]));
    edges.set(target, list);
  }
  return new Map([...edges].map(([name, list]) => [name, list.sort().join()]));
}

function compareValues(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly ValueDifference[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((name): ValueDifference[] => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined;
    const is = Object.hasOwn(after, name) ? after[name] : undefined;
    if (was === is) return [];
    return [{ name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

function typesOf({ params, result }: DeclarationEntry): Readonly<Record<string, string>> {
  const given = params.map(({ name, required, text }) => [`params.${name}`, `${required ? "" : "optional "}${text}`]);
  return Object.fromEntries([...given, ["result", result.text]]);
}

function texts(values: object): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, JSON.stringify(value)]));
}

function calledBy(entry: DeclarationEntry, manifest: Manifest): ReadonlySet<string> {
  const called = new Set<string>();
  const open = [...(entry.fingerprint.calls ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (called.has(id)) continue;
    called.add(id);
    open.push(...(entryOf(manifest, id)?.fingerprint.calls ?? []));
  }
  return called;
}

function bodyOf(manifest: Manifest, id: string): string | undefined {
  const fingerprint = entryOf(manifest, id)?.fingerprint;
  return fingerprint?.body ?? fingerprint?.hash;
}

function entryOf({ tasks, flows }: Manifest, id: string): DeclarationEntry | undefined {
  return Object.hasOwn(tasks, id) ? tasks[id] : Object.hasOwn(flows, id) ? flows[id] : undefined;
}

function entriesOf({ tasks, flows }: Manifest): ReadonlyMap<string, TaskEntry | FlowEntry> {
  return new Map<string, TaskEntry | FlowEntry>([...Object.entries(tasks), ...Object.entries(flows)]);
}
