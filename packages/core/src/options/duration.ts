/** Durations: a number of milliseconds, or `<n>ms|s|m|h|d`. */
import { MillraceError } from "../errors/millrace-error.js";
import { nearestName } from "../names/nearest-name.js";

/** Milliseconds, or a number with a unit: `"250ms"`, `"1.5s"`, `"10m"`, `"2h"`, `"1d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a duration as milliseconds; undefined if the value is none (negative and non-finite ones included). */
export function parseDuration(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) && value >= 0 ? value : undefined;
  if (typeof value !== "string") return undefined;
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value);
  if (!match) return undefined;
  return Number(match[1]) * (UNIT_MS[match[2] ?? ""] ?? Number.NaN);
}

/** Word → unit, for the spellings that people try. */
const UNIT_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ms: ["msec", "millis", "millisecond", "milliseconds"],
    s: ["sec", "secs", "second", "seconds"],
    m: ["min", "mins", "minute", "minutes"],
    h: ["hr", "hrs", "hour", "hours"],
    d: ["day", "days"],
  }).flatMap(([unit, words]) => [unit, ...words].map((word): [string, string] => [word, unit])),
);

/** The duration that a text was most likely meant to be: `"5m"` for `"5 min"`; undefined if nobody can tell. */
export function nearestDuration(value: unknown): string | undefined {
  const [, number, word] =
    typeof value === "string" ? (/^\s*(\d+(?:\.\d+)?)\s*([a-z]+)\.?\s*$/i.exec(value) ?? []) : [];
  const near = word === undefined ? undefined : nearestName(word, UNIT_WORDS.keys());
  return near === undefined ? undefined : `${number}${UNIT_WORDS.get(near)}`;
}

/** Milliseconds of a duration. @throws MillraceError `invalid-duration`, naming `what`. */
export function durationMs(value: Duration, what: string): number {
  const ms = parseDuration(value);
  if (ms !== undefined) return ms;
  const near = nearestDuration(value);
  const forms = 'Give milliseconds as a number, or a number with a unit: "250ms", "30s", "10m", "2h", "1d".';
  throw new MillraceError("invalid-duration", `${what} is ${JSON.stringify(value)}, which is no duration.`, {
    hint: near === undefined ? forms : `Did you mean "${near}"? ${forms}`,
    data: { what, value: String(value) },
  });
}

/** A duration for people: `640 ms`, `12.3 s`, `4 min 05 s`, `2 h 10 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const two = (n: number): string => String(n).padStart(2, "0");
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}
