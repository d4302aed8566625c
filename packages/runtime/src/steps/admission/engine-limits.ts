/** What an engine has for its steps: the machine's, laid over by the project's settings, laid over by the engine's options. */
import { availableParallelism, totalmem } from "node:os";
import { MillraceError, type ProjectSettings } from "@millrace/core";
import type { EngineLimits } from "./limits.js";

const MIB = 1_048_576;

/** Adds up the layers, later ones win. @throws MillraceError `invalid-options` for a size or total that is none. */
export function engineLimits(
  settings: Pick<ProjectSettings, "pools" | "resources">,
  options: Partial<EngineLimits>,
): EngineLimits {
  check("pools", options.pools, (n) => Number.isInteger(n) && n >= 1, "a whole number from 1");
  check("resources", options.resources, (n) => Number.isFinite(n) && n >= 0, "a number from 0");
  const machine = { cpus: availableParallelism(), memory: Math.floor(totalmem() / MIB) };
  return {
    pools: { ...settings.pools, ...options.pools },
    resources: { ...machine, ...settings.resources, ...options.resources },
  };
}

function check(
  option: string,
  given: Readonly<Record<string, number>> | undefined,
  is: (n: number) => boolean,
  words: string,
): void {
  for (const [name, value] of Object.entries(given ?? {})) {
    if (is(value)) continue;
    throw new MillraceError("invalid-options", `${option}.${name} must be ${words}, not ${value}.`, {
      hint: `Correct it, or leave ${name} out.`,
      data: { option: `${option}.${name}` },
    });
  }
}
