/** Runs that are data, as they are given to the engine: the document, or what writes one down. */
import type { ToJobGraph, ToRuleSet } from "@millrace/core";
import { issuesBy } from "../runs/issues-by-schema.js";
import { readGraphProgram, readRulesProgram } from "./programs.js";

/** A document, and how it is read. */
export interface WrittenRun extends Pick<ToJobGraph, "locals" | "classes"> {
  readonly document: object;
  readonly read: typeof readGraphProgram;
}

/** The document of a target, what its run needs beside it, and who reads it. */
export function writtenRun(target: object): WrittenRun {
  const starter = target as Partial<ToJobGraph & ToRuleSet>;
  const { locals, classes } = starter;
  const beside = { ...(locals ? { locals } : {}), ...(classes ? { classes } : {}) };
  if (isFunctionOf(target, "toRuleSet"))
    return { document: target.toRuleSet(), read: checked(starter, readRulesProgram), ...beside };
  if (isFunctionOf(target, "toJobGraph"))
    return { document: target.toJobGraph(), read: checked(starter, readGraphProgram), ...beside };
  return { document: target, read: "rules" in target ? readRulesProgram : readGraphProgram };
}

/** Who wrote the document says first what is wrong with it. */
function checked(target: Pick<ToJobGraph, "check">, read: WrittenRun["read"]): WrittenRun["read"] {
  return (document, around) => {
    target.check?.({ manifest: around.code.manifest, check: issuesBy });
    return read(document, around);
  };
}

function isFunctionOf<N extends string>(target: object, name: N): target is Record<N, () => object> {
  return typeof (target as Record<string, unknown>)[name] === "function";
}
