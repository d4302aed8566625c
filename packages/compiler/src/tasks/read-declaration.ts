/** Everything that a task or flow class says about itself, as seen; checks judge it, entries are made of it. */
import type { HookName } from "@millrace/core";
import type { ClassFact } from "../project/find-classes.js";
import type { Declared } from "../project/model.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { type SchemaResult, typeToSchema } from "../schema/type-to-schema.js";
import { docComment } from "./doc-comment.js";
import { readHooks } from "./read-hooks.js";
import { type OptionsFact, readOptions } from "./read-options.js";
import { type MisplacedParam, type ParamFact, readParams } from "./read-params.js";
import { type ResultFact, readResult } from "./read-result.js";

/** A parameter and its schema. */
export interface ParamWithSchema extends ParamFact {
  readonly schema: SchemaResult;
}

/** A declaration with all that was read from its class. */
export interface DeclarationFacts {
  readonly declared: Declared;
  readonly doc: string | undefined;
  readonly params: readonly ParamWithSchema[];
  readonly misplacedParams: readonly MisplacedParam[];
  readonly result: ResultFact & { readonly schema: SchemaResult };
  readonly options: OptionsFact;
  /** Empty for flows. */
  readonly hooks: readonly HookName[];
}

/** Reads one declaration. `classes` are the facts that it was found among. */
export function readDeclaration(declared: Declared, classes: readonly ClassFact[], sdk: SdkSymbols): DeclarationFacts {
  const { node } = declared;
  const { params, misplaced } = readParams(node, sdk);
  const result = readResult(node);
  const decorator = classes.find((fact) => fact.node === node)?.decorator;
  return {
    declared,
    doc: docComment(node),
    params: params.map((param) => ({ ...param, schema: typeToSchema(param.type, node, !param.required) })),
    misplacedParams: misplaced,
    result: { ...result, schema: result.type ? typeToSchema(result.type, node) : { schema: {}, refusals: [] } },
    options: decorator ? readOptions(decorator.node) : { value: {}, nodes: new Map(), unreadable: [] },
    hooks: declared.kind === "task" ? readHooks(node) : [],
  };
}
