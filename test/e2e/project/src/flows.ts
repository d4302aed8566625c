/** Flows in which one thing goes wrong, after something that went well. */
import { Flow, flow, param } from "millrace";
import { Misbehaving, type Wrong } from "./misbehaving.js";
import { Large, Steady } from "./steady.js";
import { type Thing, throwThing } from "./thrown.js";

/** A step that behaves, then one that does not. */
@flow
export class Careless extends Flow<string> {
  /** What goes wrong. */
  @param() wrong!: Wrong;
  /** A file whose presence makes all well. */
  @param() cure!: string;
  /** The method of the task that misbehaves. */
  @param() inside: "onCreate" | "run" | "onSuccess" = "run";
  /** Longest time of the second step, ms. */
  @param() timeout = 600_000;
  /** What it gets after the signal, ms. */
  @param() grace = 200;

  async run(): Promise<string> {
    const before = await this.call(Steady, { label: "before" });
    const { wrong, cure, inside, timeout, grace } = this;
    const after = await this.call(Misbehaving, { wrong, cure, inside }, { timeout, grace, maxResultBytes: 10_000 });
    return `${before}, ${after}`;
  }
}

/** One step among neighbours never ends by itself; the body catches what becomes of it. */
@flow
export class Neighbourly extends Flow<string[]> {
  @param() wrong!: Wrong;

  async run(): Promise<string[]> {
    const wrong = this.call(Misbehaving, { wrong: this.wrong, cure: "" }, { timeout: 300, grace: 100 }).catch(
      (error: Error) => error.message,
    );
    const neighbours = await Promise.all(
      Array.from({ length: 12 }, (_, i) => i).map((i) => this.call(Steady, { label: `neighbour ${i}` })),
    );
    const last = await this.call(Steady, { label: "last" });
    return [await wrong, ...neighbours, last];
  }
}

/** A body that throws by itself. */
@flow
export class Hotheaded extends Flow<string> {
  @param() thing!: Thing;

  async run(): Promise<string> {
    const before = await this.call(Steady, { label: "before" });
    if (before !== "") throwThing(this.thing);
    return "well";
  }
}

/** A body that hands a task what no thread can be sent. */
@flow
export class Smuggler extends Flow<string> {
  async run(): Promise<string> {
    await this.call(Steady, { label: "before" });
    const label = { toString: () => "looks like text" };
    return this.call(Steady, { label: label as never as string });
  }
}

/** A large result, then a step that may fail. */
@flow
export class Hoarder extends Flow<number> {
  @param() cure!: string;

  async run(): Promise<number> {
    const large = await this.call(Large);
    await this.call(Misbehaving, { wrong: "throw error", cure: this.cure });
    return large.length;
  }
}

/** Parameters of every sort, for callers that get them wrong. */
@flow
export class Particular extends Flow<string> {
  @param() city!: string;
  @param() days = 7;
  @param() tags!: string[];
  @param() where!: { lat: number; lon: number };

  async run(): Promise<string> {
    return this.call(Steady, { label: this.city });
  }
}

/** A body that waits for what nothing can settle. */
@flow
export class Waiting extends Flow<string> {
  /** Where the endless promise stands. */
  @param() inside!: "step" | "body";

  async run(): Promise<string> {
    const before = await this.call(Steady, { label: "before" });
    const { inside } = this;
    if (inside === "step") await this.step("answer", () => new Promise<void>(() => {}));
    else await never();
    return before;
  }
}

/** In a form that the build cannot see through: a promise that is no step's would stop it. */
function never(): unknown {
  return Reflect.construct(Promise, [() => {}]);
}
