/** The flow that the engine's benchmarks run: distinct no-op steps, all at once or one after another. */
import { Flow, flow, param, Task, task } from "millrace";

/** Does nothing with a number. */
@task
export class Noop extends Task<number> {
  @param() x!: number;

  run(): number {
    return this.x;
  }
}

/** So many steps in one map. */
@flow
export class FanOut extends Flow<number> {
  @param() n!: number;

  async run(): Promise<number> {
    const items = Array.from({ length: this.n }, (_, i) => i);
    const results = await this.map(items, (x) => this.call(Noop, { x }));
    return new Set(results).size;
  }
}

/** So many steps, each waiting for the one before. */
@flow
export class Chain extends Flow<number> {
  @param() n!: number;

  async run(): Promise<number> {
    let x = 0;
    for (let i = 0; i < this.n; i++) x = (await this.call(Noop, { x })) + 1;
    return x;
  }
}
