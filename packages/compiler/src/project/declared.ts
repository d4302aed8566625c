/** A task or flow that the project declares, whatever the form: what all later stages know it by. */
import type { Span } from "@millrace/core";
import type {
  CallExpression,
  ClassDeclaration,
  Decorator,
  ExportAssignment,
  Node,
  ObjectLiteralExpression,
  Type,
  VariableDeclaration,
} from "ts-morph";

/** A decorated class that extends the SDK's Task or Flow. */
export interface ClassForm {
  readonly type: "class";
  readonly node: ClassDeclaration;
  readonly decorator: Decorator;
}

/** A call of `defineTask`, `defineFlow` or `defineRule` that a constant or a default export holds. */
export interface FunctionForm {
  readonly type: "function";
  readonly node: CallExpression;
  /** What holds it: through this its name is known. */
  readonly holder: VariableDeclaration | ExportAssignment;
  /** The call's argument. */
  readonly definition: ObjectLiteralExpression;
}

/** How a task, a flow or a rule is declared. */
export type DeclaringKind = "task" | "flow" | "rule";

/** A declared task or flow. */
export interface Declared {
  readonly kind: "task" | "flow";
  /** It is a task that is a rule. */
  readonly isRule: boolean;
  /** The `id` that it gives itself, else its name. */
  readonly id: string;
  /** Name in the source, of the class or the constant; the file stem for an anonymous default export. */
  readonly className: string;
  readonly form: ClassForm | FunctionForm;
  /** Source module, posix, relative to the project's root. */
  readonly source: string;
  /** Name under which its module exports it; undefined if it does not. */
  readonly exportName: string | undefined;
  /** Where findings about it point: its name, or the keyword or function that stands for one. */
  readonly nameNode: Node;
  /** Range of `nameNode`. */
  readonly span: Span;
}

/** The class of a declaration that is one. */
export function classOf({ form }: Declared): ClassDeclaration | undefined {
  return form.type === "class" ? form.node : undefined;
}

/** The node that declares a declaration's symbol: a class, a constant, or a default export. */
export function holderOf({ form }: Declared): Node {
  return form.type === "class" ? form.node : form.holder;
}

/** Type of its instances: what `call` and `start` compare classes by. */
export function instanceTypeOf({ form }: Declared): Type | undefined {
  return form.type === "class" ? form.node.getType() : form.node.getType().getConstructSignatures()[0]?.getReturnType();
}

/** How its author declares it: `@task`, `defineFlow`, … */
export function spellingOf({ form, kind, isRule }: Pick<Declared, "form" | "kind" | "isRule">): string {
  if (form.type === "class") return isRule ? "@rule" : `@${kind}`;
  if (isRule) return "defineRule";
  return kind === "task" ? "defineTask" : "defineFlow";
}
