/**
 * Check `impure-flow-body`: clock, random, environment, timers and I/O in a flow body or in a helper that it reaches.
 * Functions given to `step` and the code of tasks are the right places for those, and are not looked into.
 */
import type { RelatedSpan } from "@millrace/core";
import { type CallExpression, Node, type SourceFile } from "ts-morph";
import { classOf, type Declared } from "../project/declared.js";
import { classChain } from "../tasks/class-chain.js";
import type { Analysis } from "./analysis.js";
import type { Callable } from "./callables.js";
import { type Impurity, impureImport, impurityOf } from "./impure-symbols.js";

/** Looks through the body of a flow and reports what it finds. */
export function checkPurity(analysis: Analysis, flow: Declared): void {
  const check = new PurityCheck(analysis, flow);
  // Fields are initialised anew at every start and resume.
  const owner = classOf(flow);
  for (const layer of owner ? classChain(owner) : []) {
    for (const field of layer.getInstanceProperties()) check.look(field, []);
  }
  const run = analysis.callables.runOf(flow);
  if (run) check.visit(run, []);
}

class PurityCheck {
  readonly #analysis: Analysis;
  readonly #flow: Declared;
  /** How the body names the flow. */
  readonly #name: string;
  readonly #files: ReadonlySet<SourceFile>;
  readonly #seen = new Set<Callable>();

  constructor(analysis: Analysis, flow: Declared) {
    this.#analysis = analysis;
    this.#flow = flow;
    const run = flow.form.type === "function" ? analysis.callables.runOf(flow) : undefined;
    const context = run?.getParameters()[1]?.getNameNode();
    this.#name = !run ? "this" : Node.isIdentifier(context) ? context.getText() : "flow";
    this.#files = new Set(analysis.model.files);
  }

  /** @param path The calls that lead here, outermost first. */
  visit(callable: Callable, path: readonly CallExpression[]): void {
    if (this.#seen.has(callable)) return;
    this.#seen.add(callable);
    this.look(callable, path);
  }

  /** Looks through whatever runs as part of the body. */
  look(code: Node, path: readonly CallExpression[]): void {
    code.forEachDescendant((node, traversal) => {
      if (Node.isIdentifier(node)) this.#judge(node, impurityOf(node, this.#files), path);
      else if (Node.isCallExpression(node)) {
        this.#judge(node, impureImport(node), path);
        if (this.#analysis.reach.calls.get(node)?.method === "step") {
          traversal.skip();
          return;
        }
        for (const target of this.#targets(node)) this.visit(target, [...path, node]);
      } else if (Node.isTypeNode(node) && !Node.isExpressionWithTypeArguments(node)) traversal.skip();
    });
  }

  #judge(node: Node, impurity: Impurity | undefined, path: readonly CallExpression[]): void {
    if (!impurity) return;
    const { model } = this.#analysis;
    const related: readonly RelatedSpan[] = path.map((call, index) => ({
      span: model.spanOf(call),
      message: `${index === 0 ? this.#flow.className : "which"} calls \`${call.getExpression().getText()}\` here`,
    }));
    const where = path.length === 0 ? "in the body of" : "in a function that is called by";
    this.#analysis.report({
      code: "impure-flow-body",
      severity: "error",
      message: `\`${impurity.what}\` ${where} flow ${this.#flow.className} would give something else when the run is resumed.`,
      span: model.spanOf(node),
      related,
      hint: impurity.hint.replaceAll("{flow}", this.#name),
      data: { flow: this.#flow.id, uses: impurity.what },
    });
  }

  /** Functions of the project that a call runs; methods of tasks run elsewhere, those of the flow as it overrides them. */
  #targets(call: CallExpression): readonly Callable[] {
    const { callables, model } = this.#analysis;
    const callee = call.getExpression();
    const own =
      Node.isPropertyAccessExpression(callee) && Node.isThisExpression(callee.getExpression())
        ? callables.memberOf(this.#flow, callee.getName())
        : undefined;
    const handedOn = call
      .getArguments()
      .filter((argument) => Node.isIdentifier(argument) || Node.isPropertyAccessExpression(argument))
      .flatMap((argument) => callables.ofSymbol(argument.getSymbol()));
    return [...(own ? [own] : callables.ofCall(call)), ...handedOn].filter((target) => {
      const owner = target.getParent();
      return !Node.isClassDeclaration(owner) || !model.isTask(owner.getType());
    });
  }
}
