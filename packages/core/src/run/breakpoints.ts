/**
 * The breakpoints of a run, folded from its facts: which steps are to be held before they begin, which are, and which were let go. What is
 * on record says it all, so they outlive every owner of the run.
 */
import type { StepKey } from "../identity/brands.js";
import type { StepRef } from "./events.js";
import type { BreakpointChanged, Fact, StepHeld } from "./facts.js";
import { readSelector, type SelectsStep } from "./step-selector.js";

/** Why a step is held. */
export interface Hold {
  /** The breakpoint's selector; absent: the run is gone through step by step. */
  readonly selector?: string;
}

/** The fold. */
export class Breakpoints {
  readonly #selectors = new Map<string, SelectsStep>();
  readonly #held = new Map<StepKey, StepHeld>();
  /** They were held once, and are not held again until they have settled. */
  readonly #letGo = new Set<StepKey>();
  readonly #changes = new Set<string>();
  #stepping = false;

  /** Takes the next fact; most change nothing. */
  see(fact: Fact): void {
    switch (fact.kind) {
      case "breakpoint":
        this.#changes.add(fact.id);
        return this.#change(fact);
      case "step-held":
        this.#held.set(fact.key, fact);
        return;
      case "step-settled":
      case "activation-settled":
        this.#held.delete(fact.key);
        this.#letGo.delete(fact.key);
        return;
      case "run-ended":
        return this.#held.clear();
      default:
        return;
    }
  }

  /** Selectors, in the order in which they were set. */
  get selectors(): readonly string[] {
    return [...this.#selectors.keys()];
  }

  /** Every step that begins is held. */
  get stepping(): boolean {
    return this.#stepping;
  }

  /** Steps that are held, the longest held first. */
  get held(): readonly StepHeld[] {
    return [...this.#held.values()];
  }

  /** True if a step stands on record as held. */
  isHeld(key: StepKey): boolean {
    return this.#held.has(key);
  }

  /** True if it is held, or was and has not settled since. */
  wasHeld(key: StepKey): boolean {
    return this.#held.has(key) || this.#letGo.has(key);
  }

  /** Why a step is held that is about to begin; undefined if it is not. */
  holds(step: StepRef): Hold | undefined {
    if (this.#letGo.has(step.key)) return undefined;
    for (const [selector, selects] of this.#selectors) if (selects(step)) return { selector };
    return this.#stepping ? {} : undefined;
  }

  /** True if a change has been made: whoever asked for it may have asked twice. */
  knows(change: string): boolean {
    return this.#changes.has(change);
  }

  #change({ change, selector }: BreakpointChanged): void {
    switch (change) {
      case "set":
        if (selector !== undefined) this.#selectors.set(selector, readSelector(selector));
        return;
      case "drop":
        if (selector === undefined) this.#selectors.clear();
        else this.#selectors.delete(selector);
        for (const step of this.#held.values()) if (!this.holds(step)) this.#held.delete(step.key);
        return;
      case "continue":
        this.#stepping = false;
        for (const key of this.#held.keys()) this.#letGo.add(key);
        return this.#held.clear();
      case "step": {
        this.#stepping = true;
        const [first] = this.#held.keys();
        if (first === undefined) return;
        this.#held.delete(first);
        this.#letGo.add(first);
      }
    }
  }
}
