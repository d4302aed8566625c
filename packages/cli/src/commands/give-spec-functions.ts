/** What tasks of flow specs run on the main thread is given to engines that run specs or go on with runs. */
import type { Engine } from "@millrace/runtime";
import { say } from "../output/streams.js";

/** Gives an engine the functions. They print where everything said to people goes: standard output has the result. */
export async function giveSpecFunctions(engine: Engine): Promise<void> {
  // A door of its own: nothing else of the front ends is loaded.
  const { specFunctions } = await import("@millrace/jobs/spec-functions");
  for (const [name, fn] of Object.entries(specFunctions(say))) engine.local(name, fn);
}
