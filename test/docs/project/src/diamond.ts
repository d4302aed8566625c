/** The tasks of the diamond of docs/front-ends.md. */
import { param, Task, task } from "millrace";

@task()
export class Seed extends Task<number> {
  @param() n!: number;
  run(): number {
    return this.n;
  }
}

@task()
export class Double extends Task<number> {
  @param() of!: number;
  run(): number {
    return 2 * this.of;
  }
}

@task()
export class Square extends Task<number> {
  @param() of!: number;
  run(): number {
    return this.of * this.of;
  }
}

@task()
export class Sum extends Task<number> {
  @param() left!: number;
  @param() right!: number;
  run(): number {
    return this.left + this.right;
  }
}
