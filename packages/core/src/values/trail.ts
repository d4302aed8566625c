/**
 * Where a walk through a value stands: keeps the way from the root for error messages, and finds cycles and values that
 * are nested too deeply. Shared by the encoder and the canonical hash, so that both refuse the same things.
 */
import type { Kind } from "./kinds/kind.js";
import { Refusal } from "./kinds/refusal.js";
import { notSendable } from "./not-sendable.js";
import { placeOfKey } from "./place-of-key.js";
import type { Ref } from "./ref.js";

/** Deepest nesting of a value that can be sent: objects, arrays, collections and errors count one level each. */
export const MAX_DEPTH = 500;

/** One walk. Frames are overwritten in place, so that plain values cost no allocation. */
export class Trail {
  readonly #root: string;
  readonly #refs: Ref[] | undefined;
  readonly #owners: object[] = [];
  readonly #kinds: (Kind | undefined)[] = [];
  readonly #parts: (readonly unknown[])[] = [];
  readonly #places: (string | number)[] = [];
  #depth = 0;
  /** Bytes of the buffers that were met. */
  bufferBytes = 0;

  /**
   * @param root Name of the value, the beginning of every path.
   * @param refs Gets the Refs that are met; without it they are refused.
   */
  constructor(root: string, refs?: Ref[]) {
    this.#root = root;
    this.#refs = refs;
  }

  /** Keeps a Ref that is met. @throws MillraceError `value-not-sendable` where none may stand. */
  noteRef(ref: Ref): void {
    if (!this.#refs) throw this.refuse("is a Ref, which only the parameters of a call may hold", REF_REMEDY);
    this.#refs.push(ref);
  }

  /**
   * Goes into a container; for a special kind, with the parts that it was taken apart into.
   * @throws MillraceError `value-not-sendable` on a cycle or beyond MAX_DEPTH.
   */
  enter(owner: object, kind?: Kind, parts: readonly unknown[] = NO_PARTS): void {
    const depth = this.#depth;
    for (let i = 0; i < depth; i++) {
      if (this.#owners[i] === owner) throw this.refuse(`is a cycle (it leads back to ${this.#path(i)})`, CYCLE_REMEDY);
    }
    if (depth === MAX_DEPTH) throw this.refuse(`is nested deeper than ${MAX_DEPTH} levels`, DEPTH_REMEDY);
    this.#owners[depth] = owner;
    this.#kinds[depth] = kind;
    this.#parts[depth] = parts;
    this.#depth = depth + 1;
  }

  /** Names the child that is looked at next: a key, an index, or the number of a part of a special kind. */
  at(place: string | number): void {
    this.#places[this.#depth - 1] = place;
  }

  /** Leaves the innermost container. */
  leave(): void {
    this.#depth -= 1;
  }

  /** The error for the value that is looked at. `below` is the rest of the path, if the culprit is inside it. */
  refuse(what: string, remedy: string, below = ""): Error {
    return notSendable(this.#path(this.#depth) + below, what, remedy);
  }

  /** Runs a processor of a kind on the value that is looked at and gives its refusals their path. */
  ask<V extends object, T>(process: (value: V) => T, value: V): T {
    try {
      return process(value);
    } catch (error) {
      if (error instanceof Refusal) throw this.refuse(error.what, error.remedy, error.below);
      throw error;
    }
  }

  #path(depth: number): string {
    let path = this.#root;
    for (let i = 0; i < depth; i++) {
      const place = this.#places[i] ?? 0;
      if (typeof place === "string") path += placeOfKey(place);
      else path += this.#kinds[i] ? (this.#kinds[i]?.place?.(this.#parts[i] ?? NO_PARTS, place) ?? "") : `[${place}]`;
    }
    return path;
  }
}

const NO_PARTS: readonly unknown[] = [];
const REF_REMEDY = "Send what stands behind it: ref.value().";
const CYCLE_REMEDY = "Send a tree: leave the back reference out, or replace it with an id.";
const DEPTH_REMEDY = "Send a flat list instead of a chain of nested values.";
