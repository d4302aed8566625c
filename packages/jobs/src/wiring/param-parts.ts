/** Parameters taken apart into what stands in a document as a whole: references in them split mappings and lists into parts. */
import { type JobParam, parsePath, placeOfKey } from "@millrace/core";

/** Where a part stands. */
export interface PartPlace {
  /** Names and indices that lead to it from the parameters of its node. */
  readonly way: readonly string[];
  /** Of the parameter that it stands in: `city`, or `to.address`. */
  readonly path: string;
  /** Where it stands inside that; empty if it is all of it. */
  readonly within: string;
}

/** What is given as a whole: a value, a reference, a template. */
export interface WholePart extends PartPlace {
  readonly param: Exclude<JobParam, { readonly list: unknown } | { readonly fields: unknown }>;
}

/** An object whose properties are parts. */
export interface SplitPart extends PartPlace {
  readonly names: ReadonlySet<string>;
}

/** The parts of the parameters of a node. */
export interface ParamParts {
  readonly whole: readonly WholePart[];
  readonly split: readonly SplitPart[];
}

/** Takes them apart. */
export function paramParts(params: Readonly<Record<string, JobParam>>): ParamParts {
  const whole: WholePart[] = [];
  const split = new Map<string, SplitPart & { readonly names: Set<string> }>();
  const visit = (param: JobParam, place: PartPlace): void => {
    const { way, path, within } = place;
    const inside = (name: string, at: string): PartPlace => ({
      way: [...way, name],
      path,
      within: withoutDot(`${within}${at}`),
    });
    if ("list" in param) for (const [i, item] of param.list.entries()) visit(item, inside(String(i), `[${i}]`));
    else if ("fields" in param) {
      split.set(JSON.stringify(way), { ...place, names: new Set(Object.keys(param.fields)) });
      for (const [name, one] of Object.entries(param.fields)) visit(one, inside(name, placeOfKey(name)));
    } else whole.push({ ...place, param });
  };
  for (const [path, param] of Object.entries(params)) {
    const way = parsePath(path) ?? [path];
    for (const [i, name] of way.slice(1).entries()) {
      const around = way.slice(0, i + 1);
      const key = JSON.stringify(around);
      const known = split.get(key) ?? { way: around, path: around.join("."), within: "", names: new Set<string>() };
      known.names.add(name);
      split.set(key, known);
    }
    visit(param, { way, path, within: "" });
  }
  return { whole, split: [...split.values()] };
}

/** A place inside a value begins without a dot. */
export function withoutDot(place: string): string {
  return place.replace(/^\./, "");
}
