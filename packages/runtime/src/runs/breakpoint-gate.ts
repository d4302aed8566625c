/** The gate that every unit of a run goes through before it begins: breakpoints hold it there. */
import type { AbortCause, BreakpointChanged, Breakpoints, Hold, StepHeld } from "@millrace/core";
import { type Place, type RunHost, refOf, type Unit, type UnitSettled, type Waiting } from "../steps/unit.js";

/** The gate of one run. */
export class BreakpointGate {
  readonly #breakpoints: Breakpoints;
  readonly #host: RunHost;
  /** Those that stand here, in the order in which they came. */
  readonly #standing = new Set<GuardedUnit>();

  /** @param breakpoints The gate folds what follows. */
  constructor(breakpoints: Breakpoints, host: RunHost) {
    this.#breakpoints = breakpoints;
    this.#host = host;
  }

  /** What is set, and what is held. */
  get breakpoints(): Breakpoints {
    return this.#breakpoints;
  }

  /** The same unit, behind the gate. */
  guard(place: Place, unit: Unit): Unit {
    return new GuardedUnit(place, unit, this);
  }

  /** A change has been committed. */
  changed(fact: BreakpointChanged): void {
    this.#breakpoints.see(fact);
    for (const unit of [...this.#standing]) if (!this.#breakpoints.holds(unit.place)) unit.pass();
  }

  /** A settlement has been committed. */
  settled(fact: UnitSettled): void {
    this.#breakpoints.see(fact);
  }

  /** Why a unit is held that is about to begin; undefined lets it through. */
  stop(unit: GuardedUnit): Hold | undefined {
    const { place } = unit;
    const hold = this.#breakpoints.holds(place);
    if (!hold) return undefined;
    this.#standing.add(unit);
    const { key, site, node, body, task } = place;
    const tell = (): void => this.#host.emit({ type: "step-held", step: refOf(place), ...hold });
    // One that an earlier life held stands on record.
    if (this.#breakpoints.isHeld(key)) tell();
    else {
      this.#host.append({ kind: "step-held", key, site, node, body, task, ...hold }, (fact) => {
        // append hands back the very fact it was given, with its place in the order.
        this.#breakpoints.see(fact as StepHeld);
        tell();
      });
    }
    return hold;
  }

  /** It stands here no more. */
  left(unit: GuardedUnit): void {
    this.#standing.delete(unit);
  }
}

/** A unit behind the gate. */
class GuardedUnit implements Unit {
  readonly place: Place;
  readonly #unit: Unit;
  readonly #gate: BreakpointGate;
  #hold: Hold | undefined;

  constructor(place: Place, unit: Unit, gate: BreakpointGate) {
    this.place = place;
    this.#unit = unit;
    this.#gate = gate;
  }

  get gone(): Promise<void> {
    return this.#unit.gone;
  }

  start(): void {
    this.#hold = this.#gate.stop(this);
    if (!this.#hold) this.#unit.start();
  }

  /** Nothing holds it any more. */
  pass(): void {
    this.#hold = undefined;
    this.#gate.left(this);
    this.#unit.start();
  }

  abort(cause: AbortCause, message: string): void {
    this.#unit.abort(cause, message);
    // What has not begun ends when it begins.
    if (this.#hold) this.pass();
  }

  standing(): string {
    return this.#hold ? `${this.place.node} (held at ${holdText(this.#hold)})` : this.#unit.standing();
  }

  waiting(): readonly Waiting[] | undefined {
    if (!this.#hold) return this.#unit.waiting?.();
    return [{ what: `${holdText(this.#hold)}: ${this.place.node}` }];
  }
}

function holdText({ selector }: Hold): string {
  return selector === undefined ? "a breakpoint (step by step)" : `breakpoint "${selector}"`;
}
