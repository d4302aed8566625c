/** What each shape's module exports. */
import type { Engine } from "millrace/engine";

export interface Shape {
  /** Runs the task's class as this toolchain has compiled it. */
  inline(): Promise<string>;
  /** Starts the flow's class as this toolchain has compiled it. */
  handle(engine: Engine): Promise<string>;
  /** What both give, after the origin. */
  readonly expected: string;
}
