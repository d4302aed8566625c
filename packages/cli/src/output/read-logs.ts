/** Reads the log files of a run (core's LogLine) and merges them by time. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type LogLine, type RunId, STATE_PATHS } from "@millrace/core";

/** All lines of a run, oldest first; lines of one file keep their order. A line cut off by a crash is left out. */
export async function readLogs(stateDir: string, run: RunId): Promise<readonly LogLine[]> {
  const folder = join(stateDir, STATE_PATHS.runLogs(run));
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".jsonl")).sort();
  const lines: LogLine[] = [];
  for (const name of names) {
    for (const text of (await readFile(join(folder, name), "utf8")).split("\n")) {
      const line = parseLine(text);
      if (line) lines.push(line);
    }
  }
  return lines.sort((a, b) => a.at - b.at);
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
