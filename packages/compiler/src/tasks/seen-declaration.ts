/** What a declaration says about itself, in whatever form: what its reader saw, judged by nobody yet. */
import type { Emits, HookName, ParamEntry, Token } from "@millrace/core";
import type { ClassMemberTypes, Decorator, Node, Type, TypeNode } from "ts-morph";
import type { OptionsFact } from "./read-options.js";
import type { ResultFact } from "./read-result.js";

/** A parameter as seen. */
export interface ParamFact {
  readonly name: string;
  /** Where findings about it point: the name of its field or property. */
  readonly nameNode: Node;
  /** What declares it in the project: its doc tags narrow the schema. */
  readonly declaration: Node | undefined;
  /** Its type as written. */
  readonly typeNode: TypeNode | undefined;
  /** Its type, with type arguments filled in. */
  readonly type: Type;
  readonly required: boolean;
  readonly default: ParamEntry["default"];
  /** The schema given to its `@param(…)`. */
  readonly refinement: Node | undefined;
  readonly doc: string | undefined;
}

/** A `@param()` on something that cannot be a parameter. */
export interface MisplacedParam {
  readonly member: ClassMemberTypes;
  readonly decorator: Decorator;
  /** What it is: `private`, `static`, `a method`, … */
  readonly what: string;
}

/** Parameters of a type whose properties cannot be listed. */
export interface UnlistedParams {
  readonly node: Node;
  readonly type: Type;
}

/** What a rule is beside a task. */
export interface RuleFact {
  /** What the token type and `when` say together; empty if they contradict each other. */
  readonly filters: readonly Token[];
  /** Its `when`; `value` is undefined if that is no literal. */
  readonly when: { readonly node: Node; readonly value: unknown } | undefined;
  /** Its `match`: where findings about it point, and what it gives. */
  readonly match: { readonly node: Node; readonly gives: Type } | undefined;
  readonly emits: Emits;
  /** Types of the tokens that it gives. */
  readonly given: readonly Type[];
  /** Where findings about what it gives point: the return type of `next`, else its name. */
  readonly node: Node;
}

/** What the reader of a form saw. */
export interface SeenDeclaration {
  readonly doc: string | undefined;
  /** Of a class: base classes first, in order of declaration. */
  readonly params: readonly ParamFact[];
  /** Classes only. */
  readonly misplacedParams: readonly MisplacedParam[];
  /** Functions only: the schema given as `params`, and the type of all parameters. */
  readonly refinement: { readonly node: Node; readonly type: Type } | undefined;
  /** Functions only. */
  readonly unlistedParams: UnlistedParams | undefined;
  readonly result: ResultFact;
  readonly options: OptionsFact;
  /** Empty for flows. */
  readonly hooks: readonly HookName[];
  /** Rules only. */
  readonly rule: RuleFact | undefined;
}
