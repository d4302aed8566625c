/** The facts that a life of a run begins with. */
import { randomUUID } from "node:crypto";
import { type BreakpointChanged, bytesInMemory, type RunOrigin } from "@millrace/core";
import type { Code } from "../builds/code.js";
import type { Draft } from "../steps/unit.js";
import type { Program } from "./program.js";
import type { RunLife } from "./run-life.js";

/** What begins. */
export interface OpeningRun {
  readonly program: Program;
  readonly code: Code;
  readonly params: Uint8Array;
  readonly breakpoints?: readonly string[];
  readonly origin?: RunOrigin | undefined;
}

/** The start of a new run, or the resumption of one on record. */
export function firstFact({ program, code, params, origin }: OpeningRun, { record, relation, seed }: RunLife): Draft {
  const { build } = code.manifest;
  if (!record) {
    const kind = program.kind === "flow" ? {} : { [program.kind]: true as const };
    const from = origin ? { origin } : {};
    return { kind: "run-started", flow: program.id, build, params: bytesInMemory(params), ...kind, ...from, seed };
  }
  return {
    kind: "run-resumed",
    build,
    dropped: record.dropped.map(({ seq }) => seq),
    ...(relation.codeChanged ? { changed: true } : {}),
    ...(relation.accepted ? { accepted: true } : {}),
  };
}

/** The breakpoints that it is to have from the first step on. */
export function firstBreakpoints({ breakpoints = [] }: OpeningRun): readonly Omit<BreakpointChanged, "seq" | "at">[] {
  return breakpoints.map((selector) => ({ kind: "breakpoint", id: randomUUID(), change: "set", selector }));
}
