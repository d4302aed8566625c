/** Steps and bodies that do not stop when they are told to. */
import { execFileSync } from "node:child_process";
import { Flow, flow, param, Task, task } from "millrace";

/** How a step fails to stop. */
export type Deafness =
  | "ends by itself"
  | "ignores its signal"
  | "spins"
  | "spins in onAbort"
  | "waits for a program"
  | "waits for a program for ever"
  | "holds a socket";

/** A program that outlives nobody: it ends when the process that has started it does. */
const UNTIL_ORPHANED = "const { ppid } = process; setInterval(() => process.ppid === ppid || process.exit(), 50)";

@task({ grace: 200 })
export class Deaf extends Task<string> {
  @param() how!: Deafness;

  async run(): Promise<string> {
    this.log.info("%s", this.how);
    switch (this.how) {
      case "ends by itself":
        return "well";
      case "spins":
        for (;;);
      // Both block in the system, where neither a signal of ours nor the end of the thread reaches them.
      case "waits for a program":
        execFileSync(process.execPath, ["-e", "setTimeout(() => {}, 2_000)"]);
        return "well";
      case "waits for a program for ever":
        execFileSync(process.execPath, ["-e", UNTIL_ORPHANED]);
        return "well";
      case "holds a socket": {
        const { createServer } = await import("node:net");
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        return new Promise(() => {});
      }
      default:
        return new Promise((resolve) => setTimeout(() => resolve("late"), 3_600_000));
    }
  }

  override onAbort(): void {
    if (this.how === "spins in onAbort") for (;;);
  }
}

/** One deaf step for each way, all at once, after one that is done. */
@flow
export class Deafly extends Flow<string[]> {
  @param() ways!: Deafness[];

  async run(): Promise<string[]> {
    const ends = await this.map(this.ways, (how) => this.attempt(Deaf, { how }));
    return ends.map(({ status }) => status);
  }
}

/** A body that holds the main thread once its step is done. */
@flow
export class Spinner extends Flow<number> {
  /** How far it counts. */
  @param() turns!: number;

  async run(): Promise<number> {
    await this.step("before", () => "done");
    this.log.info("counting");
    let turn = 0;
    while (turn < this.turns) turn++;
    return this.step("after", () => turn);
  }
}
