/** A Node process under test. It is expected to end by itself: the deadline that kills it is a failure, told as a signal. */
import { spawn } from "node:child_process";

/** Longest life of a child, ms: far beyond what any of them needs on a slow machine. */
const DEADLINE_MS = 50_000;

/** What a finished process left. */
export interface Ended {
  /** Null if a signal ended it, as the deadline does. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process. */
export interface Child {
  readonly pid: number | undefined;
  readonly done: Promise<Ended>;
  /** Resolves when stderr holds a text; rejects if the process ends first. */
  says(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts Node in a folder. */
export function startNode(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Child {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...process.env, NO_COLOR: "", FORCE_COLOR: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
    killSignal: "SIGKILL",
  });
  let stdout = "";
  let stderr = "";
  const listeners = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const listen of listeners) listen();
  });
  const done = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return {
    pid: child.pid,
    done,
    says: (text) =>
      new Promise((resolve, reject) => {
        const listen = (): void => {
          if (!stderr.includes(text)) return;
          listeners.delete(listen);
          resolve();
        };
        listeners.add(listen);
        listen();
        void done.then(() => reject(new Error(`it ended without saying "${text}":\n${stderr}`)));
      }),
    kill: (signal) => child.kill(signal),
  };
}
