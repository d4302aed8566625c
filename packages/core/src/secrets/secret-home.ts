/**
 * What a thread knows about secrets: their providers, and every text that was revealed in it. It hangs on a global symbol,
 * so that several copies of this package in one thread share it.
 */

/** Gives the text that a provider keeps under a key; throws if it has none. */
export type SecretProvider = (key: string) => string | Promise<string>;

interface SecretHome {
  /** By name. */
  readonly providers: Map<string, SecretProvider>;
  /** Text that must not leave the thread → what stands in its place. Only grows: code may keep a value for as long as the thread lives. */
  readonly revealed: Map<string, string>;
}

const HOME = Symbol.for("millrace.secrets");
// Safe: nobody else uses this symbol.
const home = globalThis as { [HOME]?: SecretHome };
home[HOME] ??= { providers: new Map(), revealed: new Map() };

/** This thread's. */
export const secretHome: SecretHome = home[HOME];
