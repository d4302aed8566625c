/** A task that does one wrong thing, in the method that is asked for, until the file `cure` is there. */
import { existsSync } from "node:fs";
import { param, Task, task } from "millrace";
import { type Thing, throwThing } from "./thrown.js";

/** What it does wrong. */
export type Wrong =
  | `throw ${Thing}`
  | "return a function"
  | "return too much"
  | "exit"
  | "exit inside a catch-all"
  | "kill the process"
  | "loop for ever"
  | "ignore the signal"
  | "throw in a timer"
  | "reject in a timer"
  | "fill the memory";

@task
export class Misbehaving extends Task<string> {
  @param() wrong!: Wrong;
  /** A file whose presence makes it behave. */
  @param() cure!: string;
  /** The method that misbehaves. */
  @param() inside: "onCreate" | "run" | "onSuccess" = "run";

  override async onCreate(): Promise<void> {
    if (this.inside === "onCreate") await this.misbehave();
  }

  async run(): Promise<string> {
    if (this.inside === "run") {
      const result = await this.misbehave();
      // What the type says is not what comes: that is the misbehaviour.
      if (result !== undefined) return result as string;
    }
    return "well";
  }

  override async onSuccess(): Promise<void> {
    if (this.inside === "onSuccess") await this.misbehave();
  }

  private async misbehave(): Promise<unknown> {
    if (existsSync(this.cure)) return undefined;
    this.log.info("about to %s", this.wrong);
    switch (this.wrong) {
      case "return a function":
        return { rows: [{ name: "Oslo" }, { name: "Bergen", format: () => "°C" }] };
      case "return too much":
        return "x".repeat(50_000);
      case "exit":
        return process.exit(7);
      case "exit inside a catch-all":
        try {
          process.exit(7);
        } catch {
          return "it went on";
        }
        return "it cannot come here";
      case "kill the process":
        return process.kill(process.pid, "SIGKILL");
      case "loop for ever":
        for (;;);
      case "ignore the signal":
        // Its timer keeps it waiting, and it never looks at its signal.
        return new Promise((resolve) => setTimeout(resolve, 3_600_000));
      case "throw in a timer":
        setTimeout(() => {
          throw new Error("thrown in a timer");
        }, 1);
        return new Promise((resolve) => setTimeout(resolve, 3_600_000));
      case "reject in a timer":
        setTimeout(() => void Promise.reject(new Error("rejected in a timer")), 1);
        return new Promise((resolve) => setTimeout(resolve, 3_600_000));
      case "fill the memory": {
        const hoard: unknown[] = [];
        for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
      }
      default:
        throwThing(this.wrong.slice("throw ".length) as Thing);
    }
  }
}
