/** Options of engines that count something. Checked before anything is opened. */
import { MillraceError } from "@millrace/core";

/** @throws MillraceError `invalid-options` unless the value is left out or a whole number from 1. */
export function checkCount(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isInteger(value) && value >= 1)) return;
  throw new MillraceError("invalid-options", `${name} must be a whole number from 1, not ${value}.`, {
    hint: `Leave ${name} out for the default.`,
    data: { option: name },
  });
}
