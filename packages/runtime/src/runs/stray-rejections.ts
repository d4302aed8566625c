/**
 * A promise of a flow body that rejects before anybody awaits it (`const p = this.helper(); await other; await p`) would
 * end the user's process. While engines are open, such a rejection ends its flow instead; all others pass on as if
 * nobody listened.
 */
import { currentBody } from "../drivers/flow/running-code.js";

let users = 0;

function onRejection(reason: unknown): void {
  const body = currentBody();
  if (body) return body.fail(reason);
  if (process.listenerCount("unhandledRejection") > 1) return;
  // Nobody else listens: let it become what Node makes of it by default, an uncaught exception.
  setImmediate(() => {
    throw reason;
  });
}

/** Begins to listen; the returned function ends it. */
export function claimStrayRejections(): () => void {
  if (users++ === 0) process.on("unhandledRejection", onRejection);
  let released = false;
  return () => {
    if (released) return;
    released = true;
    if (--users === 0) process.off("unhandledRejection", onRejection);
  };
}
