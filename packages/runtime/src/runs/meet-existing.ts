/**
 * A start that meets a run under its id. Whoever starts twice means one run: the same flow with the same parameters, or it is
 * refused.
 */
import {
  canonicalHash,
  decodeValue,
  jsonImage,
  MillraceError,
  type RunId,
  type RunState,
  suggestName,
} from "@millrace/core";
import type { IfExists } from "../api/start-options.js";
import { lifeOf, type ReadingEngine } from "./read-life.js";
import type { RunLife } from "./run-life.js";
import { type EndedRecord, hasEnded, readRunRecord } from "./run-record.js";

/** What a run is started as. */
export interface Beginning {
  /** Flow id. */
  readonly flow: string;
  /** Encoded. */
  readonly params: Uint8Array;
}

/** What becomes of the start: the run goes on from its record, or its end on record is told. */
export type Meeting = { readonly life: RunLife } | { readonly ended: EndedRecord };

const WAYS: readonly IfExists[] = ["fail", "attach", "resume"];

/** Longest text of a parameter in a message. */
const TEXT_LIMIT = 60;

/** Checks an option given by the user. @throws MillraceError `invalid-options`. */
export function checkIfExists(given: IfExists = "fail"): IfExists {
  if (WAYS.includes(given)) return given;
  throw new MillraceError("invalid-options", `ifExists cannot be ${JSON.stringify(given)}.`, {
    hint: suggestName(String(given), WAYS, `It is ${WAYS.join(", ")}.`),
    data: { option: "ifExists", given },
  });
}

/**
 * Meets the run on record; its lease is the caller's.
 * @throws MillraceError `run-exists`, `run-differs`, `limit-unmeetable`.
 */
export async function meetExisting(
  engine: ReadingEngine,
  id: RunId,
  start: Beginning & { readonly ifExists: IfExists },
): Promise<Meeting> {
  if (start.ifExists === "fail") throw runExists(id);
  const record = await readRunRecord(id, engine.store.read(id, { stepParams: false }), {
    reopen: false,
    rerun: new Set(),
  });
  const { flow, params } = record.started;
  checkSame(id, { flow, params: params.read() }, start);
  if (hasEnded(record) && !goesOn(record.ended.state, start.ifExists)) return { ended: record };
  return { life: await lifeOf(engine, record, {}) };
}

function goesOn(ended: RunState, ifExists: IfExists): boolean {
  return ended === "failed" && ifExists === "resume";
}

/** Two starts of one id have to mean the same. @throws MillraceError `run-differs`. */
export function checkSame(id: RunId, existing: Beginning, start: Beginning): void {
  if (existing.flow !== start.flow)
    throw runDiffers(id, [`it is a run of ${existing.flow}, not of ${start.flow}`], existing.flow);
  const differences = differingParams(byName(existing.params), byName(start.params));
  if (differences.length > 0) throw runDiffers(id, differences, existing.flow);
}

/** A run has the id, and the start does not want it. */
export function runExists(id: RunId): MillraceError {
  return new MillraceError("run-exists", `There is a run "${id}" already.`, {
    hint: `Give another id, or go on with that one: \`flow resume ${id}\`, or \`ifExists: "attach"\` where it is started.`,
    data: { run: id },
  });
}

function runDiffers(id: RunId, differences: readonly string[], flow: string): MillraceError {
  return new MillraceError("run-differs", `Run "${id}" was started otherwise: ${differences.join("; ")}.`, {
    hint: "Give another id for other work; attach with the flow and the parameters that the run was started with.",
    data: { run: id, flow, differences },
  });
}

function differingParams(existing: ReadonlyMap<string, unknown>, start: ReadonlyMap<string, unknown>): string[] {
  const names = [...new Set([...existing.keys(), ...start.keys()])].sort();
  return names.flatMap((name) => {
    const [then, now] = [existing, start].map((params) => (params.has(name) ? { value: params.get(name) } : undefined));
    if (then && now && canonicalHash(then.value) === canonicalHash(now.value)) return [];
    return [`${name} was ${textOf(then)}, not ${textOf(now)}`];
  });
}

/** Parameters by name. */
function byName(params: Uint8Array): ReadonlyMap<string, unknown> {
  // The bytes were made by encodeFor from a parameter object.
  return new Map(Object.entries(decodeValue(params) as object));
}

function textOf(given: { readonly value: unknown } | undefined): string {
  if (!given) return "left out";
  const text = JSON.stringify(jsonImage(given.value)) ?? "undefined";
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}
