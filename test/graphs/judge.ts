/**
 * The judge of a graph: runs a stamped body whose steps it can hold, fail, or give another value, and compares what
 * happens with the edges. An effect without a way through the lifted graph is unsound; an edge without an effect on any
 * input is imprecise.
 */
import { pathToFileURL } from "node:url";
import { type FlowGraph, type GraphEdge, indexGraph, liftEdges, type RunId, type Site } from "@millrace/core";
import { bindFlow, currentFrame, type FlowBinding, giveParams, runInFrame } from "@millrace/sdk/internal";
import { outcomeOf } from "./outcome-of.js";
import { PlainRef } from "./plain-ref.js";
import { plainShared } from "./plain-shared.js";
import { withoutStrays } from "./without-strays.js";

/** A flow that can be run. */
export interface Subject {
  /** Compiled module. */
  readonly module: string;
  readonly name: string;
  readonly graph: FlowGraph;
}

/** Parameters of the flow, and what its steps do if nobody interferes. */
export interface Input {
  readonly params: object;
  /** The value of the `n`-th issue of a node of a task, from 0. @throws what the step fails with. */
  value(task: string, n: number, node: string): unknown;
}

/** Other values that a task may give. */
export type Variants = (task: string) => readonly unknown[];

/** What is done to the steps of some nodes. */
export interface Interference {
  /** They never settle. */
  readonly hold?: ReadonlySet<string>;
  readonly fail?: string;
  readonly perturb?: { readonly id: string; readonly value: unknown };
}

/** What is wrong with a graph. */
export interface Verdict {
  /** Effects without a way: `A holds B`. */
  readonly unsound: readonly string[];
  /** Edges without an effect. */
  readonly unwitnessed: readonly GraphEdge[];
  readonly judged: number;
}

/** One run: the parameters of every issue by node. */
interface Trace extends ReadonlyMap<string, readonly string[]> {
  /** Nodes in the order of their issues. */
  readonly order: readonly string[];
}

/** A body that issues more steps than this goes on for ever. */
const MOST_STEPS = 60;

/** Judges a graph on several inputs. */
export function judge(subject: Subject, inputs: readonly Input[], variants: Variants): Promise<Verdict> {
  return withoutStrays(() => examine(subject, inputs, variants));
}

/**
 * Of many inputs the few that show most: one after another, whichever shows the most of what none before it has. What
 * an input shows is which steps are issued how often, with what, together with or without which others.
 */
export function chooseInputs(subject: Subject, candidates: readonly Input[], count: number): Promise<readonly Input[]> {
  return withoutStrays(async () => {
    const ids = subject.graph.nodes.map(({ id }) => id);
    const left = new Map<Input, ReadonlySet<string>>();
    for (const input of candidates) left.set(input, features(await trace(subject, input), ids));
    const chosen: Input[] = [];
    const shown = new Set<string>();
    const news = (input: Input): number => [...(left.get(input) ?? [])].filter((each) => !shown.has(each)).length;
    while (chosen.length < count && left.size > 0) {
      const scores = [...left.keys()].map((input) => [input, news(input)] as const);
      const [best] = scores.reduce((a, b) => (b[1] > a[1] ? b : a));
      for (const each of left.get(best) ?? []) shown.add(each);
      left.delete(best);
      chosen.push(best);
    }
    return chosen;
  });
}

function features(issued: Trace, ids: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const [id, all] of issued) {
    found.add(`${id} ${all.length}`);
    for (const params of all) found.add(`${id} ${params}`);
    for (const other of ids) found.add(`${id} ${issued.has(other) ? "with" : "without"} ${other}`);
  }
  return found;
}

async function examine(subject: Subject, inputs: readonly Input[], variants: Variants): Promise<Verdict> {
  const index = indexGraph(subject.graph);
  const ways = waysOf(subject.graph);
  const leaves = subject.graph.nodes.filter(({ kind }) =>
    ["call", "subflow", "step", "sleep", "wait", "dynamic"].includes(kind),
  );
  const inside = (id: string): readonly string[] => {
    const held = leaves.filter((leaf) => leaf.id === id || index.ancestors(leaf.id).some((node) => node.id === id));
    return held.map((leaf) => leaf.id);
  };
  const unsound = new Set<string>();
  const open = new Set(subject.graph.edges);
  const witness = (matches: (edge: GraphEdge) => boolean): void => {
    for (const edge of open) if (matches(edge)) open.delete(edge);
  };
  for (const input of inputs) {
    const base = await trace(subject, input);
    const reach = (from: string, to: string, how: string): void => {
      // A local step has no parameters: its result stands for them, which its own calls change too.
      if (how !== "holding" && index.node(to)?.kind === "step") return;
      if (!ways(from, to, (inTurn) => how === "holding" && sameTurn(base, from, to, inTurn)))
        unsound.add(`${how} ${from} affects ${to}`);
    };
    for (const { id } of leaves.filter((leaf) => base.has(leaf.id))) {
      const held = await trace(subject, input, { hold: new Set([id]) });
      for (const to of missing(base, held)) reach(id, to, "holding");
      const failed = await trace(subject, input, { fail: id });
      for (const to of differing(base, failed)) if (to !== id) reach(id, to, "failing");
      const decides = (e: GraphEdge, port: string, other: Trace): boolean =>
        e.kind === "control" && from(e, id, port) && inside(e.to).some((to) => recounted(base, other, to));
      witness((e) => decides(e, "error", failed));
      witness((e) => e.kind === "data" && from(e, id, "error") && receives(base, failed, e.to, id));
      const node = index.node(id);
      for (const value of variants(node?.kind === "call" ? node.task : "")) {
        const other = await trace(subject, input, { perturb: { id, value } });
        for (const to of differing(base, other)) if (to !== id) reach(id, to, "perturbing");
        witness((e) => decides(e, "result", other));
        witness((e) => e.kind === "data" && from(e, id, "result") && reparamed(base, other, e.to));
        const raced = [...open].filter((e) => e.kind === "data" && e.from === id && e.group !== undefined);
        for (const edge of raced) {
          const hold = new Set(rivals(subject.graph, edge));
          const alone = await trace(subject, input, { hold });
          const changed = await trace(subject, input, { hold, perturb: { id, value } });
          if (reparamed(alone, changed, edge.to)) open.delete(edge);
        }
      }
    }
    for (const edge of [...open].filter((e) => e.kind === "order")) {
      const group = subject.graph.edges.filter((e) => e.kind === "order" && edge.group && e.group === edge.group);
      const holding = new Set([edge, ...group].flatMap((e) => inside(e.from)));
      const held = await trace(subject, input, { hold: holding });
      const stopped = inside(edge.to).some((to) => (base.get(to)?.length ?? 0) > (held.get(to)?.length ?? 0));
      if (stopped) open.delete(edge);
    }
  }
  return { unsound: [...unsound].sort(), unwitnessed: [...open], judged: subject.graph.edges.length };

  /** A branch that an exit starts from is decided by the steps that flow into it. */
  function from(edge: GraphEdge, id: string, port: string): boolean {
    if (edge.from === id) return "port" in edge && edge.port === port;
    const decided = subject.graph.edges.filter((e) => e.kind === "control" && e.from === id && e.to === edge.from);
    return decided.some((e) => e.kind === "control" && e.port === port);
  }
}

/** True if no new turn of a loop began between the first issues of two nodes of it. */
function sameTurn({ order }: Trace, from: string, to: string, inLoop: (id: string) => boolean): boolean {
  const start = order.indexOf(from);
  const between = order.slice(start, order.indexOf(to));
  return !between.some((id, at) => inLoop(id) && order.indexOf(id) < start + at);
}

/** The other entrants of an edge's race. */
function rivals(graph: FlowGraph, edge: GraphEdge): readonly string[] {
  if (edge.kind !== "data") return [];
  return graph.edges
    .filter((e) => e.kind === "data" && e.group === edge.group && e.from !== edge.from)
    .map(({ from }) => from);
}

/** It gets the failure itself, or something else because of it. */
function receives(base: Trace, failed: Trace, to: string, from: string): boolean {
  return reparamed(base, failed, to) || (failed.get(to) ?? []).some((params) => params.includes(`${from} fails`));
}

function missing(base: Trace, other: Trace): readonly string[] {
  return [...base.keys()].filter((id) => !other.has(id));
}

function differing(base: Trace, other: Trace): readonly string[] {
  const ids = new Set([...base.keys(), ...other.keys()]);
  return [...ids].filter((id) => JSON.stringify(base.get(id)) !== JSON.stringify(other.get(id)));
}

function recounted(base: Trace, other: Trace, id: string): boolean {
  return (base.get(id)?.length ?? 0) !== (other.get(id)?.length ?? 0);
}

function reparamed(base: Trace, other: Trace, id: string): boolean {
  return base.has(id) && other.has(id) && JSON.stringify(base.get(id)) !== JSON.stringify(other.get(id));
}

/** Whether a way leads from one node to another, both replaced by siblings under what holds both. */
function waysOf(
  graph: FlowGraph,
): (from: string, to: string, judged: (container: (id: string) => boolean) => boolean) => boolean {
  const index = indexGraph(graph);
  const lifted = liftEdges(graph, index);
  const repeats = (id: string): boolean => {
    const node = index.node(id);
    return node?.kind === "loop" || (node?.kind === "map" && node.mode.type === "sequential");
  };
  return (from, to, judged) => {
    const chain = (id: string): readonly string[] => [id, ...index.ancestors(id).map((node) => node.id)];
    const [froms, tos] = [chain(from), chain(to)];
    const container = froms.find((id) => tos.includes(id));
    // What a turn does to later ones is no edge.
    const repeated = container === undefined ? undefined : chain(container).find(repeats);
    if (repeated !== undefined && !judged((id) => chain(id).includes(repeated))) return true;
    const below = (ids: readonly string[]): string | undefined =>
      ids[container === undefined ? ids.length - 1 : ids.indexOf(container) - 1];
    const goal = below(tos);
    // A generator has its part of a turn before the body of its loop: what leads back into it is of a later turn.
    const first = graph.nodes.find((node) => node.parent === container);
    if (container !== undefined && container === repeated && first?.kind === "procedure" && first.id === goal)
      return true;
    const seen = new Set<string>();
    const queue = [below(froms)];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (at === goal) return true;
      if (seen.has(at)) continue;
      seen.add(at);
      for (const edge of lifted.get(container ?? "") ?? []) if (edge.from === at) queue.push(edge.to);
    }
    return false;
  };
}

/** Runs the body until nothing moves any more. */
async function trace({ module, name, graph }: Subject, input: Input, interference: Interference = {}): Promise<Trace> {
  const index = indexGraph(graph);
  const order: string[] = [];
  const issued = Object.assign(new Map<string, string[]>(), { order });
  const counts = new Map<string, number>();
  const turns = new Map<object, Map<Site | undefined, number>>();
  let left = MOST_STEPS;

  function settle(site: Site | undefined, task: string, params: unknown): unknown {
    const frames: Site[] = [];
    for (let frame = currentFrame(); frame; frame = frame.parent) frames.unshift(frame.site);
    const found = index.find(frames, site ?? ("" as Site), task);
    // Of calls that nothing tells apart, the first in a frame is taken for the first node, and so on.
    const place = currentFrame() ?? index;
    const turn = turns.get(place)?.get(site) ?? 0;
    turns.set(place, new Map(turns.get(place)).set(site, turn + 1));
    const node = found[turn % Math.max(1, found.length)];
    if (!node) throw new Error(`${task} at ${site} is not in the graph`);
    order.push(node.id);
    issued.set(node.id, [...(issued.get(node.id) ?? []), text(params)]);
    const n = counts.get(node.id) ?? 0;
    counts.set(node.id, n + 1);
    left -= 1;
    const { hold, fail, perturb } = interference;
    if (hold?.has(node.id) || left < 0) return new Promise(() => {});
    if (fail === node.id) throw new Error(`${node.id} fails`);
    const value = input.value(task, n, node.id);
    return perturb?.id === node.id ? perturb.value : value;
  }

  const promised = (run: () => unknown): Promise<unknown> => {
    const promise = (async () => run())();
    // A promise that nobody awaits any more is the body's affair.
    promise.catch(() => {});
    return promise;
  };
  const context: Omit<FlowBinding, "signal" | "random" | "uuid"> = {
    info: { run: "judged" as RunId, flow: "judged" },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    shared: plainShared(),
    emit() {},
    use: () => Promise.reject(new Error("no resources here")),
    now: () => 0,
    call: ({ target, site, params }) => {
      const id = typeof target === "string" ? target : (target as { name: string }).name;
      return promised(() => settle(site, id, params)) as never;
    },
    ref: async (request) => new PlainRef(await context.call(request)),
    attempt: (request) => outcomeOf(context.call(request)),
    background: (request) => context.call(request),
    map: ({ items, fn, site, options }) => {
      const parent = currentFrame();
      const turns = [...items].map((item, at) =>
        runInFrame({ site: site as Site, item: { key: String(at), execution: {} }, parent }, async () => fn(item, at)),
      );
      const ends = options.onError === "collect" ? turns.map(outcomeOf) : turns;
      return promised(() => Promise.all(ends)) as never;
    },
    step: ({ fn, site }) =>
      // What it captures shows in its result alone.
      promised(async () => settle(site, "", await fn())) as never,
    sleep: ({ duration, site }) => promised(() => settle(site, "", { duration })),
    waitFor: ({ name: message, options, site }) => promised(() => settle(site, "", { name: message, options })),
    all: (entrants) => promised(() => Promise.all(entrants)) as never,
    race: (entrants) => promised(() => Promise.race(entrants)),
  };
  const exports = (await import(pathToFileURL(module).href)) as Record<string, new () => { run(): Promise<unknown> }>;
  const Flow = exports[name];
  if (!Flow) throw new Error(`${module} does not export ${name}`);
  const flow = new Flow();
  giveParams(Object.assign(flow, input.params), input.params);
  bindFlow(flow, context as FlowBinding);
  runInFrame(undefined, async () => flow.run()).catch(() => undefined);
  // All of it runs in microtasks: one macrotask later nothing moves.
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return issued;
}

function text(params: unknown): string {
  return JSON.stringify(params, (_key, value) => (value instanceof Error ? `${value.message}` : value)) ?? "";
}
