/** Paths into JSON: names and indices with dots between, along what objects own and never what they inherit. */
import { MillraceError, parsePath } from "@millrace/core";
import { isRecord, shown } from "./json-data.js";

/** The segments of a path. @throws MillraceError `task-misuse`. */
export function pathOf(text: unknown): readonly string[] {
  const segments = typeof text === "string" ? parsePath(text.trim()) : undefined;
  if (segments) return segments.map((segment) => OUR_NAMES.get(segment) ?? segment);
  throw new MillraceError("task-misuse", `${shown(text)} is no path such as ctx.flow.data.days.0.`);
}

/** Fields of tasks in snake case. */
const OUR_NAMES: ReadonlyMap<string, string> = new Map([
  ["task_params", "taskParams"],
  ["task_type", "taskType"],
]);

/** What stands at a path, as a copy: JSON has no aliases. @throws MillraceError `reference-missing`, naming the segment that fails. */
export function readPath(root: object, path: readonly string[]): unknown {
  let at: unknown = root;
  for (const [i, segment] of path.entries()) {
    if (!hasPart(at, segment)) throw missing(path, i, at);
    at = (at as Record<string, unknown>)[segment];
  }
  return structuredClone(at);
}

/**
 * Puts a value at a path. Objects that are missing on the way are made; a list takes what it has, and one more.
 * @throws MillraceError `reference-missing` if something on the way is neither an object nor a list.
 */
export function writePath(root: object, path: readonly string[], value: unknown): void {
  let at: unknown = root;
  for (const [i, segment] of path.entries()) {
    const last = i === path.length - 1;
    const there = hasPart(at, segment);
    const grows = isRecord(at) || (Array.isArray(at) && segment === String(at.length));
    if (!there && !grows) throw missing(path, i, at);
    const holder = at as Record<string, unknown>;
    if (last) holder[segment] = structuredClone(value);
    else if (!there) holder[segment] = {};
    at = holder[segment];
  }
}

function hasPart(value: unknown, segment: string): boolean {
  if (Array.isArray(value)) return /^(?:0|[1-9]\d*)$/.test(segment) && Number(segment) < value.length;
  return isRecord(value) && Object.hasOwn(value, segment);
}

function missing(path: readonly string[], failing: number, at: unknown): MillraceError {
  const segment = path[failing] as string;
  const before = path.slice(0, failing).join(".") || "the root";
  const has = isRecord(at) ? `has ${Object.keys(at).slice(0, 10).join(", ") || "nothing"}` : `is ${described(at)}`;
  return new MillraceError(
    "reference-missing",
    `${path.join(".")} leads nowhere: there is no "${segment}" in ${before}, which ${has}.`,
    { data: { path: path.join("."), segment, position: failing } },
  );
}

function described(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length}` : shown(value);
}
