/**
 * A command under test, as a child process. Waiting is by event: for a line, for the end. Nothing outlives its deadline or
 * its `await using`. Used by test projects; useful by itself for other programs.
 */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { basename } from "node:path";
import type { Writable } from "node:stream";
// Imported, not global: fake timers must not hold up a deadline.
import { clearTimeout, setTimeout } from "node:timers";
import { MillraceError } from "@millrace/core";
import { commandEnvironment, type Environment } from "./command-environment.js";
import { type FinishedCommand, finishedCommand, printed } from "./finished-command.js";

/** What is to be run. */
export interface CommandOptions {
  /** A program: a path, or a name looked up in PATH. */
  readonly command: string;
  /** Its arguments, unquoted. Default: none. */
  readonly args?: readonly string[];
  /** Folder it runs in. Default: this process's. */
  readonly cwd?: string;
  /** Laid over this process's environment, which is handed on without the test runner's own variables. */
  readonly env?: Environment;
  /** Longest life, ms. Then it is killed, and `done` rejects. Default 50,000. */
  readonly deadlineMs?: number;
}

/** Which line is waited for. */
export interface LineOptions {
  /** The how manieth line that matches, from 1. Default 1. */
  readonly nth?: number;
}

const DEADLINE_MS = 50_000;

/** Starts a command. */
export function startCommand(options: CommandOptions): RunningCommand {
  return new RunningCommand(options);
}

/** A command that has been started. */
export class RunningCommand implements AsyncDisposable {
  /**
   * What it left, once it has ended and its output is read to the end. Exit codes other than 0 and signals are results.
   * Rejects with MillraceError `command-overdue` at the deadline, or with Node's error if it cannot be started.
   */
  readonly done: Promise<FinishedCommand>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #name: string;
  readonly #lines: string[] = [];
  readonly #waiting = new Set<() => void>();
  #stdout = "";
  #stderr = "";
  /** Set when it has ended: why a line that is not there will not come. */
  #over: Error | undefined;

  constructor({ command, args = [], cwd, env = {}, deadlineMs = DEADLINE_MS }: CommandOptions) {
    this.#name = [basename(command), ...args].join(" ").slice(0, 200);
    this.#child = spawn(command, args, {
      cwd,
      env: commandEnvironment(env),
      stdio: "pipe",
      // npm and its like are scripts on Windows, which only a shell can run.
      shell: process.platform === "win32" && command !== process.execPath,
    });
    // A child that ends with unread input breaks the pipe; `done` tells its end.
    this.#child.stdin.on("error", () => {});
    this.#read(this.#child.stdout, (text) => {
      this.#stdout += text;
    });
    this.#read(this.#child.stderr, (text) => {
      this.#stderr += text;
    });
    this.done = this.#untilEnd(deadlineMs);
    // Whoever awaits it gets the rejection; a test that fails first must not fail twice.
    this.done.catch(() => {});
  }

  /** Process id; undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Standard input, open until it is ended: a command that reads it to its end waits for `stdin.end()`. */
  get stdin(): Writable {
    return this.#child.stdin;
  }

  /** Standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Standard error so far. */
  get stderr(): string {
    return this.#stderr;
  }

  /**
   * The first whole line of either stream, printed already or to come, that holds a text or matches a pattern. Asking does not
   * use a line up: the same question has the same answer, `nth` asks for a later one.
   * @throws MillraceError `output-unexpected` if the command ends without it, `command-overdue` at its deadline.
   */
  line(pattern: string | RegExp, { nth = 1 }: LineOptions = {}): Promise<string> {
    const found = new Promise<string>((resolve, reject) => {
      let next = 0;
      let missing = nth;
      const look = (): void => {
        for (; next < this.#lines.length; next += 1) {
          const line = this.#lines[next] ?? "";
          // search, unlike test, has no memory in patterns with the flags g and y.
          if (typeof pattern === "string" ? line.includes(pattern) : line.search(pattern) >= 0) missing -= 1;
          if (missing > 0) continue;
          this.#waiting.delete(look);
          return resolve(line);
        }
        if (this.#over) reject(this.#noLine(pattern, this.#over));
      };
      this.#waiting.add(look);
      look();
    });
    found.catch(() => {});
    return found;
  }

  /** Sends a signal. Does nothing if it has ended. */
  kill(signal: NodeJS.Signals = "SIGTERM"): void {
    this.#child.kill(signal);
  }

  /** Kills it if it still runs, and resolves when it is gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#end();
    await this.done.catch(() => {});
  }

  #read(stream: NodeJS.ReadableStream, keep: (text: string) => void): void {
    let rest = "";
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      keep(text);
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop() ?? "";
      this.#lines.push(...lines);
      for (const look of this.#waiting) look();
    });
    stream.on("end", () => {
      if (rest !== "") this.#lines.push(rest);
    });
  }

  #untilEnd(deadlineMs: number): Promise<FinishedCommand> {
    return new Promise((resolve, reject) => {
      let overdue: Error | undefined;
      const deadline = setTimeout(() => {
        const text = `${this.#name} did not end within ${deadlineMs} ms and was killed.\n${printed(this)}`;
        overdue = new MillraceError("command-overdue", text, {
          hint: "Look at what it printed last; raise deadlineMs if it only needs longer.",
          data: { command: this.#name, deadlineMs },
        });
        this.#end();
      }, deadlineMs);
      const over = (error: Error | undefined): void => {
        clearTimeout(deadline);
        this.#over ??= error ?? new Error(`${this.#name} has ended`);
        for (const look of this.#waiting) look();
      };
      this.#child.on("error", (error) => {
        over(error);
        reject(error);
      });
      this.#child.on("close", (code, signal) => {
        over(overdue);
        if (overdue) return reject(overdue);
        const { stdout, stderr } = this;
        resolve(finishedCommand(this.#name, { code, signal, stdout, stderr }));
      });
    });
  }

  /** Ends it at once, whatever it does. */
  #end(): void {
    const child = this.#child;
    child.kill("SIGKILL");
    // Its own children may hold the pipes open; what they still print is nobody's.
    const letGo = (): void => {
      child.stdout.destroy();
      child.stderr.destroy();
    };
    if (child.exitCode !== null || child.signalCode !== null) letGo();
    else child.once("exit", letGo);
  }

  #noLine(pattern: string | RegExp, over: Error): Error {
    if (over instanceof MillraceError) return over;
    const sought = typeof pattern === "string" ? JSON.stringify(pattern) : String(pattern);
    return new MillraceError("output-unexpected", `${over.message} without a line with ${sought}.\n${printed(this)}`, {
      data: { command: this.#name, pattern: sought },
    });
  }
}
