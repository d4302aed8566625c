/** Makes what a configuration names: finds it in the registry, checks its parameters, and says what is wrong by its place. */
import { type ErrorCode, type JsonSchema, MillraceError, suggestName } from "@millrace/core";

/** A class, or a function, that takes parameters as one object; either may have its JSON Schema as `parameters`. */
export type Constructible = (new (params: object) => object) | ((params: object) => object | Promise<object>);

/** Name → what makes it, or the thing itself. */
export type ObserverRegistry = ReadonlyMap<string, Constructible | object>;

/** Something that a configuration names: `loggers: { slack: { logger: SlackLogger, parameters: { … } } }`. */
export interface ConfiguredEntry {
  /** Where it stands, for messages: `loggers.slack`. */
  readonly at: string;
  /** Name of a built-in, or of what a module exports. */
  readonly use: string;
  /** Its parameters, by name. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Of errors. Default `observer-invalid`. */
  readonly code?: ErrorCode;
}

/**
 * Makes one. A class is constructed with the parameters as one object, a function is called with them, an object is taken as it is.
 * @throws MillraceError of the entry's code: a name that nobody has, parameters that do not fit, or what the constructor throws.
 */
export async function makeConfigured(entry: ConfiguredEntry, registry: ObserverRegistry): Promise<object> {
  const { at, use, params = {} } = entry;
  const found = registry.get(use);
  if (found === undefined) {
    const known = [...registry.keys()].sort();
    throw invalid(entry, `there is no "${use}"`, suggestName(use, known, `There are ${known.join(", ")}.`));
  }
  const schema = "parameters" in found ? (found.parameters as JsonSchema | undefined) : undefined;
  if (schema) await check(entry, schema);
  if (typeof found !== "function") {
    const [first] = Object.keys(params);
    if (first === undefined) return found;
    throw invalid(entry, `"${use}" is an object, and takes no parameters: ${first} has no place`, NO_PLACE);
  }
  let made: unknown;
  try {
    // Safe: what is no class is called, and says itself if it cannot be.
    made = isClass(found) ? new found(params) : await (found as (params: object) => unknown)(params);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw invalid(entry, `"${use}" cannot be made: ${reason}`, `Correct the parameters of ${at}.`, cause);
  }
  if (typeof made === "object" && made !== null) return made;
  throw invalid(entry, `"${use}" gives no object`, "Export a class, or a function that gives the object.");
}

const NO_PLACE = "Export a class or a function to take parameters.";

/** What is wrong with an entry. */
export function invalid(
  { at, use, code = "observer-invalid" }: ConfiguredEntry,
  what: string,
  hint: string,
  cause?: unknown,
): MillraceError {
  return new MillraceError(code, `${at}: ${what}.`, { hint, data: { at, use }, cause });
}

async function check(entry: ConfiguredEntry, schema: JsonSchema): Promise<void> {
  // Loaded by itself: it brings a validator of its own.
  const { compileValidator } = await import("@millrace/core/validate");
  const issues = compileValidator(schema)(entry.params ?? {});
  if (issues.length === 0) return;
  const list = issues.map(({ message }) => message).join(" ");
  throw invalid(entry, `the parameters of "${entry.use}" do not fit: ${list.replace(/\.$/, "")}`, "Correct them.");
}

/** Only a class has a prototype that cannot be replaced. */
function isClass(found: object): found is new (params: object) => object {
  return Object.getOwnPropertyDescriptor(found, "prototype")?.writable === false;
}
