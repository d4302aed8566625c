/** What each shape's module exports. */
import type { Engine } from "millrace/engine";

export interface Shape {
  /** Starts the flow that this toolchain has compiled: an engine of tests runs that, one of production runs the build. */
  start(engine: Engine): Promise<string>;
  /** What it gives after two origins, the flow's and the task's. */
  readonly expected: string;
}
