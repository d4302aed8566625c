/** Settings of templates, in layers: those of a package, of a project, of a command. */
import { isObject } from "@millrace/core";

/** Values by name; mappings in them are merged. */
export type Settings = Readonly<Record<string, unknown>>;

/** Lays settings over each other, the strongest last: `layerSettings(ofPackage, ofProject, ofCommand)`. Mappings are merged at every depth, anything else, lists too, is replaced. */
export function layerSettings(...layers: readonly Settings[]): Settings {
  return layers.reduce((under, over) => overlay(under, over), {});
}

function overlay(under: Settings, over: Settings): Settings {
  const merged = new Map(Object.entries(under));
  for (const [name, value] of Object.entries(over)) {
    const below = merged.get(name);
    merged.set(name, isObject(below) && isObject(value) ? overlay(below, value) : value);
  }
  // Defines names rather than setting them: `__proto__` is one like others.
  return Object.fromEntries(merged);
}
