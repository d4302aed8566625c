/** What a wiring says, in whichever of its forms (wire.ts) it is written. */
import { MillraceError, suggestName } from "@millrace/core";
import { isRecord, shown } from "./json-data.js";

/** A wiring. It has a source, or several, or a value. */
export interface WiringParts {
  readonly source?: unknown;
  readonly value?: unknown;
  readonly transform?: unknown;
  readonly dest: unknown;
}

/** The parts of a wiring, in whichever form it is written. @throws MillraceError `task-misuse`. */
export function partsOf(given: unknown): WiringParts {
  if (typeof given === "string") {
    const [source, dest, ...more] = given.split("=>");
    if (dest === undefined || more.length > 0) throw misuse(`${shown(given)} is not of the form "source => dest"`);
    return { source, dest };
  }
  if (!isRecord(given)) throw misuse(`must be "source => dest" or { source, dest }, not ${shown(given)}`);
  const known = ["source", "value", "transform", "dest"];
  const stranger = Object.keys(given).find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw misuse(`"${stranger}" is no field of it. ${suggestName(stranger, known, `There are ${known.join(", ")}`)}`);
  if (Object.hasOwn(given, "source") === Object.hasOwn(given, "value"))
    throw misuse("must have either a source or a value");
  return { ...given, dest: given.dest };
}

function misuse(what: string): MillraceError {
  return new MillraceError("task-misuse", `${what}.`);
}
