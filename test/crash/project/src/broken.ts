/** A module that loads on the main thread, where flows name its task, and in no other. */
import { isMainThread } from "node:worker_threads";
import { Task, task } from "millrace";

if (!isMainThread) throw new Error("broken at its top level");

@task
export class Broken extends Task<string> {
  async run(): Promise<string> {
    return "never";
  }
}
