/** Logs in files: a folder for each run, in it a file for each step that said something and one for the flow itself. */
import { join } from "node:path";
import { FLOW_LOG, formatCount, type LogLine, type Observer } from "@millrace/core";
import { logLine } from "./event-line.js";
import { logFileName } from "./log-file-name.js";
import { LogFiles } from "./log-files.js";
import { removeOldLogs } from "./log-retention.js";

/** Where logs go and how long they stay. */
export interface FileObserverOptions {
  /** Folder of all logs: `.flow/logs`. Created when the first line comes. */
  readonly dir: string;
  /** Folders of runs that wrote nothing for so many days are removed at open. Default 10; Infinity keeps all. */
  readonly retentionDays?: number;
}

const DAY_MS = 86_400_000;

/**
 * Writes LogLines (core) under `<dir>/<run>/`: the author's lines and failures of a step into a file of its own, lines of
 * the flow body and the run's life into `flow.jsonl`. Writing happens in the background; `close` waits for it.
 */
export function fileObserver(options: FileObserverOptions): Observer {
  const { dir, retentionDays = 10 } = options;
  const files = new LogFiles(droppedLines);
  const names = new Map<string, string>();
  const closing = new AbortController();
  let retention: Promise<unknown> | undefined;
  let closed = false;

  return {
    name: "file",
    open() {
      if (retentionDays === Number.POSITIVE_INFINITY) return;
      const before = Date.now() - retentionDays * DAY_MS;
      retention = removeOldLogs({ dir, before, signal: closing.signal });
    },
    on(event) {
      if (closed) return;
      // A step that goes well and says nothing leaves no file.
      const line = logLine(event);
      if (line) files.append(join(dir, event.run, fileOf(line, names)), `${JSON.stringify(line)}\n`);
    },
    async close() {
      closing.abort();
      await retention;
      await files.flush();
      closed = true;
    },
  };
}

function droppedLines(count: number): string {
  const text = `${formatCount(count, "line")} of this log did not fit: more came than the disk took.`;
  return `${JSON.stringify({ at: Date.now(), level: "warn", text } satisfies LogLine)}\n`;
}

const MAX_NAMES = 1_000;

function fileOf(line: LogLine, names: Map<string, string>): string {
  if (line.key === undefined) return FLOW_LOG;
  let name = names.get(line.key);
  if (name === undefined) {
    name = logFileName({ key: line.key, node: line.node ?? "" });
    // A small memory of names saves a hash for each line of a talkative step.
    if (names.size >= MAX_NAMES) names.clear();
    names.set(line.key, name);
  }
  return name;
}
