/** Which rules of a run produced which: its matrix, from what became of its tokens. */
import type { MatrixDocument, MatrixRow } from "../json-shapes/matrix-document.js";
import { Breakpoints } from "../run/breakpoints.js";
import type { Fact } from "../run/facts.js";
import { tokenPlace } from "./firing.js";
import { type RuleLineage, ruleLineage, type TokenLineage } from "./rule-lineage.js";
import { rulesName } from "./rule-set.js";

/** The matrix of a run by its facts; undefined if it is none of a rule set. */
export function ruleMatrix(run: string, facts: readonly Fact[]): MatrixDocument | undefined {
  const lineage = ruleLineage(facts);
  if (!lineage) return undefined;
  const name = rulesName(lineage.set);
  const breakpoints = new Breakpoints();
  for (const fact of facts) breakpoints.see(fact);
  const keys = new Set(breakpoints.held.map(({ key }) => key));
  const held = lineage.tokens.filter(({ id }) => keys.has(tokenPlace(name, id).key)).map(({ id }) => id);
  return { run, rules: name, matrix: rowsOf(lineage, new Set(held)), tokens: lineage.tokens, held };
}

function rowsOf({ set, tokens, over }: RuleLineage, held: ReadonlySet<string>): readonly MatrixRow[] {
  const byOrigin = new Map<string | null, TokenLineage[]>();
  // What comes from outside first, then the rules in their order.
  for (const from of [null, ...set.rules.map((rule) => rule.name)]) byOrigin.set(from, []);
  for (const token of tokens) {
    const from = token.from?.rule ?? null;
    const row = byOrigin.get(from);
    if (row) row.push(token);
    else byOrigin.set(from, [token]);
  }
  return [...byOrigin].map(([from, given]) => {
    const fired: Record<string, number> = {};
    for (const { rule } of given.flatMap(({ firings }) => firings)) fired[rule] = (fired[rule] ?? 0) + 1;
    const loose = given.filter(({ id, firings, dropped }) => firings.length === 0 && !dropped && !held.has(id));
    return { from, tokens: given.length, fired, unmatched: over ? loose.length : 0 };
  });
}
