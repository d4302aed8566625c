/** Checks that what is declared pure, or cached for ever, reads nothing but its parameters: else a record would be given where it does not hold. */
import { Node, ts } from "ts-morph";
import { readSharedCall } from "../calls/shared-calls.js";
import { impureImport, impurityOf, mayBeImpure } from "../flows/impure-symbols.js";
import { shownWay, walkRunningCode } from "../flows/running-code.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import type { Check, CheckFacts, Report } from "./check.js";

/** What measures and waits, but seldom gives a result. */
const HARMLESS = /^(performance\.|process\.(hrtime|uptime)$|set(Timeout|Interval|Immediate)$|(node:)?timers)/;

/** `task-not-pure`. */
export const taskNotPure: Check = (all, report) => {
  for (const fact of all.facts) {
    const claim = fact.declared.kind === "task" && CLAIMS.find(({ option }) => fact.options.value[option] === true);
    const option = claim && fact.options.nodes.get(claim.option);
    if (option) checkTask({ fact, option, claim }, all, report);
  }
};

interface Claim {
  readonly option: "pure" | "cache";
  readonly words: string;
  readonly hint: string;
}

/** What says that a result holds wherever the parameters are the same. A cache with a time to live says less. */
const CLAIMS: readonly Claim[] = [
  {
    option: "pure",
    words: "declared pure",
    hint: "Take it as a parameter, or leave `pure` out: a record of a pure task serves wherever its parameters are the same.",
  },
  {
    option: "cache",
    words: "cached for ever",
    hint: 'Take it as a parameter, or say how long a result holds: cache: { ttl: "1h" }.',
  },
];

const GIVES_ELSE = "may give something else for the same parameters";
const NOT_AGAIN = "does not happen where its result is used again";

interface PureTask {
  readonly fact: DeclarationFacts;
  readonly claim: Claim;
  /** Where it says so. */
  readonly option: Node;
}

function checkTask({ fact, option, claim }: PureTask, { model, callables }: CheckFacts, report: Report): void {
  const { className, id } = fact.declared;
  walkRunningCode({
    model,
    callables,
    owner: fact.declared,
    wants: (node) => ts.isCallExpression(node) || (ts.isIdentifier(node) && mayBeImpure(node)),
    see(node, way) {
      const impurity = impurityAt(node);
      if (!impurity || HARMLESS.test(impurity.what)) return;
      report({
        code: "task-not-pure",
        message: `${className} is ${claim.words}, but \`${impurity.what}\` ${impurity.why}.`,
        node,
        related: [{ node: option, message: `${className} is ${claim.words} here` }, ...shownWay(fact.declared, way)],
        hint: claim.hint,
        data: { task: id, uses: impurity.what },
      });
    },
  });

  function impurityAt(node: Node): { readonly what: string; readonly why: string } | undefined {
    const shared = readSharedCall(model, node);
    if (shared) return { what: `shared.${shared.method}`, why: shared.reads ? GIVES_ELSE : NOT_AGAIN };
    const found = Node.isIdentifier(node) ? impurityOf(node, model) : Node.isCallExpression(node) && impureImport(node);
    return found ? { what: found.what, why: GIVES_ELSE } : undefined;
  }
}
