/** The flag of each parameter: how it is spelled, what it takes. Made from the manifest; used by parsing and help. */
import type { FlowEntry, JsonSchema, ParamEntry } from "@millrace/core";
import { type Definitions, targetOf } from "./flag-value.js";

/** One flag. */
export interface FlagSpec {
  readonly entry: ParamEntry;
  /** The parameter's name, which is the flag's without its dashes. */
  readonly name: string;
  /** `switch`: `--x` and `--no-x`; `list`: may be repeated, one item each; `value`: once. */
  readonly takes: "switch" | "list" | "value";
  /** Schema of what one flag gives: of an item if it takes a list. */
  readonly schema: JsonSchema;
  /** Schema of the whole parameter. */
  readonly whole: JsonSchema;
  readonly defs: Definitions;
  /** An option of the command has this name: the parameter is given as `--param name=value`. */
  readonly shadowed: boolean;
}

/** Flags of a flow by parameter name. `taken`: names of the command's own options. */
export function flagSpecs(flow: FlowEntry, taken: ReadonlySet<string>): ReadonlyMap<string, FlagSpec> {
  const specs = new Map<string, FlagSpec>();
  for (const entry of flow.params) {
    const defs = { ...flow.paramsSchema.$defs, ...entry.schema.$defs };
    const whole = unwrapOptional(targetOf(entry.schema, defs), defs);
    const base = { entry, name: entry.name, whole, defs, shadowed: taken.has(entry.name) };
    if (whole.type === "array" && !whole.prefixItems) {
      const items = typeof whole.items === "object" ? whole.items : {};
      specs.set(entry.name, { ...base, takes: "list", schema: items });
    } else {
      specs.set(entry.name, { ...base, takes: whole.type === "boolean" ? "switch" : "value", schema: whole });
    }
  }
  return specs;
}

/** How the flag is written: `--days`, or `--param id=…` where the command has an option of that name. */
export function flagText(spec: FlagSpec): string {
  return spec.shadowed ? `--param ${spec.name}=…` : `--${spec.name}`;
}

/** `T | undefined` takes what T takes: a flag that is left out is the undefined. */
function unwrapOptional(schema: JsonSchema, defs: Definitions): JsonSchema {
  const rest = schema.anyOf?.filter((s) => targetOf(s, defs)["x-millrace-kind"] !== "undefined");
  const [only] = rest ?? [];
  if (!schema.anyOf || !rest || rest.length === schema.anyOf.length) return schema;
  return rest.length === 1 && only ? targetOf(only, defs) : { anyOf: rest };
}
