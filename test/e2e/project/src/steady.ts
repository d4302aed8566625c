/** A task that behaves, and leaves a line in the journal each time that it really runs. */
import { appendFileSync } from "node:fs";
import { param, Task, task } from "millrace";

@task
export class Steady extends Task<string> {
  /** What it returns, and writes down. */
  @param() label!: string;

  async run(): Promise<string> {
    if (process.env.E2E_JOURNAL) appendFileSync(process.env.E2E_JOURNAL, `${this.label}\n`);
    return this.label;
  }
}

/** A result large enough for a content file. */
@task
export class Large extends Task<string> {
  async run(): Promise<string> {
    return "x".repeat(400_000);
  }
}
