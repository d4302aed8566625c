/** Marks our messages, so that a stranger's on the same port is ignored. Both sides of the thread protocol use it. */

/** Name and version of the thread protocol. */
export const WIRE = "millrace-lane-1";

/** What every message of the protocol carries. */
export interface Branded {
  readonly wire: typeof WIRE;
}

/** True for a message of this protocol. The caller knows the direction, hence which union it is. */
export function isOurs(message: unknown): message is Branded {
  return typeof message === "object" && message !== null && (message as Partial<Branded>).wire === WIRE;
}
