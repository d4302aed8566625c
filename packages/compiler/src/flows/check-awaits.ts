/**
 * Check `await-not-a-step`: a flow body, or code that it runs, waits for a promise that no step stands behind. The walk has
 * found where; what `impure-flow-body` says of the same promise is not said again.
 */
import { Node } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { Analysis } from "./analysis.js";
import type { DraftGraph, ForeignAwait } from "./draft-graph.js";
import { nameInBody } from "./name-in-body.js";
import { rootOf } from "./root-of.js";
import { relatedWay } from "./running-code.js";

/** Looks at what the walk of a flow has met; `impure` are the places that `impure-flow-body` reports. */
export function checkAwaits(
  analysis: Analysis,
  flow: Declared,
  { foreignAwaits, entrusted }: Pick<DraftGraph, "foreignAwaits" | "entrusted">,
  impure: ReadonlySet<Node>,
): void {
  const { model, callables, foreign } = analysis;
  for (const found of foreignAwaits) {
    const origins = found.origins.filter(
      (origin) => !entrusted.has(foreign.packageOf(origin) ?? "") && !isReported(origin, impure) && !follows(origin),
    );
    const [first] = origins;
    if (first) report(found, origins);
  }

  /** `client.query()`, where `const client = await connect()` is reported: both belong into one step. */
  function follows(origin: Node): boolean {
    const causes = [...impure, ...foreignAwaits.map(({ node }) => node)];
    const declarations = rootOf(calleeOf(origin)).getSymbol()?.getDeclarations() ?? [];
    return declarations.some((each) => {
      const initializer = Node.isVariableDeclaration(each) ? each.getInitializer() : undefined;
      return initializer && causes.some((cause) => isInside(cause, initializer));
    });
  }

  function report({ node, way }: ForeignAwait, origins: readonly Node[]): void {
    const elsewhere = origins.filter((origin) => !isInside(origin, node));
    const name = nameInBody(callables, flow);
    analysis.report({
      code: "await-not-a-step",
      severity: "error",
      message: `A flow body waits for \`${textOf(node)}\`, which is no step: nothing records what it gives, and a resumed run would do it again.`,
      span: model.spanOf(node),
      related: [
        ...relatedWay(model, flow, way),
        ...elsewhere.map((origin) => ({ span: model.spanOf(origin), message: "what it waits for is made here" })),
      ],
      hint: `Put it into a task and ${name}.call it, or into ${name}.step(name, fn), which records its result.`,
      data: { flow: flow.id, awaits: textOf(node) },
    });
  }
}

/** What is called says what is impure; of an executor, everything in it. */
function isReported(origin: Node, impure: ReadonlySet<Node>): boolean {
  const culprit = calleeOf(origin);
  return [...impure].some((node) => isInside(node, culprit));
}

function calleeOf(origin: Node): Node {
  return Node.isCallExpression(origin) ? origin.getExpression() : origin;
}

function isInside(node: Node, above: Node): boolean {
  return node === above || node.getAncestors().includes(above);
}

/** On one line, shortened where it is long. */
function textOf(node: Node): string {
  const text = node.getText().replace(/\s+/g, " ");
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
