/** The files that a command reads from and writes to instead of the step's log. */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { CommandSurroundings } from "@millrace/core";

/** Descriptors; undefined where no file is named. */
export interface OpenFiles {
  readonly stdin: number | undefined;
  readonly stdout: number | undefined;
  readonly stderr: number | undefined;
  close(): void;
}

/** Opens them; folders of outputs are made. Both outputs may go to one file. @throws what the file system says. */
export function openFiles({
  stdin,
  stdout,
  stderr,
}: Pick<CommandSurroundings, "stdin" | "stdout" | "stderr">): OpenFiles {
  const opened = new Map<string, number>();
  const open = (path: string | undefined, flags: "r" | "w"): number | undefined => {
    if (path === undefined) return undefined;
    if (flags === "w") mkdirSync(dirname(path), { recursive: true });
    const key = `${flags} ${path}`;
    const descriptor = opened.get(key) ?? openSync(path, flags);
    opened.set(key, descriptor);
    return descriptor;
  };
  const close = (): void => {
    for (const descriptor of opened.values()) closeSync(descriptor);
  };
  try {
    return { stdin: open(stdin, "r"), stdout: open(stdout, "w"), stderr: open(stderr, "w"), close };
  } catch (error) {
    close();
    throw error;
  }
}
