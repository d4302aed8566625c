/** Runs the author's code of a body: makes the instance, binds its context, calls `run`. Knows which body code belongs to. */
import { AsyncLocalStorage } from "node:async_hooks";
import { bindFlow, type FlowBinding, giveParams, runInFrame } from "@millrace/sdk/internal";

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
  params: object,
  body: FlowBinding & Failing,
): Promise<unknown> {
  const begin = async (): Promise<unknown> => {
    const instance = new FlowClass();
    bindFlow(instance, body);
    giveParams(instance, params);
    return instance.run();
  };
  return running.run(body, () => runInFrame(undefined, begin));
}
