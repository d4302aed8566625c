/** Observers and checkpointers from data: what front ends with files, and programs with settings, call. */
import type { Checkpointer, Observer } from "@millrace/core";
import { type Extension, extension } from "../extension.js";
import { type Logger, logger } from "../logger.js";
import { type ConfiguredEntry, invalid, makeConfigured, type ObserverRegistry } from "./make-configured.js";

/**
 * Makes the observer of each entry, in order: an Observer as it is, a Logger or an Extension in its adapter.
 * @throws MillraceError `observer-invalid`, naming the place of the first entry that is wrong.
 */
export async function observersFromConfig(
  entries: readonly ConfiguredEntry[],
  registry: ObserverRegistry,
): Promise<readonly Observer[]> {
  const observers: Observer[] = [];
  for (const entry of entries) observers.push(asObserver(entry, await makeConfigured(entry, registry)));
  return observers;
}

/**
 * Makes the checkpointer of a configuration, which has one or none: undefined then.
 * @throws MillraceError `observer-invalid`.
 */
export async function checkpointerFromConfig(
  entries: readonly ConfiguredEntry[],
  registry: ObserverRegistry,
): Promise<Checkpointer | undefined> {
  const [entry, second] = entries;
  if (!entry) return undefined;
  if (second)
    throw invalid(second, `${entry.at} is a checkpointer already`, "Runs have one home: keep one of the two.");
  const made = await makeConfigured(entry, registry);
  // Safe, as is the cast below: the methods that are there say what it is, as everywhere in JavaScript.
  if (has(made, "write") && has(made, "read") && has(made, "clear")) return made as Checkpointer;
  throw invalid(entry, `"${entry.use}" is no checkpointer`, "A checkpointer has the methods write, read and clear.");
}

function asObserver(entry: ConfiguredEntry, made: object): Observer {
  if (has(made, "on")) return made as Observer;
  if (has(made, "update")) return extension(made as Extension);
  if (has(made, "write") && !has(made, "read")) return logger(made as Logger);
  throw invalid(
    entry,
    `"${entry.use}" is no observer`,
    "A logger has the method write, an extension update, an observer on.",
  );
}

function has(made: object, method: string): boolean {
  return method in made && typeof (made as Readonly<Record<string, unknown>>)[method] === "function";
}
