/** A node that never begins: it is skipped, or failed before anything of it ran. All that it does is to be recorded. */
import { bytesInMemory, encodeError, type JobNode } from "@millrace/core";
import { latch } from "../../runs/latch.js";
import type { UnbegunEnd } from "../../runs/run-scope.js";
import type { Draft, Place, RunHost, Unit, UnitSettled } from "../../steps/unit.js";

/** The unit of such a node. */
export class UnbegunNode implements Unit {
  readonly #node: JobNode;
  readonly #place: Place;
  readonly #end: UnbegunEnd;
  readonly #run: { readonly host: RunHost; readonly onSettled: (fact: UnitSettled) => void };
  readonly #gone = latch();

  constructor(
    node: JobNode,
    place: Place,
    end: UnbegunEnd,
    run: { readonly host: RunHost; readonly onSettled: (fact: UnitSettled) => void },
  ) {
    this.#node = node;
    this.#place = place;
    this.#end = end;
    this.#run = run;
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  start(): void {
    const { host, onSettled } = this.#run;
    host.append(this.#fact(host.clock.now()), (fact) => {
      // append hands back the very fact it was given, with its place in the order.
      onSettled(fact as UnitSettled);
      this.#gone.resolve();
    });
  }

  /** It is over as soon as it is recorded. */
  abort(): void {}

  standing(): string {
    return `${this.#place.node} (${this.#end.state})`;
  }

  #fact(at: number): Draft {
    const { state, error } = this.#end;
    const settled = {
      ...this.#place,
      state,
      source: "ran" as const,
      attempts: 0,
      readyAt: at,
      endedAt: at,
      error: bytesInMemory(encodeError(error)),
    };
    const { run } = this.#node;
    if ("task" in run) return { kind: "step-settled", ...settled };
    const activation = "flow" in run ? "subflow" : "graph" in run ? "graph" : "step";
    return { kind: "activation-settled", activation, steps: 0, ...settled };
  }
}
