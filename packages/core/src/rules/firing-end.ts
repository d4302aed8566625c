/** How a firing ended, as it stands on record. */
import { errorSummary } from "../run/error-summary.js";
import type { Settlement } from "../run/facts.js";
import { decodeValue } from "../values/decode.js";
import { decodeError } from "../values/decode-error.js";
import type { FiringEnd } from "./emissions.js";
import type { Firing } from "./firing.js";

/** For an agenda; a result that nothing takes is not read. */
export function firingEnd(
  { rule }: Firing,
  { state, value, error }: Pick<Settlement, "state" | "value" | "error">,
): FiringEnd {
  if (state === "failed") return { error: errorSummary(error ? decodeError(error.read()) : new Error("It failed.")) };
  const wanted = rule.next !== undefined || (rule.run !== undefined && "rule" in rule.run);
  return { result: wanted && value ? decodeValue(value.read()) : undefined };
}
