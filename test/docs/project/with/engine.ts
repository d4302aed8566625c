/** The door `millrace/engine`, and an engine that is open while the examples run. */
import { type Engine, openEngine } from "millrace/engine";
import { afterAll } from "vitest";

export {
  type Extension,
  fileCheckpointer,
  fileObserver,
  type Logger,
  type LogWrite,
  loadObserverRegistry,
  logger,
  observersFromConfig,
  openEngine,
  storeFromCheckpointer,
  webhookObserver,
} from "millrace/engine";

export const engine: Engine = await openEngine({ observers: [] });
afterAll(() => engine.close());

/** Where programs look for loggers. */
export const root: string = process.cwd();
export const id = "example-1";
/** A service that takes a text. */
export const post = async (to: unknown, text: unknown): Promise<void> => void [to, text];
