/**
 * Which rules may feed which, before anything runs: the tokens that a set begins with are followed from rule to rule, each as far as its shape
 * is known. Sound towards missing edges: a token of unknown shape may be matched by any rule.
 */
import type { Manifest } from "../manifest/manifest.js";
import { emitsOfNext, emitsOfRule, entryOf, type KnownValues, shapeOf, textOf } from "./emits-of-rule.js";
import { type FilterGroups, filtersOf, handlesErrors, type Verdict, verdictOn } from "./match-filter.js";
import type { Emits, TokenShape } from "./rule-entry.js";
import type { RuleSet, RuleSpec } from "./rule-set.js";

/** How a token comes to be: given, called, gone back to, or standing for a failure. */
export type TokenWay = "token" | "call" | "back" | "error";

/** A rule as far as it is known. */
export interface RuleNode {
  readonly name: string;
  /** Of each group one filter has to match. */
  readonly filters: FilterGroups;
  /** It has a `match` of its own beside them. */
  readonly asks: boolean;
  /** What may follow it, whatever token it is on. */
  readonly emits: Emits;
  /** Names of the tokens that a symbolic part of `emits` may be, sorted: who passes them on has said so. */
  readonly candidates: readonly string[];
  /** A symbolic part of `emits` may be other tokens, too. */
  readonly open: boolean;
}

/** A token that one rule may give another. */
export interface RuleEdge {
  /** Name of a rule; absent for tokens that the set begins with. */
  readonly from?: string;
  readonly to: string;
  /** Name of the token. */
  readonly token: string;
  readonly way: TokenWay;
  /** Whether the rule matches whatever token of that name comes. */
  readonly verdict: Exclude<Verdict, "never">;
  /** Nothing is known of the token. */
  readonly symbolic?: true;
  /** How often, in a run. */
  readonly count?: number;
}

/** A token that no rule matches. */
export interface LooseToken extends Pick<RuleEdge, "from" | "token" | "way"> {
  readonly shape: TokenShape;
}

/** The graph of a rule set. */
export interface RuleGraph {
  /** In the order of the set. */
  readonly rules: readonly RuleNode[];
  readonly edges: readonly RuleEdge[];
  readonly unmatched: readonly LooseToken[];
}

/** Different tokens that one rule of data is followed for; others count as unknown. */
const MOST_SHAPES = 100;

const UNKNOWN: TokenShape = { name: "…", has: {} };

/** Follows the tokens of a set that has been read. */
export function ruleGraph(set: RuleSet, { tasks }: Pick<Manifest, "tasks">): RuleGraph {
  const walk = new Walk(set, { tasks });
  for (const { body } of set.tokens) walk.follow(undefined, shapeOf(body), "token");
  return walk.graph();
}

/** A rule while it is followed. */
interface Followed {
  readonly spec: RuleSpec;
  readonly node: Omit<RuleNode, "candidates" | "open">;
  readonly seen: Set<string>;
  readonly candidates: Set<string>;
  open: boolean;
}

class Walk {
  readonly #set: RuleSet;
  readonly #manifest: Pick<Manifest, "tasks">;
  readonly #rules: readonly Followed[];
  readonly #edges = new Map<string, RuleEdge>();
  readonly #loose = new Map<string, LooseToken>();

  constructor(set: RuleSet, manifest: Pick<Manifest, "tasks">) {
    this.#set = set;
    this.#manifest = manifest;
    this.#rules = set.rules.map((spec) => {
      const entry = entryOf(spec, manifest);
      const emits = emitsOfRule(spec, entry, { variables: set.variables });
      const node = { name: spec.name, filters: filtersOf(spec, entry), asks: entry?.match === true, emits };
      return { spec, node, seen: new Set(), candidates: new Set(), open: false };
    });
  }

  graph(): RuleGraph {
    const rules = this.#rules.map(({ node, candidates, open, seen }) => {
      // Of what nothing feeds, nothing is known.
      const isOpen = open || (seen.size === 0 && isSymbolic(node.emits));
      return { ...node, candidates: [...candidates].sort(), open: isOpen };
    });
    const places = new Map(rules.map(({ name }, i) => [name, i]));
    const placeOf = (name: string | undefined): number => (name === undefined ? -1 : (places.get(name) ?? 0));
    const edges = [...this.#edges.values()].sort(
      (a, b) => placeOf(a.from) - placeOf(b.from) || placeOf(a.to) - placeOf(b.to) || (a.token < b.token ? -1 : 1),
    );
    const unmatched = [...this.#loose.values()].sort((a, b) => placeOf(a.from) - placeOf(b.from));
    return { rules, edges, unmatched };
  }

  /** A token that comes: to all rules that may match it, and on from there. */
  follow(from: Followed | undefined, shape: TokenShape, way: TokenWay): void {
    const open: { readonly from: Followed | undefined; readonly shape: TokenShape; readonly way: TokenWay }[] = [
      { from, shape, way },
    ];
    for (let next = open.pop(); next; next = open.pop()) {
      for (const rule of this.#matching(next)) {
        for (const { shape: given, way: by } of this.#given(rule, next.shape))
          open.push({ from: rule, shape: given, way: by });
      }
    }
  }

  #matching({
    from,
    shape,
    way,
  }: {
    from: Followed | undefined;
    shape: TokenShape;
    way: TokenWay;
  }): readonly Followed[] {
    const source = from === undefined ? {} : { from: from.node.name };
    const matching = this.#rules.flatMap((rule) => {
      const verdict = verdictOn(rule.node.filters, shape);
      if (verdict === "never" || (isError(shape) && !handlesErrors(rule.node.filters))) return [];
      const edge = { ...source, to: rule.node.name, token: shape.name, way };
      const key = JSON.stringify(edge);
      const may = verdict === "may" || rule.node.asks || this.#edges.get(key)?.verdict === "may";
      const symbolic = shape === UNKNOWN ? ({ symbolic: true } as const) : {};
      this.#edges.set(key, { ...edge, verdict: may ? "may" : "must", ...symbolic });
      return [rule];
    });
    // Errors that nobody handles are no mistake of a set.
    if (matching.length === 0 && way !== "error") {
      this.#loose.set(textOf([source, shape, way]), { ...source, token: shape.name, way, shape });
    }
    return matching;
  }

  /** What a rule gives for tokens of a shape; nothing for one that it has been followed for. */
  #given(rule: Followed, on: TokenShape): readonly { readonly shape: TokenShape; readonly way: TokenWay }[] {
    const { spec, seen } = rule;
    const entry = entryOf(spec, this.#manifest);
    const shape = seen.size >= MOST_SHAPES ? UNKNOWN : narrowed(on, spec);
    // A class says what it gives whatever token it is on.
    const key = textOf(entry ? isError(on) : shape);
    if (seen.has(key)) return [];
    seen.add(key);
    const known: KnownValues = { variables: this.#set.variables, ...(shape === UNKNOWN ? {} : { token: shape }) };
    const given = leavesOf(emitsOfRule(spec, entry, known));
    const always = new Set(leavesOf(rule.node.emits).map((leaf) => leaf.shape.name));
    for (const leaf of given) {
      if (leaf.shape === UNKNOWN) rule.open = true;
      else if (!always.has(leaf.shape.name)) rule.candidates.add(leaf.shape.name);
    }
    if (spec.onError?.next) return [...given, ...leavesOf(emitsOfNext(spec.onError.next, known))];
    // A failure on an error token gives no other.
    return isError(on) ? given : [...given, { shape: errorShape(spec.name), way: "error" }];
  }
}

function isError({ has }: TokenShape): boolean {
  return has._error === true;
}

function errorShape(rule: string): TokenShape {
  return { name: "_error", has: { _error: true, rule }, others: ["body", "error"] };
}

/** What its filter says of a token that a rule of data is on. */
function narrowed(shape: TokenShape, { filter = {} }: RuleSpec): TokenShape {
  if (Object.keys(filter).length === 0) return shape;
  const has = { ...filter, ...shape.has };
  return { ...shape, name: shape === UNKNOWN && typeof filter.type === "string" ? filter.type : shape.name, has };
}

/** What goes back has what was returned beside its own. */
function withReturned({ others, ...shape }: TokenShape): TokenShape {
  return others ? { ...shape, others: [...others, "returned"] } : shape;
}

/** All tokens that may be given, each with the way in which it comes. */
function leavesOf(
  emits: Emits,
  way: TokenWay = "token",
): readonly { readonly shape: TokenShape; readonly way: TokenWay }[] {
  switch (emits.type) {
    case "token":
      return [{ shape: way === "back" ? withReturned(emits.token) : emits.token, way }];
    case "list":
      return emits.of.flatMap((each) => leavesOf(each, way));
    case "branch":
      return emits.arms.flatMap((arm) => leavesOf(arm, way));
    case "each":
      return leavesOf(emits.of, way);
    case "call":
      return [...leavesOf(emits.enters, "call"), ...leavesOf(emits.back, "back")];
    case "symbolic":
      return [{ shape: UNKNOWN, way }];
    case "return":
    case "end":
      return [];
  }
}

/** True if a part of it is known only while running. */
function isSymbolic(emits: Emits): boolean {
  return leavesOf(emits).some(({ shape }) => shape === UNKNOWN);
}

/** True if a rule may go back to where a call says. */
export function mayReturn(emits: Emits): boolean {
  switch (emits.type) {
    case "return":
      return true;
    case "list":
      return emits.of.some(mayReturn);
    case "branch":
      return emits.arms.some(mayReturn);
    case "each":
      return mayReturn(emits.of);
    default:
      return false;
  }
}
