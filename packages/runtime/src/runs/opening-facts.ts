/** The facts that a life of a run begins with. */
import { randomUUID } from "node:crypto";
import { type BreakpointChanged, bytesInMemory, type FlowEntry } from "@millrace/core";
import type { Code } from "../builds/code.js";
import type { Draft } from "../steps/unit.js";
import type { RunLife } from "./run-life.js";

/** What begins. */
export interface OpeningRun {
  readonly entry: FlowEntry;
  readonly code: Code;
  readonly params: Uint8Array;
  readonly breakpoints?: readonly string[];
}

/** The start of a new run, or the resumption of one on record. */
export function firstFact({ entry, code, params }: OpeningRun, { record, relation, seed }: RunLife): Draft {
  const { build } = code.manifest;
  if (!record) return { kind: "run-started", flow: entry.id, build, params: bytesInMemory(params), seed };
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
