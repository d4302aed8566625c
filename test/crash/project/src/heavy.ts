/** Steps that give back or say more than is good. */
import { Flow, flow, param, Task, task } from "millrace";

/** What a heavy result is made of. */
export type Load = "bytes" | "list";

@task
export class Heavy extends Task<unknown> {
  @param() load!: Load;
  @param() mib!: number;

  async run(): Promise<unknown> {
    if (this.load === "bytes") return { report: { scan: new Uint8Array(this.mib * 2 ** 20) } };
    const piece = "x".repeat(2 ** 20);
    const pieces = Array.from({ length: this.mib }, () => piece);
    return { report: { scan: pieces } };
  }
}

/** A heavy step after a light one. */
@flow
export class Heavily extends Flow<string> {
  @param() load!: Load;
  @param() mib!: number;
  @param() limit?: number;

  async run(): Promise<string> {
    const { load, mib, limit } = this;
    await this.step("before", () => "done");
    if (limit === undefined) await this.call(Heavy, { load, mib });
    else await this.call(Heavy, { load, mib }, { maxResultBytes: limit });
    return "well";
  }
}

@task
export class Talker extends Task<number> {
  @param() lines!: number;
  @param() chars!: number;

  async run(): Promise<number> {
    const text = "x".repeat(this.chars);
    for (let i = 0; i < this.lines; i++) this.log.info("%d %s", i, text);
    return this.lines;
  }
}

/** A step that talks. */
@flow
export class Talking extends Flow<number> {
  @param() lines!: number;
  @param() chars!: number;

  async run(): Promise<number> {
    return this.call(Talker, { lines: this.lines, chars: this.chars });
  }
}
