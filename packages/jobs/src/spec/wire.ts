/**
 * Wirings carry values from sources to a destination, through a transform if one is named:
 *
 *   "ctx.flow.tasks.a.data.x => ctx.flow.data.y"
 *   { source: "…" | ["…", "…"], transform?: "json.dumps" | "json.loads" | name | { mapping: { skeleton, wirings } }, dest: "…" }
 *   { value: …, dest: "…" }
 */
import { MillraceError, suggestName } from "@millrace/core";
import { pathOf, readPath, writePath } from "./data-path.js";
import { isRecord, notJson, shown } from "./json-data.js";
import { reasonOf } from "./reason-of.js";
import type { TickOptions } from "./task-handler.js";
import { partsOf } from "./wiring-parts.js";

/** Where a wiring reads and writes. */
export interface Ends {
  readonly sources: object;
  readonly target: object;
  /** Refuses destinations that are not to be written. */
  readonly check?: (dest: readonly string[]) => void;
  readonly transforms?: TickOptions["transforms"];
}

type Transform = (value: unknown) => unknown;

const BUILT_IN: Readonly<Record<string, Transform>> = {
  "json.dumps": (value) => JSON.stringify(value),
  "json.loads": (value) => {
    if (typeof value === "string") return JSON.parse(value) as unknown;
    throw new MillraceError("task-misuse", `json.loads takes a text, not ${shown(value)}.`);
  },
};

/** Carries out wirings in their order. What is wrong with one is said with its place: `wirings[2]`. */
export function wireAll(wirings: unknown, ends: Ends): void {
  if (!Array.isArray(wirings)) throw misuse(`wirings must be a list, not ${shown(wirings)}`);
  for (const [i, wiring] of wirings.entries()) {
    try {
      wire(wiring, ends);
    } catch (error) {
      const reason = reasonOf(error);
      throw new MillraceError("task-misuse", `wirings[${i}]: ${reason}`, { cause: error });
    }
  }
}

function wire(given: unknown, ends: Ends): void {
  const { source, value, transform, dest } = partsOf(given);
  const path = pathOf(dest);
  ends.check?.(path);
  const read = Array.isArray(source)
    ? source.map((one) => readPath(ends.sources, pathOf(one)))
    : source === undefined
      ? value
      : readPath(ends.sources, pathOf(source));
  const carried = transform === undefined ? read : transformOf(transform, ends)(read);
  const wrong = notJson(carried, "the transformed value");
  if (wrong !== undefined) throw misuse(`${wrong}, and flows are JSON`);
  writePath(ends.target, path, carried);
}

function transformOf(given: unknown, ends: Ends): Transform {
  const { transforms = {} } = ends;
  if (isRecord(given) && isRecord(given.mapping)) {
    const { skeleton, wirings } = given.mapping;
    return (items) => itemsOf(items).map((item) => fillSkeleton(skeleton, wirings, { item }, transforms));
  }
  if (typeof given !== "string") throw misuse(`a transform is a name or { mapping }, not ${shown(given)}`);
  if (Object.hasOwn(transforms, given)) return transforms[given] as Transform;
  if (Object.hasOwn(BUILT_IN, given)) return BUILT_IN[given] as Transform;
  const known = [...Object.keys(transforms), ...Object.keys(BUILT_IN)];
  throw misuse(`there is no transform "${given}". ${suggestName(given, known, `There are ${known.join(", ")}`)}`);
}

/** An item of a list or an object, as wirings see it. */
export interface Item {
  readonly value: unknown;
  /** Name of the member, or the index as a text. */
  readonly key: string;
  readonly idx: number;
}

/** The items of a list or an object. */
export function itemsOf(items: unknown): readonly Item[] {
  if (typeof items !== "object" || items === null)
    throw misuse(`items must be a list or an object, not ${shown(items)}`);
  return Object.entries(items).map(([key, value], idx) => ({ value, key, idx }));
}

/** A copy of a skeleton with wirings carried out in it; their destinations are paths into the copy. */
export function fillSkeleton(
  skeleton: unknown,
  wirings: unknown,
  sources: object,
  transforms: TickOptions["transforms"] = {},
): unknown {
  const copy = structuredClone(skeleton ?? {});
  if (typeof copy !== "object" || copy === null) throw misuse(`a skeleton is an object or a list, not ${shown(copy)}`);
  if (wirings !== undefined) wireAll(wirings, { sources, target: copy, transforms });
  return copy;
}

function misuse(what: string): MillraceError {
  return new MillraceError("task-misuse", `${what}.`);
}
