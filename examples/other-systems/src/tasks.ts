/** The tasks that all of the front ends run. */
import { param, Task, task } from "millrace";

/** Numbers from far away. */
@task({ retry: { attempts: 3 } })
export class Fetch extends Task<number[]> {
  /** How many. */
  @param() count = 4;

  run(): number[] {
    return Array.from({ length: this.count }, (_, i) => (i + 1) ** 2);
  }
}

/** Adds numbers up. */
@task()
export class Total extends Task<number> {
  @param() numbers!: number[];

  run(): number {
    return this.numbers.reduce((sum, n) => sum + n, 0);
  }
}

/** Says something, in the log and as its result. */
@task()
export class Say extends Task<string> {
  @param() text!: string;

  run(): string {
    this.log.info("%s", this.text);
    return this.text;
  }
}
