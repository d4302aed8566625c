/** Looks for steps of one flow that overwrite the same key of shared state, where nothing says which of them comes last. */
import { type GraphNode, GraphRules, indexGraph } from "@millrace/core";
import type { Node } from "ts-morph";
import type { Check, CheckFacts, Finding } from "./check.js";

/** `shared-unordered`. */
export const sharedUnordered: Check = (all, report) => {
  const overwrites = overwritesOf(all);
  for (const [flow, graph] of all.graphs) {
    const rules = new GraphRules(indexGraph(graph));
    const byKey = new Map<string, Writer[]>();
    for (const node of graph.nodes) {
      for (const [key, place] of overwrites(node)) {
        const writers = byKey.get(key) ?? [];
        writers.push({ node, place });
        byKey.set(key, writers);
      }
    }
    for (const [key, writers] of byKey) {
      const loose = writers.filter((one) => writers.some((other) => isUnordered(rules, one.node, other.node)));
      const finding = loose.length > 0 ? findingOf(all, { flow, key, loose }) : undefined;
      if (finding) report(finding);
    }
  }
};

/** A step that overwrites a key. */
interface Writer {
  readonly node: GraphNode;
  /** Where its code does. */
  readonly place: Node;
}

/** Key → where it is overwritten. */
type Overwrites = ReadonlyMap<string, Node>;

/** What the step of a node overwrites: the code of its task, or of its flow and all that this one calls. */
function overwritesOf({ graphs, facts, sharedUses }: CheckFacts): (node: GraphNode) => Overwrites {
  const known = new Map<string, Map<string, Node>>();
  const ofDeclared = (id: string): Overwrites => {
    const before = known.get(id);
    if (before) return before;
    const found = new Map<string, Node>();
    // Set before it is filled: flows that call each other are another finding.
    known.set(id, found);
    const fact = facts.find(({ declared }) => declared.id === id);
    for (const { keys = [], overwrites, node } of fact ? sharedUses(fact.declared) : []) {
      if (overwrites) for (const key of keys) if (!found.has(key)) found.set(key, node);
    }
    for (const node of graphs.get(id)?.nodes ?? []) {
      for (const [key, place] of ofNode(node)) if (!found.has(key)) found.set(key, place);
    }
    return found;
  };
  const ofNode = (node: GraphNode): Overwrites => {
    if (node.kind === "call") return ofDeclared(node.task);
    return node.kind === "subflow" ? ofDeclared(node.flow) : new Map();
  };
  return ofNode;
}

function isUnordered(rules: GraphRules, a: GraphNode, b: GraphNode): boolean {
  if (a === b) return rules.index.ancestors(a.id).some(isParallel);
  const { from, to } = rules.level(a.id, b.id);
  const [one, other] = [rules.index.node(from), rules.index.node(to)];
  const holder = one?.parent === undefined ? undefined : rules.index.node(one.parent);
  // Of the arms of a branch one runs; the handler of a `try` runs behind what it handles.
  const chosen = (holder?.kind === "branch" || holder?.kind === "try") && one?.arm !== other?.arm;
  return !chosen && !rules.hasWay(a.id, b.id) && !rules.hasWay(b.id, a.id);
}

function isParallel(node: GraphNode): boolean {
  if (node.kind !== "map" || node.mode.type === "sequential") return false;
  return node.mode.type === "parallel" || node.mode.limit !== 1;
}

interface Loose {
  readonly flow: string;
  readonly key: string;
  readonly loose: readonly Writer[];
}

function findingOf({ calls, model }: CheckFacts, { flow, key, loose }: Loose): Finding | undefined {
  const byPlace = new Map(calls.map(({ node }) => [JSON.stringify(model.spanOf(node)), node]));
  const writers = [...new Map(loose.map((writer) => [JSON.stringify(writer.node.span), writer]))];
  const [first, ...others] = writers.flatMap(([place, writer]) => {
    const call = byPlace.get(place);
    return call ? [{ call, ...writer }] : [];
  });
  if (!first) return undefined;
  const steps = [...new Set(loose.map(({ node }) => node.id))];
  const who = steps.length === 1 ? `Items of a map, each with ${steps[0]},` : `${listed(steps)}`;
  return {
    code: "shared-unordered",
    message: `${who} set the shared key ${JSON.stringify(key)}, and nothing orders them: whose value stays is chance.`,
    node: first.call,
    related: [
      ...others.map(({ call, node }) => ({ node: call, message: `${node.id} may run at the same time` })),
      ...[...new Set(loose.map(({ place }) => place))].map((node) => ({ node, message: "it is set here" })),
    ],
    hint: "Let one wait for the other, compute the value from the one before with this.shared.update(key, fn), or give each a key of its own.",
    data: { flow, key, steps },
  };
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
