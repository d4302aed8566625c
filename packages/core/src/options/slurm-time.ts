/** Times as Slurm writes them, beside durations: projects and the spawner for Slurm both read them. */
import { parseDuration } from "./duration.js";

/** `MM`, `MM:SS`, `HH:MM:SS`, `D-HH`, `D-HH:MM` and `D-HH:MM:SS`, as texts. */
const SLURM_TIME = /^(?:\d+(?::\d\d){0,2}|\d+-\d+(?::\d\d){0,2})$/;

/** Whether a value is a time as Slurm writes it. */
export function isSlurmTime(value: unknown): value is string {
  return typeof value === "string" && SLURM_TIME.test(value);
}

/** A duration or a time of Slurm for Slurm, which counts minutes: begun ones are whole ones. Undefined if it is neither. */
export function slurmTime(value: unknown): string | undefined {
  if (isSlurmTime(value)) return value;
  const ms = parseDuration(value);
  return ms === undefined ? undefined : String(Math.max(1, Math.ceil(ms / 60_000)));
}
