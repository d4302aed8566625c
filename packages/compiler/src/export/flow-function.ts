/** The function that is the body of a flow, in the syntax of its module. */
import type { FlowEntry } from "@millrace/core";
import { ts } from "ts-morph";

/** A body, and how its code names what it is given. */
export interface FlowFunction {
  readonly source: ts.SourceFile;
  readonly body: ts.ConciseBody;
  /** Name of the object with `call` and `all`; undefined: `this`. */
  readonly context: string | undefined;
  /** How its parameters are bound; undefined: they are fields of `this`. */
  readonly params: ts.BindingName | undefined;
  /** Schemas of the author, whose code may give its body other parameters than the flow is given. */
  readonly schemas: readonly ts.Node[];
}

/** Finds it; undefined if the declaration has no function of its own there, such as one that it inherits. */
export function flowFunction({ span }: FlowEntry, source: ts.SourceFile): FlowFunction | undefined {
  const at = source.getPositionOfLineAndCharacter(span.line - 1, span.column - 1);
  let found: FlowFunction | undefined;
  const visit = (node: ts.Node): void => {
    if (at < node.getStart(source) || at >= node.getEnd()) return;
    if (ts.isClassLike(node)) found = ofClass(node, source);
    else if (ts.isVariableDeclaration(node) || ts.isExportAssignment(node)) found = ofDefinition(node, source);
    node.forEachChild(visit);
  };
  source.forEachChild(visit);
  return found;
}

function ofClass({ members }: ts.ClassLikeDeclaration, source: ts.SourceFile): FlowFunction | undefined {
  const run = members.filter(ts.isMethodDeclaration).find(({ name }) => name.getText(source) === "run");
  const schemas = members.flatMap((member) =>
    (ts.canHaveDecorators(member) ? (ts.getDecorators(member) ?? []) : []).flatMap(({ expression }) =>
      ts.isCallExpression(expression) ? [...expression.arguments] : [],
    ),
  );
  return run?.body && { source, body: run.body, context: undefined, params: undefined, schemas };
}

/** The function `run` of the object that a call is given: that of `defineFlow`. */
function ofDefinition(node: ts.Node, source: ts.SourceFile): FlowFunction | undefined {
  if (ts.isCallExpression(node)) {
    const [definition] = node.arguments;
    return definition && ts.isObjectLiteralExpression(definition) ? ofObject(definition, source) : undefined;
  }
  return node.forEachChild((child) => ofDefinition(child, source));
}

function ofObject({ properties }: ts.ObjectLiteralExpression, source: ts.SourceFile): FlowFunction | undefined {
  const run = properties.find(({ name }) => name?.getText(source) === "run");
  const fn = run && ts.isPropertyAssignment(run) ? run.initializer : run;
  if (!fn || !(ts.isArrowFunction(fn) || ts.isFunctionExpression(fn) || ts.isMethodDeclaration(fn)) || !fn.body)
    return undefined;
  const [params, context] = fn.parameters;
  const name = context && ts.isIdentifier(context.name) ? context.name.text : "";
  const schemas = properties.filter((property) => property.name?.getText(source) === "params");
  return { source, body: fn.body, context: name, params: params?.name, schemas };
}
