/** Why a call is restored or runs, in words. */
import { decodeValue, explainStep, type Manifest, type StepDifference, type ValueDifference } from "@millrace/core";
import type { RunPast } from "../runs/run-past.js";
import type { IssuedCall } from "../runs/run-scope.js";
import type { UnitSettled } from "../steps/unit.js";

/** Why its record serves a call. */
export function whyRestored(record: UnitSettled, by: "key" | "site" | "identity"): string {
  const how = record.state === "succeeded" ? "" : `, it ${record.state}`;
  if (by === "key") return `on record with the same code and parameters${how}`;
  return `on record with the same code and parameters, as ${record.key}${how}`;
}

/** Why a call runs: nothing is on record for it, or what differs from the record that stands there. */
export function whyItRuns(call: IssuedCall, nearest: UnitSettled | undefined, past: RunPast, after: Manifest): string {
  if (!nearest) return "nothing is on record for it";
  if (nearest.identity === call.identity) {
    return nearest.state === "succeeded"
      ? "its record is not to be used"
      : `it ${nearest.state} before and is tried again`;
  }
  const difference = explainStep({
    task: call.task,
    given: call.given,
    recorded: nearest.params ? (decodeValue(nearest.params.read()) as Record<string, unknown>) : {},
    before: past.manifestOf(nearest) ?? after,
    after,
  });
  return differenceWords(difference);
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
