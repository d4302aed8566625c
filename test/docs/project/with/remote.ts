/** Commands that run on other machines. */
import type { SpawnedJob } from "millrace/engine";

export { openEngine } from "millrace/engine";
/** The same command, on a host. */
export declare function on(
  host: string,
  command: NonNullable<SpawnedJob["command"]>,
): NonNullable<SpawnedJob["command"]>;
