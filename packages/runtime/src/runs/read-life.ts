/** What it takes to go on with a run of the store: its record, the code for it, and how both relate. */
import { decodeValue, type FactsWanted, MillraceError, type RunId, type RunStore } from "@millrace/core";
import type { ResumeOptions } from "../api/resume-options.js";
import type { Code } from "../builds/code.js";
import { flowProgram, type ProgramSurroundings, readGraphProgram, readRulesProgram } from "../drivers/programs.js";
import type { Program } from "./program.js";
import { checkRecorded, relateCode } from "./relate-code.js";
import type { RunLife } from "./run-life.js";
import { type RunRecord, readRunRecord } from "./run-record.js";

/** Where runs are read, and what they are to go on with. */
export interface ReadingEngine extends ProgramSurroundings {
  readonly store: RunStore;
}

/** A run that can go on. */
export interface ReadLife extends RunLife {
  readonly record: RunRecord;
  readonly code: Code;
  readonly program: Program;
}

/** Reads a run that is to go on. @throws MillraceError `unknown-run`, `run-not-resumable`, `build-missing`, `limit-unmeetable`, `job-graph-invalid`. */
export async function readLife(
  engine: ReadingEngine,
  id: RunId,
  options: ResumeOptions & FactsWanted = {},
): Promise<ReadLife> {
  const { reopen = false, rerun = [], stepParams = true } = options;
  const record = await readRunRecord(id, engine.store.read(id, { stepParams }), { reopen, rerun: new Set(rerun) });
  checkRecorded(record, rerun);
  const state = record.ended?.state;
  if (state === "succeeded")
    throw notResumable(id, "it has succeeded", `Look at it with \`flow show ${id}\`, or start a new run.`);
  if (state === "aborted" && !reopen) throw notResumable(id, "it was cancelled", "Let it go on with --reopen.");
  return lifeOf(engine, record, options);
}

/** The next life of a run that has been read. */
export async function lifeOf(engine: ReadingEngine, record: RunRecord, options: ResumeOptions): Promise<ReadLife> {
  const code = options.code === "recorded" ? await engine.code.recorded(record.build) : engine.code;
  const program = programOf(record, { ...engine, code });
  return { record, code, program, seed: record.started.seed, relation: await relateCode(record, code, options) };
}

function programOf({ started: { flow, params, graph, rules } }: RunRecord, around: ProgramSurroundings): Program {
  if (graph) return readGraphProgram(decodeValue(params.read()), around);
  return rules ? readRulesProgram(decodeValue(params.read()), around) : flowProgram(flow, around);
}

/** `reason` and `hint` are for people. */
export function notResumable(id: RunId, reason: string, hint: string): MillraceError {
  return new MillraceError("run-not-resumable", `Run ${id} cannot be resumed: ${reason}.`, {
    hint,
    data: { run: id },
  });
}
