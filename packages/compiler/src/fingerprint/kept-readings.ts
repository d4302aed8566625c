/**
 * Readings of units kept from one build to the next of the same process: by the meaning of the module that a unit stands in,
 * since what a unit refers to is decided by its module and those that it imports.
 */
import type { ts } from "ts-morph";
import type { Meaning } from "../project/module-meanings.js";
import type { ReadUnit } from "./read-unit.js";

/** A unit as it was read, with the hash of its text. */
export type Reading = ReadUnit & { readonly hash: string };

/** Readings of one project. */
export class KeptReadings {
  #frame = "";
  #byMeaning = new WeakMap<Meaning, Map<ts.Node, Reading>>();

  /** Says what else the readings rest on, beside their modules: in another frame all are made anew. */
  within(frame: string): this {
    if (frame !== this.#frame) this.#byMeaning = new WeakMap();
    this.#frame = frame;
    return this;
  }

  /** Those of a module, by the node of their unit; takes new ones. */
  of(meaning: Meaning): Map<ts.Node, Reading> {
    const known = this.#byMeaning.get(meaning) ?? new Map<ts.Node, Reading>();
    this.#byMeaning.set(meaning, known);
    return known;
  }
}
