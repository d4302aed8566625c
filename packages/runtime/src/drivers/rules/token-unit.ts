/**
 * A token on its way to the rules, as a unit, so that breakpoints hold it as they hold steps. One that nothing has held passes without a trace;
 * the others leave a record, at whose place they are matched in every later life of the run.
 */
import {
  type AbortCause,
  bytesInMemory,
  encodeFor,
  type RunToken,
  type StepRef,
  stepIdentity,
  type Token,
  tokenPlace,
} from "@millrace/core";
import { latch } from "../../runs/latch.js";
import type { Place, RunHost, Unit, UnitSettled } from "../../steps/unit.js";

/** Where a token stands: breakpoints look at its body, too. */
export type TokenPlace = Place & Required<Pick<StepRef, "token">>;

/** Its key tells a token from all others, and no result of it serves elsewhere. */
const IDENTITY = stepIdentity({ task: "token", version: "", fingerprint: "", params: "" });

/** The place of a token of a set. */
export function placeOfToken(set: string, { id, body }: RunToken): TokenPlace {
  const task = typeof body.type === "string" ? body.type : "token";
  return { ...tokenPlace(set, id), task, identity: IDENTITY, token: body };
}

/** What the unit tells. */
export interface TokenHost {
  readonly host: RunHost;
  /** It goes to the rules: at once, without a record. */
  passed(): void;
  /** Its record has been committed. */
  onSettled(fact: UnitSettled): void;
}

/** One token. */
export class TokenUnit implements Unit {
  readonly place: TokenPlace;
  readonly #host: TokenHost;
  readonly #gone = latch();
  readonly #heldAt: number;
  #token: RunToken;
  #dropped = false;
  #left = false;
  /** It has been held, now or in an earlier life. */
  recorded: boolean;

  constructor(token: RunToken, place: TokenPlace, recorded: boolean, host: TokenHost) {
    this.#token = token;
    this.place = place;
    this.recorded = recorded;
    this.#host = host;
    this.#heldAt = host.host.clock.now();
  }

  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** It has passed the gate, or been ended there. */
  start(): void {
    if (this.#left) return;
    this.#left = true;
    if (!this.recorded) {
      this.#host.passed();
      return this.#gone.resolve();
    }
    this.#record();
  }

  /** Another body, for what follows. */
  edit(body: Token): void {
    this.#token = { ...this.#token, body };
  }

  /** Nothing matches it any more. */
  drop(): void {
    this.#dropped = true;
  }

  /** The run ends, or goes on elsewhere: there it is held again. */
  abort(_cause: AbortCause, _message: string): void {
    if (this.#dropped) return;
    this.#left = true;
    this.#gone.resolve();
  }

  standing(): string {
    return this.place.node;
  }

  #record(): void {
    const { host } = this.#host;
    const { token: _, ...place } = this.place;
    const now = host.clock.now();
    const fact = {
      kind: "activation-settled" as const,
      activation: "token" as const,
      ...place,
      state: this.#dropped ? ("skipped" as const) : ("succeeded" as const),
      source: "ran" as const,
      attempts: 0,
      steps: 0,
      readyAt: this.#heldAt,
      endedAt: now,
      value: bytesInMemory(encodeFor(place.node, "result", this.#token.body)),
    };
    host.append(fact, (committed) => {
      // append hands back the very fact it was given, with its place in the order.
      this.#host.onSettled(committed as UnitSettled);
      this.#gone.resolve();
    });
  }
}
