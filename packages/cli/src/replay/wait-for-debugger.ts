/** Lets a debugger in before a task runs on this thread. */
import { open, waitForDebugger as untilAttached, url } from "node:inspector";
import { say } from "../output/streams.js";

/** What the debugger is for. */
export interface Inspected {
  /** Where to listen, on loopback; 0 is any free port. */
  readonly port: number;
  /** URL of the compiled module of the task, and its source as people know it. */
  readonly module: string;
  readonly source: string;
}

/** Listens, waits until a debugger is attached, and stops once the module is loaded, so that breakpoints can be set in it. */
export async function waitForDebugger({ port, module, source }: Inspected): Promise<void> {
  open(port, "127.0.0.1");
  say(`Waiting for a debugger: open chrome://inspect, or let an editor attach to ${url()}.`);
  untilAttached();
  // A module that cannot be loaded is told by the run.
  await import(module).catch(() => undefined);
  say(`It stops now: set breakpoints in ${source}, then let it go on.`);
  // biome-ignore lint/suspicious/noDebugger: this is where who attached sets them
  debugger;
}
