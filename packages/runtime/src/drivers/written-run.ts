/** Runs that are data, as they are given to the engine: the document, or what writes one down. */
import type { ToJobGraph, ToRuleSet } from "@millrace/core";
import { readGraphProgram, readRulesProgram } from "./programs.js";

/** A document, and how it is read. */
export interface WrittenRun extends Pick<ToJobGraph, "locals" | "classes"> {
  readonly document: object;
  readonly read: typeof readGraphProgram;
}

/** The document of a target, what its run needs beside it, and who reads it. */
export function writtenRun(target: object): WrittenRun {
  const { locals, classes } = target as Partial<ToJobGraph & ToRuleSet>;
  const beside = { ...(locals ? { locals } : {}), ...(classes ? { classes } : {}) };
  if (isFunctionOf(target, "toRuleSet")) return { document: target.toRuleSet(), read: readRulesProgram, ...beside };
  if (isFunctionOf(target, "toJobGraph")) return { document: target.toJobGraph(), read: readGraphProgram, ...beside };
  return { document: target, read: "rules" in target ? readRulesProgram : readGraphProgram };
}

function isFunctionOf<N extends string>(target: object, name: N): target is Record<N, () => object> {
  return typeof (target as Record<string, unknown>)[name] === "function";
}
