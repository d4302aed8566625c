/** How a package is cut into modules: what the same doors reach stands in one chunk, so that a door loads few, and no code that it does not reach. */
import { basename, dirname } from "node:path";

/**
 * A Rolldown plugin that looks at who imports whom, and the groups that follow from it.
 * @param doors Lists of source files; those of one list count as one door.
 */
export function chunksByDoor(doors) {
  /** For each door, the modules that it reaches without a dynamic import. */
  let reached = [];
  const plugin = {
    name: "chunks-by-door",
    buildEnd() {
      reached = doors.map((sources) => reachedFrom(sources, (id) => this.getModuleInfo(id)?.importedIds ?? []));
    },
  };
  // What more doors reach goes first: it imports nothing of what fewer reach, so that chunks never import each other.
  const groups = setsOf(doors.keys()).map((set, place, sets) => ({
    name: set.map((door) => nameOf(doors[door][0])).join("-"),
    priority: sets.length - place,
    test: (id) => reached.every((modules, door) => modules.has(id) === set.includes(door)),
  }));
  return { plugin, codeSplitting: { groups } };
}

function reachedFrom(sources, importsOf) {
  const seen = new Set();
  const ahead = [...sources];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    ahead.push(...importsOf(id));
  }
  return seen;
}

/** All sets of these that are not empty, large ones first. */
function setsOf(items) {
  const sets = [[]];
  for (const item of items) sets.push(...sets.map((set) => [...set, item]));
  return sets.filter((set) => set.length > 0).sort((a, b) => b.length - a.length);
}

/** `thread/index.ts` is `thread`, `index.ts` is `src`'s own, `main`. */
function nameOf(source) {
  const name = basename(source, ".ts");
  if (name !== "index") return name;
  const folder = basename(dirname(source));
  return folder === "src" ? "main" : folder;
}
