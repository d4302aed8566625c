/** The flows that the benchmark of payloads runs: one task makes bytes, the other takes them and says how long they were under way. */
import { Flow, flow, param, Task, task } from "millrace";

interface Parcel {
  /** When it was made, ms since 1970. */
  readonly made: number;
  readonly bytes: Uint8Array;
}

const now = (): number => performance.timeOrigin + performance.now();

/** Makes a parcel that no other equals. */
@task
export class Make extends Task<Parcel> {
  @param() size!: number;
  @param() seed!: number;

  run(): Parcel {
    const bytes = new Uint8Array(this.size).fill(this.seed);
    new DataView(bytes.buffer).setUint32(0, this.seed);
    return { made: now(), bytes };
  }
}

/** Gives how long a parcel was under way, ms. */
@task
export class Take extends Task<number> {
  @param() parcel!: Parcel;

  run(): number {
    return now() - this.parcel.made;
  }
}

/** Handed on unread. */
@flow
export class ByRef extends Flow<number> {
  @param() size!: number;
  @param() seed!: number;

  async run(): Promise<number> {
    const parcel = await this.ref(Make, { size: this.size, seed: this.seed });
    return this.call(Take, { parcel });
  }
}

/** Through the body. */
@flow
export class ByResult extends Flow<number> {
  @param() size!: number;
  @param() seed!: number;

  async run(): Promise<number> {
    const parcel = await this.call(Make, { size: this.size, seed: this.seed });
    return this.call(Take, { parcel });
  }
}
