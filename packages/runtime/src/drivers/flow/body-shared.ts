/** `this.shared` of a body: each use becomes a unit with a place. */
import { canonicalHash, encodeFor, encodeValue, type SharedEntry } from "@millrace/core";
import type { Shared, SharedPair } from "@millrace/sdk";
import { checkSharedKey, decoded, encodeShared } from "../../attempt/shared-values.js";
import type { CallingBody } from "./calling-body.js";
import { guardCall } from "./guard-call.js";
import { type SharedOperation, SharedUse } from "./shared-use.js";

/** A use as its place names it. */
interface NamedUse extends SharedOperation {
  readonly op: keyof Shared;
  /** What it is given besides its key. */
  readonly given?: unknown;
}

/** Shared state of one body. */
export class BodyShared implements Shared {
  readonly #body: CallingBody;
  readonly #owner: string;

  constructor(body: CallingBody) {
    this.#body = body;
    this.#owner = `flow ${body.entry.id}`;
  }

  get(key: string): Promise<never> {
    const run = ([entry]: readonly SharedEntry[]) => ({ value: entry?.value });
    return this.#use(() => ({ op: "get", key, reads: true, writes: false, run }));
  }

  has(key: string): Promise<boolean> {
    const run = ([entry]: readonly SharedEntry[]) => ({ value: encodeValue(entry?.value !== undefined) });
    return this.#use(() => ({ op: "has", key, reads: true, writes: false, run }));
  }

  entries(): Promise<SharedPair[]> {
    const run = (found: readonly SharedEntry[]) => {
      const pairs = found.map((entry) => [entry.key, decoded(entry)]);
      return { value: encodeFor(this.#owner, "shared", pairs) };
    };
    return this.#use(() => ({ op: "entries", key: undefined, reads: true, writes: false, run }));
  }

  set(key: string, value: unknown): Promise<void> {
    return this.#put("set", key, value);
  }

  publish(key: string, value: unknown): Promise<void> {
    return this.#put("publish", key, value);
  }

  update(key: string, update: (current: never) => unknown): Promise<never> {
    return this.#use(() => {
      const run = ([entry]: readonly SharedEntry[]) => {
        // What a key holds is what its writer says: Shared ties the type to the key.
        const value = encodeShared(this.#owner, key, update(decoded(entry ?? {}) as never));
        return { value, write: { key, value } };
      };
      // Its function is no part of what it is known by: what it has written is not taken back when the code changes.
      return { op: "update", key, reads: true, writes: true, run };
    });
  }

  delete(key: string): Promise<void> {
    return this.#use(() => ({ op: "delete", key, reads: false, writes: true, run: () => ({ write: { key } }) }));
  }

  #put(op: "set" | "publish", key: string, given: unknown): Promise<void> {
    return this.#use(() => {
      checkSharedKey(this.#owner, key);
      const value = encodeShared(this.#owner, key, given);
      return { op, key, given, reads: false, writes: true, run: () => ({ write: { key, value } }) };
    });
  }

  /** The promise of a use. What it gives is what the operation says, so its type is the method's. */
  #use<T>(make: () => NamedUse): Promise<T> {
    const { host, scope, issued, places, conformance } = this.#body;
    const begin = (): Promise<unknown> => {
      const { op, given, ...operation } = make();
      const { key } = operation;
      if (key !== undefined || op !== "entries") checkSharedKey(this.#owner, key);
      // What it finds depends on others: runs with equal parameters may differ from here on.
      if (operation.reads) conformance?.varies();
      const place = places.ofShared(op, key, canonicalHash([key, given]));
      const unit = (): SharedUse =>
        new SharedUse(
          {
            place,
            host,
            shared: scope.sharedState,
            onSettled: (fact) => issued.settled(fact),
            lose: (error) => scope.lose(error),
          },
          operation,
        );
      return issued.use(place, unit);
    };
    return guardCall(this.#body, begin) as Promise<T>;
  }
}
