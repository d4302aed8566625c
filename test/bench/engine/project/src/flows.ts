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

/** The same, committed behind. */
@flow({ durability: "behind" })
export class ChainBehind extends Chain {}

/** Computes: so many rounds of a generator, some tens of milliseconds' worth. */
@task
export class Spin extends Task<number> {
  @param() x!: number;
  @param() rounds!: number;

  run(): number {
    let state = this.x + 1;
    for (let i = 0; i < this.rounds; i++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  }
}

/** Waits, as for a network, with a thread to itself. */
@task
export class Wait extends Task<number> {
  @param() x!: number;
  @param() ms!: number;

  async run(): Promise<number> {
    await new Promise((resolve) => setTimeout(resolve, this.ms));
    return this.x;
  }
}

/** The same, in a thread that many share. */
@task({ io: true })
export class LightWait extends Wait {}

/** Computes, and says that it waits. */
@task({ io: true })
export class LightSpin extends Spin {}

/** So many that compute. */
@flow
export class Spins extends Flow<number> {
  @param() n!: number;
  @param() rounds!: number;

  async run(): Promise<number> {
    const items = Array.from({ length: this.n }, (_, i) => i);
    return (await this.map(items, (x) => this.call(Spin, { x, rounds: this.rounds }))).length;
  }
}

/** Some that compute among many that wait. */
@flow
export class Mix extends Flow<number> {
  @param() spins!: number;
  @param() rounds!: number;
  @param() waits!: number;
  @param() ms!: number;
  @param() light!: boolean;
  /** Those that compute have the option `io`, too. */
  @param() all!: boolean;

  async run(): Promise<number> {
    const every = Math.floor(this.waits / this.spins);
    const items = Array.from({ length: this.spins + this.waits }, (_, i) => i);
    const done = await this.map(items, (x) => {
      if (x % (every + 1) === 0) {
        return this.all
          ? this.call(LightSpin, { x, rounds: this.rounds })
          : this.call(Spin, { x, rounds: this.rounds });
      }
      return this.light ? this.call(LightWait, { x, ms: this.ms }) : this.call(Wait, { x, ms: this.ms });
    });
    return done.length;
  }
}
