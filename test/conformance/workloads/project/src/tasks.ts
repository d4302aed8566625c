/** The tasks of the workloads. */
import { param, Task, task } from "millrace";
import { WORK } from "./work.js";

@task()
export class Seed extends Task<number> {
  @param() n!: number;

  run(): number {
    return WORK.Seed(this);
  }
}

@task()
export class Double extends Task<number> {
  @param() of!: number;

  run(): number {
    return WORK.Double(this);
  }
}

@task()
export class Square extends Task<number> {
  @param() of!: number;

  run(): number {
    return WORK.Square(this);
  }
}

@task()
export class Sum extends Task<number> {
  @param() left!: number;
  @param() right!: number;

  run(): number {
    return WORK.Sum(this);
  }
}

@task({ retry: { attempts: 3, delay: "1ms" } })
export class Flaky extends Task<number> {
  @param() of!: number;

  run(): number {
    return WORK.Flaky(this, this.info.attempt);
  }
}

@task()
export class Item extends Task<number> {
  @param() i!: number;

  run(): number {
    return WORK.Item(this);
  }
}
