/** Finds the author's line that called into the SDK, from a stack. Used for the sites of unbuilt code. */
import { createRequire } from "node:module";
import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** A place in a source file. */
export interface CallerLine {
  /** Posix path, relative to the root if it lies in it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Folders whose frames are not the author's: those of the SDK and the runtime. */
const OURS: readonly string[] = ["@millrace/sdk", "@millrace/runtime"].map(
  (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)) + sep,
);

/** The innermost frame of a stack that is neither Node's nor the SDK's nor the runtime's; undefined if there is none. */
export function callerLine(stack: string, root: string): CallerLine | undefined {
  for (const frame of stack.split("\n").slice(1)) {
    const match = /(?:\(|at (?:async )?)((?:file:\/\/)?[^()]+?):(\d+):\d+\)?$/.exec(frame.trim());
    const [, place = "", line] = match ?? [];
    if (place === "" || place.startsWith("node:")) continue;
    const path = (place.startsWith("file://") ? fileURLToPath(place) : place).replace(/\?.*$/, "");
    if (OURS.some((folder) => path.startsWith(folder))) continue;
    const inside = relative(root, path);
    const file = inside.startsWith("..") ? path : inside;
    return { file: file.split(sep).join("/"), line: Number(line) };
  }
  return undefined;
}
