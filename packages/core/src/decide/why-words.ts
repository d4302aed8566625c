/** Why a call is restored or runs, in words. */
import type { Identity } from "../identity/brands.js";
import type { ValueDifference } from "../manifest/compare-manifests.js";
import type { Manifest } from "../manifest/manifest.js";
import type { Settlement } from "../run/facts.js";
import { decodeValue } from "../values/decode.js";
import { explainStep, type StepDifference } from "./explain.js";

/** What is told of a record. */
export type WhyRecord = Pick<Settlement, "key" | "identity" | "state" | "params">;

/** A call that runs, and the record that stands where it does. */
export interface RunningCall {
  /** Task or flow id. */
  readonly task: string;
  readonly identity: Identity;
  readonly given: Readonly<Record<string, unknown>>;
  readonly nearest: WhyRecord | undefined;
  /** Build that made the record; undefined if it is gone. */
  readonly before: Manifest | undefined;
  /** Build that runs the call; undefined if it is gone. */
  readonly after: Manifest | undefined;
}

/** Why its record serves a call. */
export function whyRestored(record: WhyRecord, by: "key" | "site" | "identity"): string {
  const how = record.state === "succeeded" ? "" : `, it ${ended(record)}`;
  if (by === "key") return `on record with the same code and parameters${how}`;
  return `on record with the same code and parameters, as ${record.key}${how}`;
}

/** Why a call runs: nothing is on record for it, or what differs from the record that stands there. */
export function whyItRuns({ task, identity, given, nearest, before, after }: RunningCall): string {
  if (!nearest) return "nothing is on record for it";
  if (nearest.identity === identity) {
    return nearest.state === "succeeded"
      ? "its record is not to be used"
      : `it ${ended(nearest)} before and is tried again`;
  }
  const recorded = parametersOf(nearest);
  return differenceWords(explainStep({ task, given, recorded, before, after }));
}

function ended({ state }: WhyRecord): string {
  return state === "failed" ? state : `was ${state}`;
}

/** Parameters on record, by name; none for what has none. */
export function parametersOf({ params }: WhyRecord): Readonly<Record<string, unknown>> {
  // Steps record the parameter object that they were called with.
  return params ? (decodeValue(params.read()) as Readonly<Record<string, unknown>>) : {};
}

function differenceWords({ params, code }: StepDifference): string {
  const words = params.map(({ name, before, after }) => `${name} changed: ${before ?? "none"} → ${after ?? "none"}`);
  if (code) {
    const symbols = code.symbols.map(({ symbol, change, line }) => `${symbol.replace("#", `:${line} `)} was ${change}`);
    const packages = code.packages.map((value) => `package ${valueWords(value)}`);
    const types = code.types.map((value) => `type of ${valueWords(value)}`);
    const options = code.options.filter(({ name }) => name === "version").map(valueWords);
    const through = code.through.map((id) => `${id}, which it calls, has changed`);
    words.push(...symbols, ...packages, ...types, ...options, ...through);
    if (symbols.length + packages.length + types.length + options.length + through.length === 0)
      words.push("its code changed");
  }
  return words.join("; ") || "its record was made by code that is gone";
}

function valueWords({ name, before, after }: ValueDifference): string {
  return `${name} ${before ?? "none"} → ${after ?? "none"}`;
}
