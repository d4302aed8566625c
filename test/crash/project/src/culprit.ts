/** Light steps: one that dies in its own way, and its neighbours in the same thread. */
import { param, Task, task } from "millrace";

/** How a step dies. */
export type Death =
  | "exit"
  | "real exit"
  | "out of memory"
  | "endless loop"
  | "stray throw"
  | "stray rejection"
  | "failed import"
  | "abort";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

@task({ io: true })
export class Culprit extends Task<string> {
  @param() how!: Death;

  async run(): Promise<string> {
    for (let i = 0; i < 50; i++) await turn();
    switch (this.how) {
      case "exit":
        return process.exit(7);
      case "real exit":
        (process as unknown as { reallyExit(code: number): never }).reallyExit(7);
        break;
      case "out of memory": {
        const hoard: unknown[] = [];
        for (;;) hoard.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
      }
      case "endless loop":
        for (;;);
      case "stray throw":
        setImmediate(() => {
          throw new Error("thrown where nobody waits");
        });
        break;
      case "stray rejection":
        void Promise.reject(new Error("rejected where nobody waits"));
        break;
      default:
        process.abort();
    }
    return new Promise(() => {});
  }
}

@task({ io: true })
export class Neighbour extends Task<number> {
  @param() x!: number;

  async run(): Promise<number> {
    for (let i = 0; i < 500; i++) await turn();
    return this.x;
  }
}
