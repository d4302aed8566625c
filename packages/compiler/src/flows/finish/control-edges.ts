/**
 * Control edges: from the step whose outcome decides, to what it decides about. A condition ends at its container, whose
 * children inherit it; a failure at what stands in the handler; an exit at what comes after it.
 */
import type { ControlEdge } from "@millrace/core";
import type { Draft } from "../draft.js";
import type { DraftDecision, DraftIssue } from "../draft-graph.js";
import type { Guard } from "../guards.js";
import type { NodeTree } from "./node-tree.js";

/** A control edge between drafts. */
export interface DraftControl extends Pick<ControlEdge, "port" | "via" | "on"> {
  readonly from: Draft;
  readonly to: Draft;
  /** It need not be said where the same decision is about something before. */
  readonly reducible: boolean;
}

/** All of them, before reduction. */
export function controlEdges(
  decisions: readonly DraftDecision[],
  issues: readonly DraftIssue[],
  tree: NodeTree,
): readonly DraftControl[] {
  const found = [
    ...decisions.flatMap((decision) => ofDecision(decision, tree)),
    ...issues.flatMap(({ node, guards }) => [...guards.values()].flatMap((guard) => ofExit(guard, node, tree))),
  ];
  return [...new Map(found.map((edge) => [keyOf(edge), edge])).values()];
}

function ofDecision({ container, sources, arm, first }: DraftDecision, tree: NodeTree): readonly DraftControl[] {
  if (!tree.has(container)) return [];
  return sources.flatMap(({ node, port }): readonly DraftControl[] => {
    if (!tree.has(node)) return [];
    const edge = { from: node, port, ...(first ? { on: "first-error" as const } : {}) };
    const inside = tree.holds(container, node);
    if (arm === undefined && !inside) return [{ ...edge, to: container, reducible: false }];
    // What a turn decides about the next one is no edge within a turn.
    if (container.kind === "loop" || container.kind === "map") return [];
    const own = inside ? armWithin(container, node, tree) : undefined;
    const decided = tree.children(container).filter((child) => {
      const { arm: stands } = tree.standing(child);
      return arm === undefined ? stands !== own : stands === arm;
    });
    return decided
      .filter((child) => child !== node && !tree.holds(child, node))
      .map((child) => ({ ...edge, to: child, reducible: true }));
  });
}

/** The arm of a container in which a node inside it stands. */
function armWithin(container: Draft, node: Draft, tree: NodeTree): string | undefined {
  const chain = tree.chain(node);
  const child = chain[chain.indexOf(container) - 1];
  return child && tree.standing(child).arm;
}

/** From what guards an exit to a step behind it, or the outermost container around the step that lies behind it. */
function ofExit({ branch, condition, parent }: Guard, node: Draft, tree: NodeTree): readonly DraftControl[] {
  const place = tree.nearest(parent);
  const around = new Set<Draft | undefined>([undefined, ...(place ? tree.chain(place) : [])]);
  const to = tree.chain(node).find((draft) => around.has(tree.standing(draft).parent));
  if (!to) return [];
  const froms =
    branch.kind === "branch" && tree.has(branch)
      ? [{ from: branch, port: "result" as const }]
      : condition.map((source) => ({ from: source.node, port: source.port }));
  return froms
    .filter(({ from }) => tree.has(from) && from !== to && !tree.holds(to, from) && !tree.holds(from, to))
    .map(({ from, port }) => ({ from, to, port, via: "exit" as const, reducible: true }));
}

function keyOf({ from, to, port, via, on }: DraftControl): string {
  return [from.index, from.kind, to.index, to.kind, port, via, on].join("|");
}
