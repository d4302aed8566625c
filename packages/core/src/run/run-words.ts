/** Words and numbers about runs that logs, progress displays and tables share. */
import type { ErrorSummary, StepTotals } from "./events.js";

/** `TypeError: fetch failed`; a Millrace error shows its code instead of its name: `[step-timeout] …`. */
export function errorText(error: ErrorSummary): string {
  const { name, code, message } = error;
  return name === "MillraceError" && code ? `[${code}] ${message}` : `${name}: ${message}`;
}

/** `12 steps: 1 failed, 10 restored`: what is zero is left out. */
export function totalsText(totals: StepTotals): string {
  const parts = (["failed", "skipped", "aborted", "restored", "cached"] as const)
    .filter((name) => totals[name] > 0)
    .map((name) => `${formatCount(totals[name])} ${name}`);
  return `${formatCount(totals.total, "step")}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}

/** A whole number with its thousands separated, and a noun in the right number: `1,200 steps`. */
export function formatCount(n: number, noun?: string): string {
  // What toLocaleString gives for it; that loads the tables of a language first, longer than a short command takes.
  const digits = String(n).replace(/\B(?=(\d{3})+$)/g, ",");
  return noun === undefined ? digits : `${digits} ${noun}${n === 1 ? "" : "s"}`;
}
