/** Public face of the runtime: re-exports by name, nothing else. */
export type { Engine, EngineOptions, ResumeOptions, Run, RunOutcome, StartArguments, StartOptions } from "./api.js";
