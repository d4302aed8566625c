/** Reads the log files of a run (core's LogLine) and merges them by time. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LogLine, RunId } from "@millrace/core";

/**
 * All lines of a run, oldest first, from the folder of a file logger; lines of one file keep their order. A line cut off by a crash is left out. They are held as text and read anew
 * whenever somebody goes through them, since a run may have said a million.
 */
export async function readLogs(logs: string, run: RunId): Promise<Iterable<LogLine>> {
  const folder = join(logs, run);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl")).sort();
  const texts: string[] = [];
  const times: number[] = [];
  for (const name of names) {
    for (const text of (await readFile(join(folder, name), "utf8")).split("\n")) {
      const line = parseLine(text);
      if (!line) continue;
      texts.push(text);
      times.push(line.at);
    }
  }
  const timeOf = (index: number): number => times[index] as number;
  const order = Uint32Array.from(texts.keys()).sort((a, b) => timeOf(a) - timeOf(b) || a - b);
  return {
    *[Symbol.iterator]() {
      for (const index of order) {
        const line = parseLine(texts[index] as string);
        if (line) yield line;
      }
    },
  };
}

function parseLine(text: string): LogLine | undefined {
  if (text === "") return undefined;
  try {
    const line = JSON.parse(text) as Partial<LogLine> | null;
    // Written by the file observer; the three members below are all that printing relies on.
    const whole = typeof line?.at === "number" && typeof line.text === "string" && typeof line.level === "string";
    return whole ? (line as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
