/**
 * The rules driver: the life of one running rule set. What happens (firings that end, messages, tokens that a breakpoint has held) goes through
 * one agenda in the order of the facts: first what is on record, then what comes. So every life of the run has the same firings, and no code
 * of rules runs again but `match`.
 */
import {
  type AbortCause,
  type ActivationPath,
  Agenda,
  encodeError,
  encodeFor,
  type Firing,
  firingEnd,
  type MessageReceived,
  type ReadsRule,
  RULES_MESSAGE,
  type RuleSet,
  type RuleSpec,
  type RunToken,
  readSent,
  type StepKey,
  TOKEN_MESSAGE,
} from "@millrace/core";
import { asError } from "../../attempt/outcome.js";
import { failpoint } from "../../failpoints/failpoint.js";
import { latch } from "../../runs/latch.js";
import type { Body, BodyEnd, RunScope } from "../../runs/run-scope.js";
import { type Draft, isStep, type RunHost, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { LiveUnits } from "../graph/live-units.js";
import type { LocalFunctions } from "../graph/local-function.js";
import { FiringCalls } from "./firing-calls.js";
import { Happenings, type Known, type Settled } from "./happenings.js";
import { RuleFailures } from "./rule-failures.js";
import { RuleMatches } from "./rule-matches.js";
import { TokenGate } from "./token-gate.js";
import { UnmatchedTokens } from "./unmatched-tokens.js";

/** What a rule set's body is made of. */
export interface RulesBodySpec {
  readonly scope: RunScope;
  readonly set: RuleSet;
  readonly locals: LocalFunctions;
  /** The project's folder. */
  readonly root: string;
  /** Name of the set. */
  readonly name: string;
  readonly path: ActivationPath;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Reads a rule that is added while it runs. */
  readonly readRule: ReadsRule;
}

/** One execution of a rule set. */
export class RulesBody implements Body {
  readonly flow: string;
  readonly #spec: RulesBodySpec;
  readonly #scope: RunScope;
  readonly #matches: RuleMatches;
  readonly #agenda: Agenda;
  readonly #failures: RuleFailures;
  readonly #unmatched: UnmatchedTokens;
  readonly #calls: FiringCalls;
  /** Records that nothing has asked for. */
  readonly #unasked: Set<UnitSettled>;
  readonly #happenings: Happenings;
  readonly #gate: TokenGate;
  /** Firings that have not been issued, in the order in which they came. */
  readonly #ready = new Map<StepKey, Firing>();
  /** Firings and held tokens. */
  readonly #units = new LiveUnits<Known>();
  /** Firings among them. */
  #firing = 0;
  readonly #end = latch<BodyEnd>();
  /** More tokens may come from outside. */
  #open: boolean;
  #steps = 0;
  #busy = false;
  /** Nothing is taken in any more. */
  #closed = false;
  #leaving: Promise<void> | undefined;
  /** It was frozen, and its run goes on without it: what settles now, no later life may see. */
  #late = false;

  constructor(spec: RulesBodySpec) {
    const { scope, set, name, path, locals, root, startedAt } = spec;
    this.flow = name;
    this.#spec = spec;
    this.#scope = scope;
    this.#open = set.open === true;
    this.#matches = new RuleMatches(scope.code);
    this.#agenda = new Agenda(set, this.#matches.matches);
    this.#failures = new RuleFailures(name);
    this.#unmatched = new UnmatchedTokens((message) => this.#warn("token-unmatched", message));
    const { records, decisions } = scope.past.take(path);
    this.#unasked = new Set(records);
    this.#happenings = new Happenings(records, () => this.#proceed());
    const host: RunHost = {
      ...scope.host,
      append: (draft, done, before) =>
        // Safe: what a unit appends after its abort are settlements, which have the field.
        scope.host.append(this.#late ? ({ ...draft, late: true } as Draft) : draft, done, before),
    };
    const onSettled = (fact: UnitSettled): void => this.#settled(fact);
    const around = { scope, host, locals, root, path, startedAt, onSettled, open: noGraph };
    this.#calls = new FiringCalls(set, around, decisions);
    this.#gate = new TokenGate({ name, scope, host, onSettled, records, units: this.#units });
  }

  get blamed(): readonly StepKey[] {
    return this.#failures.blamed;
  }

  get steps(): number {
    return this.#steps;
  }

  /** Whatever is issued comes to its end. */
  get waitsForNothing(): boolean {
    return false;
  }

  waiting(): readonly Waiting[] | undefined {
    if (this.#busy || this.#closed || !this.#happenings.isLive) return undefined;
    const held = this.#units.waiting();
    if (!this.#open || (this.#units.size > 0 && !held)) return held;
    return [...(held ?? []), { what: `a message "${TOKEN_MESSAGE}"`, message: TOKEN_MESSAGE }];
  }

  describe(): string {
    return `${this.#ready.size + this.#units.size} of its ${this.#agenda.firings} firings are not over.`;
  }

  inFlight(): readonly string[] {
    return this.#units.standing();
  }

  run(): Promise<BodyEnd> {
    this.#matches.load(this.#spec.set.rules).then(
      () => this.#begin(),
      (error: unknown) => this.#fail(error),
    );
    return this.#end.promise;
  }

  async freeze(cause: AbortCause, message: string): Promise<void> {
    if (this.#closed) return this.#leaving;
    this.#closed = true;
    this.#late = cause === "body";
    this.#leaving = this.#units.abort(cause, message);
    await this.#leaving;
    this.#end.resolve({ state: "aborted", message });
  }

  #begin(): void {
    if (this.#closed) return;
    this.#happenings.begin(this.#scope.mailbox, [TOKEN_MESSAGE, RULES_MESSAGE]);
    this.#attempt(() => {
      for (const token of this.#agenda.begin()) this.#admit(token);
    });
    this.#proceed();
  }

  /** A settlement has been committed. */
  #settled(fact: UnitSettled): void {
    failpoint("delivery");
    this.#scope.settled(fact);
    const known = this.#units.take(fact.key);
    if (!known) return;
    if ("firing" in known) this.#firing -= 1;
    // On its way when the body ended: whoever resumes has to know.
    if (this.#closed) this.#failures.cutOff(fact);
    else this.#happenings.add({ seq: fact.seq, settled: fact, known });
  }

  /** Folds what has happened; once the record has been gone through, issues what is ready. */
  #proceed(): void {
    // What is issued may settle, and what is restored make others ready, while this runs.
    if (this.#busy) return;
    this.#busy = true;
    let paused = false;
    this.#attempt(() => {
      paused = this.#fold();
    });
    if (paused) return;
    this.#busy = false;
    if (!this.#closed && this.waiting()) this.#scope.onlyWaits();
  }

  /** True if it goes on when a rule has been loaded. */
  #fold(): boolean {
    while (!this.#closed) {
      const { next, isLive } = this.#happenings;
      if (next) {
        this.#happenings.done();
        if ("settled" in next) this.#take(next);
        else if (this.#hear(next.message)) return true;
      } else if (!isLive || !this.#issueNext()) break;
    }
    const over = this.#ready.size === 0 && this.#units.size === 0 && !this.#open;
    if (!this.#closed && over) this.#finish();
    return false;
  }

  /** What comes while a rule is loaded stands behind it. */
  #pauseToLoad(rule: RuleSpec): true {
    const goOn = (): void => {
      this.#agenda.add(rule);
      this.#busy = false;
      this.#proceed();
    };
    this.#matches.load([rule]).then(goOn, (error: unknown) => this.#fail(error));
    return true;
  }

  /** Lets on what was held when the record ended, then begins a firing for which there is room. False if there is nothing to do. */
  #issueNext(): boolean {
    for (const token of this.#gate.left()) this.#admit(token);
    const { window = Number.POSITIVE_INFINITY } = this.#spec.set;
    const firing = this.#firing < window ? first(this.#ready) : undefined;
    if (!firing) return false;
    this.#ready.delete(firing.key);
    this.#issue(firing);
    return true;
  }

  #take({ settled, known }: Settled): void {
    if (known && "firing" in known) return this.#over(known.firing, settled);
    const token = known?.token ?? this.#gate.recorded(settled);
    if (token) {
      this.#unasked.delete(settled);
      const released = this.#gate.released(token, settled);
      return released && this.#match(released);
    }
    const firing = this.#ready.get(settled.key);
    const met = firing && this.#calls.meet(firing);
    if (!firing || !met || !("record" in met)) return;
    this.#ready.delete(firing.key);
    this.#restored(firing, met.record);
  }

  /** True if it goes on when a rule has been loaded. */
  #hear(message: MessageReceived): boolean {
    const sent = readSent(message, this.#spec.readRule);
    // In every life: one that came while nobody owned the run has not been told yet.
    if ("wrong" in sent) this.#warn("message-invalid", sent.wrong);
    else if ("token" in sent) {
      const token = this.#agenda.give(sent.token);
      if (token) this.#admit(token);
    } else if ("add" in sent) return this.#pauseToLoad(sent.add);
    else if ("remove" in sent) this.#agenda.remove(sent.remove);
    else if ("close" in sent) this.#open = false;
    else if (!this.#gate.change(sent)) {
      const id = "drop" in sent ? sent.drop : sent.edit;
      this.#warn("message-invalid", `No breakpoint holds a token "${id}".`);
    }
    return false;
  }

  #admit(token: RunToken): void {
    const goesOn = this.#happenings.isLive ? this.#gate.passes(token) : !this.#gate.keeps(token);
    if (goesOn) this.#match(token);
  }

  #match(token: RunToken): void {
    const firings = this.#agenda.match(token);
    for (const firing of firings) this.#ready.set(firing.key, firing);
    if (firings.length > 0 || this.#failures.stands(token)) return;
    const { unmatched = "dead-letter" } = this.#spec.set;
    if (unmatched === "error") this.#failures.unmatched(token);
    if (unmatched === "dead-letter") this.#unmatched.add(token, !this.#happenings.isLive);
  }

  #issue(firing: Firing): void {
    const met = this.#calls.meet(firing);
    if ("record" in met) return this.#restored(firing, met.record);
    const unit = met.make();
    this.#units.add(firing.key, unit, { firing });
    this.#firing += 1;
    unit.start();
  }

  #restored(firing: Firing, record: UnitSettled): void {
    this.#unasked.delete(record);
    this.#over(firing, record);
  }

  #over(firing: Firing, fact: UnitSettled): void {
    if (isStep(fact)) this.#steps += fact.kind === "activation-settled" ? 1 + fact.steps : 1;
    if (fact.state !== "succeeded" && fact.state !== "failed") return this.#failures.cutOff(fact);
    const following = this.#agenda.follow(firing, firingEnd(firing, fact));
    this.#failures.over(firing, fact, following);
    for (const token of following.tokens) this.#admit(token);
  }

  /** What is wrong ends the run: a limit, a rule that cannot be asked, a record that cannot be read. */
  #attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    const { message } = asError(error);
    this.#leaving = this.#units.abort("body", message);
    void this.#leaving.then(() =>
      this.#end.resolve({ state: "failed", error: encodeError(error), blamed: this.#failures.blamed }),
    );
  }

  #finish(): void {
    this.#closed = true;
    this.#scope.orphans([...this.#unasked]);
    const { blamed, failed } = this.#failures;
    if (failed) return this.#end.resolve({ state: "failed", error: encodeError(this.#failures.error()), blamed });
    const { tokens, firings } = this.#agenda;
    const value = encodeFor(this.flow, "result", { tokens, firings, unmatched: this.#unmatched.end() });
    this.#end.resolve({ state: "succeeded", value });
  }

  #warn(code: string, message: string): void {
    this.#scope.host.emit({ type: "warning", code, message });
  }
}

/** How a firing ended; its result is read only if something is made of it. */
function first<T>(map: ReadonlyMap<unknown, T>): T | undefined {
  for (const value of map.values()) return value;
  return undefined;
}

function noGraph(): never {
  // The reader refuses graphs in rules.
  throw new TypeError("A rule runs no graph.");
}
