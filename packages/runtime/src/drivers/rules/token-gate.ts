/** The tokens of a run on their way to the rules: breakpoints hold them, and they are changed or dropped there. */
import { decodeValue, type RunToken, type Sent, type StepKey, type Token, tokenPlace } from "@millrace/core";
import type { RunScope } from "../../runs/run-scope.js";
import type { RunHost, Unit, UnitSettled } from "../../steps/unit.js";
import type { LiveUnits } from "../graph/live-units.js";
import type { Known } from "./happenings.js";
import { placeOfToken, TokenUnit } from "./token-unit.js";

/** What the gate works with. */
export interface TokenGateSpec {
  /** Name of the set. */
  readonly name: string;
  readonly scope: RunScope;
  readonly host: RunHost;
  readonly onSettled: (fact: UnitSettled) => void;
  /** What is on record for the body. */
  readonly records: readonly UnitSettled[];
  /** Held tokens are among these. */
  readonly units: LiveUnits<Known>;
}

/** A token at a breakpoint. */
interface Held {
  readonly unit: TokenUnit;
  /** The same, behind the breakpoints of the run. */
  readonly guarded: Unit;
}

/** The gate of one body. */
export class TokenGate {
  readonly #spec: TokenGateSpec;
  /** Keys of tokens that stand on record by themselves: they are matched at its place. */
  readonly #recorded: ReadonlySet<StepKey>;
  /** By id. */
  readonly #held = new Map<string, Held>();
  /** Tokens that were held in an earlier life, until the place where they went on, or this life. */
  readonly #before = new Map<StepKey, RunToken>();

  constructor(spec: TokenGateSpec) {
    this.#spec = spec;
    this.#recorded = new Set(spec.records.filter(isOfToken).map(({ key }) => key));
  }

  /** While the record is gone through: true if a token was held then, and is kept here. */
  keeps(token: RunToken): boolean {
    const { key } = this.#placeOf(token.id);
    if (!this.#recorded.has(key) && !this.#spec.scope.wasHeld(key)) return false;
    this.#before.set(key, token);
    return true;
  }

  /** A token that was kept, and whose record this is. */
  recorded({ key }: UnitSettled): RunToken | undefined {
    const token = this.#before.get(key);
    this.#before.delete(key);
    return token;
  }

  /** Those that were held when the record ended. */
  *left(): Iterable<RunToken> {
    for (const [key, token] of this.#before) {
      this.#before.delete(key);
      yield token;
    }
  }

  /** True if a token goes to the rules at once; else a breakpoint holds it. */
  passes(token: RunToken): boolean {
    const { name, scope, host, onSettled, units } = this.#spec;
    const place = placeOfToken(name, token);
    let passed = false;
    const pass = (): void => {
      passed = true;
    };
    const unit = new TokenUnit(token, place, scope.wasHeld(place.key), { host, onSettled, passed: pass });
    const guarded = scope.unit(place, () => unit, onSettled);
    guarded.start();
    if (passed) return true;
    unit.recorded = true;
    units.add(place.key, guarded, { token });
    this.#held.set(token.id, { unit, guarded });
    return false;
  }

  /** A token that was held goes on, as its record has it; undefined if it was dropped. */
  released(token: RunToken, { state, value }: UnitSettled): RunToken | undefined {
    this.#held.delete(token.id);
    if (state !== "succeeded" || !value) return undefined;
    // Written by a TokenUnit: the body of a token.
    return { ...token, body: decodeValue(value.read()) as Token };
  }

  /** Gives a held token another body, or drops it. False if no breakpoint holds it. */
  change(sent: Extract<Sent, { readonly drop: string } | { readonly edit: string }>): boolean {
    const id = "drop" in sent ? sent.drop : sent.edit;
    const { key } = this.#placeOf(id);
    const before = this.#before.get(key);
    const held = this.#held.get(id);
    if ("edit" in sent) {
      if (before) this.#before.set(key, { ...before, body: sent.body });
      held?.unit.edit(sent.body);
    } else {
      this.#before.delete(key);
      held?.unit.drop();
      held?.guarded.abort("body", "it was dropped");
    }
    return before !== undefined || held !== undefined;
  }

  #placeOf(id: string): { readonly key: StepKey } {
    return tokenPlace(this.#spec.name, id);
  }
}

function isOfToken(fact: UnitSettled): boolean {
  return fact.kind === "activation-settled" && fact.activation === "token";
}
