/** A task whose module fails to load where and how `E2E_MODULE` says. */
import { isMainThread } from "node:worker_threads";
import { param, Task, task } from "millrace";

const fault = process.env.E2E_MODULE;
if (fault === "task throws" && !isMainThread) throw new Error("no licence found");
if (fault === "task throws everywhere") throw new Error("no licence found");
if (fault === "task waits" && !isMainThread) await new Promise(() => {});

@task
export class Late extends Task<string> {
  @param() label!: string;

  async run(): Promise<string> {
    return this.label;
  }
}
