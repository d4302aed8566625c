/**
 * Order edges: what has settled, wherever it was issued, when another step is issued. Read off the issues of all steps
 * and said between siblings as far as it holds for all that they hold.
 */
import { groupBy, type OrderEdge } from "@millrace/core";
import type { Draft } from "../draft.js";
import type { DraftIssue } from "../draft-graph.js";
import { isSettled, joinStatus, type StepStatus } from "../steps.js";
import type { NodeTree } from "./node-tree.js";

/** An order edge between drafts. */
export interface DraftOrder extends Pick<OrderEdge, "on" | "certainty" | "group"> {
  readonly from: Draft;
  readonly to: Draft;
}

/** One step before another. */
interface Before {
  readonly from: Draft;
  readonly to: Draft;
  readonly status: StepStatus;
  readonly race?: Draft;
}

/** All of them, before reduction. */
export function orderEdges(issues: readonly DraftIssue[], tree: NodeTree): readonly DraftOrder[] {
  const siblings = new Map<string, { from: Draft; to: Draft; pairs: Before[] }>();
  for (const pair of pairsOf(issues, tree)) {
    const lifted = tree.lift(pair.from, pair.to);
    if (!lifted) continue;
    const { from, to } = lifted;
    const key = `${from.index}${from.kind}/${to.index}${to.kind}`;
    const known = siblings.get(key);
    if (known) known.pairs.push(pair);
    else siblings.set(key, { from, to, pairs: [pair] });
  }
  return [...siblings.values()].flatMap((pairs) => summarise(pairs, tree));
}

/** One edge between siblings where all pairs agree; else one for each source or target of which all do; else each pair. */
function summarise(
  { from, to, pairs }: { from: Draft; to: Draft; pairs: readonly Before[] },
  tree: NodeTree,
): readonly DraftOrder[] {
  const whole = agree(pairs);
  if (whole) return [{ from, to, ...whole }];
  return [...groupBy(pairs, (pair) => pair.from)].flatMap(([source, own]): readonly DraftOrder[] => {
    const all = agree(own);
    if (all) return [{ from: source, to, ...all }];
    return own.flatMap((pair): readonly DraftOrder[] => {
      if (pair.status === "pending") return [];
      if (pair.status !== "partly") return [{ from: source, to: pair.to, on: onOf(pair) }];
      const group = pair.race ? { group: tree.has(pair.race) ? tree.idOf(pair.race) : "race" } : {};
      return [{ from: source, to: pair.to, on: "settled", certainty: "may", ...group }];
    });
  });
}

function agree(pairs: readonly Before[]): Pick<OrderEdge, "on"> | undefined {
  if (pairs.some(({ status }) => status === "pending" || status === "partly")) return undefined;
  return { on: pairs.every((pair) => onOf(pair) === "success") ? "success" : "settled" };
}

function onOf({ status }: Before): OrderEdge["on"] {
  return status === "succeeded" ? "success" : "settled";
}

/** Every step before every other, as far as it was issued on some path to it. A race stands for its entrants. */
function pairsOf(issues: readonly DraftIssue[], tree: NodeTree): readonly Before[] {
  const byStep = groupBy(issues, (issue) => issue.node);
  return [...byStep].flatMap(([to, own]) => {
    const before = new Map<Draft, StepStatus>();
    const races = new Map<Draft, Draft>();
    for (const { steps, winners } of own) {
      // Where one entrant has been awaited by itself, the race has nothing to add.
      const open = winners.filter(({ members }) => !members.some((member) => isSettled(steps.get(member))));
      const won = new Map(open.map((winner) => [winner.race, winner]));
      const note = (node: Draft, status: StepStatus): void => {
        const known = before.get(node);
        before.set(node, known === undefined ? status : joinStatus(known, status));
      };
      for (const [node, status] of steps) {
        const winner = [...won.values()].find(({ members }) => members.includes(node));
        if (winner === undefined || status !== "pending") {
          note(node, status);
          continue;
        }
        const { race, members } = winner;
        const holds = (member: Draft): boolean => tree.has(race) && tree.holds(race, member);
        // Where some entrants were started before, the race's own arms are one member of the group among others.
        const whole = members.every(holds);
        const member = holds(node) ? race : node;
        note(member, whole ? "succeeded" : "partly");
        if (!whole) races.set(member, race);
      }
    }
    return [...before].flatMap(([from, status]): readonly Before[] => {
      if (from === to || !tree.has(from)) return [];
      const race = races.get(from);
      return [{ from, to, status, ...(race ? { race } : {}) }];
    });
  });
}
