/** Everything that a task or flow says about itself, as seen; checks judge it, entries are made of it. */

import type { Node } from "ts-morph";
import type { Declared } from "../project/declared.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { type SchemaResult, typeToSchema } from "../schema/type-to-schema.js";
import { lazily } from "./lazily.js";
import { readClass } from "./read-class.js";
import { readFunction } from "./read-function.js";
import type { ResultFact } from "./read-result.js";
import { readRuleClass, readRuleFunction } from "./read-rule.js";
import type { ParamFact, SeenDeclaration } from "./seen-declaration.js";

/** A parameter and its schema. */
export interface ParamWithSchema extends ParamFact {
  readonly schema: SchemaResult;
}

/** A declaration with all that was read from it. */
export interface DeclarationFacts extends SeenDeclaration {
  readonly declared: Declared;
  readonly params: readonly ParamWithSchema[];
  readonly result: ResultFact & { readonly schema: SchemaResult };
}

/** Reads one declaration, each part when it is asked for: each form has a reader, and what they see has one shape. */
export function readDeclaration(declared: Declared, sdk: SdkSymbols): DeclarationFacts {
  const seen = readForm(declared, sdk);
  const { node } = declared.form;
  return lazily<DeclarationFacts>({
    declared: () => declared,
    doc: () => seen.doc,
    params: () => seen.params.map((param) => ({ ...param, schema: schemaOf(param, node) })),
    misplacedParams: () => seen.misplacedParams,
    refinement: () => seen.refinement,
    unlistedParams: () => seen.unlistedParams,
    result: () => ({ ...seen.result, schema: seen.result.type ? typeToSchema(seen.result.type, node) : UNKNOWN }),
    options: () => seen.options,
    hooks: () => seen.hooks,
    rule: () => seen.rule,
  });
}

function readForm({ form, kind, isRule }: Declared, sdk: SdkSymbols): SeenDeclaration {
  if (form.type === "function") return isRule ? readRuleFunction(form, sdk) : readFunction(form, kind);
  return isRule ? readRuleClass(form, sdk) : readClass(form, kind, sdk);
}

const UNKNOWN: SchemaResult = { schema: {}, refusals: [], complaints: [] };

function schemaOf({ type, required, declaration }: ParamFact, node: Node): SchemaResult {
  return typeToSchema(type, node, { optional: !required, declaration });
}
