/** Which symbols of a module differ between two texts of it. Comments, blanks and the order of declarations make no difference. */
import { type ModuleSymbols, readModuleSymbols } from "./module-symbols.js";

/** Names whose tokens, imports or exports differ, removed ones included. */
export function changedSymbols(file: string, before: string, after: string): ReadonlySet<string> {
  const [old, now] = [readModuleSymbols(file, before), readModuleSymbols(file, after)];
  const [was, is] = [partsOf(old), partsOf(now)];
  return new Set([...was.keys(), ...is.keys()].filter((name) => was.get(name) !== is.get(name)));
}

function partsOf({ symbols, imports, exports, stars, bare }: ModuleSymbols): ReadonlyMap<string, string> {
  const parts = new Map([...symbols].map(([name, syntax]) => [name, syntax.tokens()]));
  for (const [name, imported] of imports) parts.set(name, JSON.stringify(imported));
  for (const [name, from] of exports) {
    // A name that is exported as itself is the same whether it is exported or not: nobody could import it before.
    if (from !== name) parts.set(`export ${name}`, JSON.stringify(from));
  }
  parts.set("export *", JSON.stringify(stars));
  parts.set("import", JSON.stringify(bare));
  return parts;
}
