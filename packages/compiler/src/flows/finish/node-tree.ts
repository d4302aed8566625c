/** The nodes of the document: which drafts are kept, what holds them, and their ids. */
import { bug, type GraphNode } from "@millrace/core";
import { containersOf, type Draft } from "../draft.js";

const LEAVES: ReadonlySet<GraphNode["kind"]> = new Set([
  "call",
  "subflow",
  "step",
  "sleep",
  "wait",
  "background",
  "dynamic",
]);

/** Where a node stands. */
export interface Standing {
  readonly parent: Draft | undefined;
  readonly arm: string | undefined;
}

/** Kept drafts as a tree. Containers whose contents wait for each other can be merged into one. */
export class NodeTree {
  readonly #drafts: Draft[];
  readonly #ids: Map<Draft, string>;
  readonly #standing = new Map<Draft, Standing>();
  /** Ids of what a merged container replaces. */
  readonly #merged = new Map<Draft, readonly string[]>();

  constructor(drafts: readonly Draft[]) {
    const { kept, dissolved } = keepUsed(drafts);
    this.#drafts = [...kept];
    this.#ids = nameDrafts(kept);
    for (const draft of kept) {
      let at = draft;
      while (at.parent && dissolved.has(at.parent)) at = at.parent;
      this.#standing.set(draft, { parent: at.parent, arm: at.arm });
    }
  }

  /** In pre-order of source after inlining. */
  get drafts(): readonly Draft[] {
    return this.#drafts;
  }

  /** True if the draft became a node. */
  has(draft: Draft): boolean {
    return this.#standing.has(draft);
  }

  /** @throws MillraceError `internal-bug` for a draft that became none. */
  idOf(draft: Draft): string {
    const id = this.#ids.get(draft);
    if (id === undefined) throw bug("an edge ends at a node that is not in the graph", { kind: draft.kind });
    return id;
  }

  /** What holds a node, and in which arm. A container that was dropped stands where what holds it stands. */
  standing(draft: Draft): Standing {
    return this.#standing.get(draft) ?? { parent: draft.parent && this.nearest(draft.parent), arm: draft.arm };
  }

  /** The draft itself, or the nearest container around it that is kept. */
  nearest(draft: Draft | undefined): Draft | undefined {
    return draft === undefined || this.has(draft) ? draft : this.nearest(draft.parent);
  }

  /** A node and the containers around it, innermost first. */
  chain(draft: Draft): readonly Draft[] {
    const found: Draft[] = [];
    for (let at: Draft | undefined = draft; at; at = this.standing(at).parent) found.push(at);
    return found;
  }

  /** True if `container` holds `draft`, at any depth. */
  holds(container: Draft, draft: Draft): boolean {
    return container !== draft && this.chain(draft).includes(container);
  }

  /** Nodes directly in a container. */
  children(container: Draft): readonly Draft[] {
    return this.#drafts.filter((draft) => this.standing(draft).parent === container);
  }

  /** Both nodes as siblings: replaced by their ancestors directly under what holds both; undefined if one holds the other. */
  lift(
    from: Draft,
    to: Draft,
  ): { readonly container: Draft | undefined; readonly from: Draft; readonly to: Draft } | undefined {
    const froms = this.chain(from);
    const tos = this.chain(to);
    const container = froms.find((draft) => tos.includes(draft));
    const below = (chain: readonly Draft[]): Draft | undefined =>
      chain[container ? chain.indexOf(container) - 1 : chain.length - 1];
    const [a, b] = [below(froms), below(tos)];
    return a && b && a !== b ? { container, from: a, to: b } : undefined;
  }

  /** Ids that a merged container replaces; undefined for all others. */
  mergedOf(draft: Draft): readonly string[] | undefined {
    return this.#merged.get(draft);
  }

  /** Replaces siblings by one `procedure` that holds their children, and those of them that have none. */
  merge(siblings: readonly Draft[]): void {
    const containers = siblings.filter(({ kind }) => !LEAVES.has(kind)).sort((a, b) => a.index - b.index);
    const [first] = containers;
    if (!first) throw bug("steps wait for each other in a circle", { ids: siblings.map((draft) => this.idOf(draft)) });
    const name = containers.map(({ detail }) => detail.name ?? detail.text ?? "").join(", ");
    const merged: Draft = { ...first, kind: "procedure", detail: { name } };
    const standing = this.standing(first);
    this.#drafts.splice(this.#drafts.indexOf(first), 0, merged);
    this.#standing.set(merged, standing);
    this.#ids.set(merged, freeId("procedure", new Set(this.#ids.values())));
    this.#merged.set(
      merged,
      containers.flatMap((draft) => this.mergedOf(draft) ?? [this.idOf(draft)]),
    );
    for (const container of containers) {
      for (const child of this.children(container)) this.#standing.set(child, { parent: merged, arm: undefined });
      this.#standing.delete(container);
      this.#drafts.splice(this.#drafts.indexOf(container), 1);
    }
    for (const leaf of siblings)
      if (!containers.includes(leaf)) this.#standing.set(leaf, { parent: merged, arm: undefined });
  }
}

/** Containers without a leaf go, as do branches in which nothing depends on the condition. */
function keepUsed(drafts: readonly Draft[]): { kept: readonly Draft[]; dissolved: ReadonlySet<Draft> } {
  const used = new Set<Draft>();
  for (const draft of drafts) {
    if (LEAVES.has(draft.kind)) for (const each of [draft, ...containersOf(draft)]) used.add(each);
  }
  const dependent = new Set(drafts.filter((d) => used.has(d) && d.arm !== "left").map((d) => d.parent));
  const dissolved = new Set(
    drafts.filter((d) => used.has(d) && (d.kind === "branch" || d.kind === "race") && !dependent.has(d)),
  );
  return { kept: drafts.filter((draft) => used.has(draft) && !dissolved.has(draft)), dissolved };
}

function nameDrafts(drafts: readonly Draft[]): Map<Draft, string> {
  const taken = new Set<string>();
  const ids = new Map<Draft, string>();
  for (const draft of drafts) {
    const id = freeId(draft.label ?? draft.kind, taken);
    taken.add(id);
    ids.set(draft, id);
  }
  return ids;
}

function freeId(label: string, taken: ReadonlySet<string>): string {
  let id = label;
  for (let n = 2; taken.has(id); n += 1) id = `${label}~${n}`;
  return id;
}
