/** Runs the author's code of a body: makes the instance, binds its context, calls `run`. Knows which body code belongs to. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { FlowEntry } from "@millrace/core";
import { bindFlow, type FlowContext, runInFrame } from "@millrace/sdk/internal";

/** A body whose code can be ended with an error from outside. */
export interface Failing {
  /** The author's code ends here with an error, its own or a stray one. */
  fail(error: unknown): void;
}

/** Set for the whole life of a body's code, stray rejections included. */
const running = new AsyncLocalStorage<Failing>();

/** The body whose code runs now. */
export function currentBody(): Failing | undefined {
  return running.getStore();
}

/** Runs a flow's `run` outside all frames of its caller. Settles as it does. */
export function runCode(
  FlowClass: new () => { run(): unknown },
  entry: FlowEntry,
  params: object,
  body: FlowContext & Failing,
): Promise<unknown> {
  const begin = async (): Promise<unknown> => {
    const instance = new FlowClass();
    assignParams(instance, params, entry);
    bindFlow(instance, body);
    return instance.run();
  };
  return running.run(body, () => runInFrame(undefined, begin));
}

/** Only what the manifest declares is assigned: a stray key in data cannot reach anything else of the instance. */
function assignParams(instance: object, params: object, entry: FlowEntry): void {
  for (const { name } of entry.params) {
    if (Object.hasOwn(params, name)) Reflect.set(instance, name, Reflect.get(params, name));
  }
}
