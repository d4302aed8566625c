/** Steps that tell who runs them, and one among them that waits for a file: a run that a test can hold where it wants. */
import { existsSync, watch } from "node:fs";
import { appendFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Flow, flow, param, Task, task } from "millrace";

@task
export class Gate extends Task<string> {
  @param() label!: string;
  /** A file that it waits for. */
  @param() open?: string;

  async run(): Promise<string> {
    await appendFile(process.env.CRASH_JOURNAL as string, `${this.label} by ${process.pid}\n`);
    this.log.info("at %s", this.label);
    if (this.open !== undefined) await there(this.open, this.signal);
    return `${this.label} by ${process.pid}`;
  }
}

/** Six steps in a row; the third one waits. */
@flow
export class Gated extends Flow<string[]> {
  /** A file that the third step waits for. */
  @param() open!: string;

  async run(): Promise<string[]> {
    const done: string[] = [];
    for (let i = 0; i < 6; i++) {
      if (i === 2) done.push(await this.call(Gate, { label: "held", open: this.open }));
      else done.push(await this.call(Gate, { label: `step ${i}` }));
    }
    return done;
  }
}

/** Resolves once a file is there. */
function there(file: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(file), () => look());
    const look = (): void => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    signal.addEventListener("abort", () => {
      watcher.close();
      reject(signal.reason as Error);
    });
    look();
  });
}
