/** The one engine of this server. Next may load a module more than once: the promise hangs on a global. */
import { type Engine, openEngine } from "millrace/engine";

const home = globalThis as { engine?: Promise<Engine> };

export function engine(): Promise<Engine> {
  home.engine ??= openEngine({ recover: "auto" });
  return home.engine;
}
