/** Makes what a configuration names: finds it in the registry, checks its parameters, and says what is wrong by its place. */
import { type ErrorCode, type JsonSchema, MillraceError, suggestName, withoutMisspelt } from "@millrace/core";
import type { ValueIssue } from "@millrace/core/validate";

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

/** Something that is wrong with an entry, as can be said before it is made. */
export interface ConfiguredIssue {
  /** What, without a full stop. */
  readonly message: string;
  readonly hint: string;
  /** The parameter that does not fit, or what is in it: `url`, `on[0]`; empty for all of them. Absent where it is the name. */
  readonly parameter?: string;
}

/** All that is wrong with an entry: a name that nobody has, parameters that do not fit. */
export async function configuredIssues(
  { use, params = {} }: ConfiguredEntry,
  registry: ObserverRegistry,
): Promise<readonly ConfiguredIssue[]> {
  const found = registry.get(use);
  if (found === undefined) {
    const known = [...registry.keys()].sort();
    return [{ message: `there is no "${use}"`, hint: suggestName(use, known, `There are ${known.join(", ")}.`) }];
  }
  const issues = "parameters" in found ? await misfits(params, found.parameters as JsonSchema) : [];
  if (issues.length > 0)
    return issues.map(({ path, message }) => ({
      message: message.replace(/\.$/, ""),
      hint: "Correct them.",
      parameter: path,
    }));
  const [first] = typeof found === "function" ? [] : Object.keys(params);
  if (first === undefined) return [];
  return [{ message: `"${use}" is an object, and takes no parameters: ${first} has no place`, hint: NO_PLACE }];
}

async function misfits(params: object, schema: JsonSchema): Promise<readonly ValueIssue[]> {
  // Loaded by itself: it brings a validator of its own.
  const { compileValidator } = await import("@millrace/core/validate");
  return withoutMisspelt(compileValidator(schema)(params));
}

/**
 * Makes one. A class is constructed with the parameters as one object, a function is called with them, an object is taken as it is.
 * @throws MillraceError of the entry's code: its issues, or what the constructor throws.
 */
export async function makeConfigured(entry: ConfiguredEntry, registry: ObserverRegistry): Promise<object> {
  const { at, use, params = {} } = entry;
  const issues = await configuredIssues(entry, registry);
  const [first] = issues;
  if (first) {
    const what = issues.map(({ message }) => message).join(". ");
    const isNamed = first.parameter === undefined;
    throw invalid(entry, isNamed ? what : `the parameters of "${use}" do not fit: ${what}`, first.hint);
  }
  const found = registry.get(use);
  if (typeof found === "object") return found;
  let made: unknown;
  try {
    // Safe: what is no class is called, and says itself if it cannot be.
    made = isClass(found as object)
      ? new (found as new (params: object) => object)(params)
      : await (found as (params: object) => unknown)(params);
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

/** Only a class has a prototype that cannot be replaced. */
function isClass(found: object): found is new (params: object) => object {
  return Object.getOwnPropertyDescriptor(found, "prototype")?.writable === false;
}
