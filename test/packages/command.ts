/** A command as a person's shell would run it: to its end, or as a server that is stopped by its process. */
import { spawn } from "node:child_process";

/** Longest life of a command, ms: an install on a slow machine fits well within. */
export const DEADLINE_MS = 100_000;

/** What a finished process left. */
export interface Finished {
  /** Null if a signal ended it, as the deadline does. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running process; killed when it goes out of scope. */
export interface Running extends AsyncDisposable {
  readonly done: Promise<Finished>;
  /** The match, once what was printed on both streams matches; rejects if the process ends first. */
  prints(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
}

/** Runs a command to its end. */
export function run(
  cwd: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Finished> {
  return start({ cwd, command, args, env }).done;
}

/** Starts a command. */
export function start(options: {
  readonly cwd: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Longest life, ms. Default DEADLINE_MS. */
  readonly deadlineMs?: number;
}): Running {
  const { cwd, command, args, env, deadlineMs = DEADLINE_MS } = options;
  const child = spawn(command, args, {
    cwd,
    env: { ...environment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    shell: process.platform === "win32" && command !== process.execPath,
    timeout: deadlineMs,
    killSignal: "SIGKILL",
  });
  const printed = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      printed[stream] += text;
      for (const listen of listeners) listen();
    });
  }
  const done = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject).on("close", (code, signal) => resolve({ code, signal, ...printed }));
  });
  return {
    done,
    kill: (signal) => child.kill(signal),
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const listen = (): void => {
          const match = pattern.exec(printed.stdout + printed.stderr);
          if (!match) return;
          listeners.delete(listen);
          resolve(match);
        };
        listeners.add(listen);
        listen();
        void done.then(({ stdout, stderr }) =>
          reject(new Error(`${command} ended without printing ${pattern}:\n${stdout}${stderr}`)),
        );
      }),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await done;
    },
  };
}

/** What a person's shell would have: nothing of the Vitest that runs this, and no colours. */
function environment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(?:VITEST\w*|NODE_ENV|TEST|DEV|PROD|MODE|SSR)$/.test(name),
  );
  return { ...Object.fromEntries(own), NO_COLOR: "1", FORCE_COLOR: undefined };
}
