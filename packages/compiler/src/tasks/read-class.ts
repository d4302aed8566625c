/** Reads what a decorated class says about itself. */
import type { ClassForm, Declared } from "../project/declared.js";
import type { SdkSymbols } from "../project/sdk-symbols.js";
import { docComment } from "./doc-comment.js";
import { lazily } from "./lazily.js";
import { readHooks } from "./read-hooks.js";
import { readOptions } from "./read-options.js";
import { type ParamFacts, readParams } from "./read-params.js";
import { readResult } from "./read-result.js";
import type { SeenDeclaration } from "./seen-declaration.js";

/** Reads a class with its bases. */
export function readClass({ node, decorator }: ClassForm, kind: Declared["kind"], sdk: SdkSymbols): SeenDeclaration {
  const members = lazily<{ readonly read: ParamFacts }>({ read: () => readParams(node, sdk) });
  return lazily<SeenDeclaration>({
    doc: () => docComment(node),
    params: () => members.read.params,
    misplacedParams: () => members.read.misplaced,
    refinement: () => undefined,
    unlistedParams: () => undefined,
    result: () => readResult(node),
    options: () => readOptions(decorator.getArguments()[0]),
    hooks: () => (kind === "task" ? readHooks(node) : []),
    rule: () => undefined,
  });
}
