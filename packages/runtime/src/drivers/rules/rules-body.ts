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
import type { Body, BodyEnd, RunScope } from "../../runs/run-scope.js";
import { stepsOf, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { BodyLife } from "../graph/body-life.js";
import type { LocalFunctions } from "../graph/local-function.js";
import { FiringCalls } from "./firing-calls.js";
import { Happenings, type Known, type Settled } from "./happenings.js";
import { ReadyFirings } from "./ready-firings.js";
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
  readonly #ready: ReadyFirings;
  /** Its units are firings and held tokens. */
  readonly #life: BodyLife<Known>;
  /** More tokens may come from outside. */
  #open: boolean;
  #steps = 0;
  /** It goes through what has happened, or waits for a rule to be loaded: more is to come of that. */
  #busy = false;

  constructor(spec: RulesBodySpec) {
    const { scope, set, name, path, locals, root, startedAt } = spec;
    this.flow = name;
    this.#spec = spec;
    this.#scope = scope;
    this.#open = set.open === true;
    this.#matches = new RuleMatches(scope.code);
    this.#agenda = new Agenda(set, this.#matches.matches);
    this.#failures = new RuleFailures(name);
    this.#ready = new ReadyFirings(set.window);
    this.#unmatched = new UnmatchedTokens((message) => this.#warn("token-unmatched", message));
    const { records, decisions } = scope.past.take(path);
    this.#unasked = new Set(records);
    this.#happenings = new Happenings(records, () => this.#proceed());
    this.#life = new BodyLife(scope.host);
    const { host, units } = this.#life;
    const onSettled = (fact: UnitSettled): void => this.#settled(fact);
    const around = { scope, host, locals, root, path, startedAt, onSettled, open: noGraph };
    this.#calls = new FiringCalls(set, around, decisions);
    this.#gate = new TokenGate({ name, scope, host, onSettled, records, units });
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
    if (this.#busy || this.#life.closed || !this.#happenings.isLive) return undefined;
    const held = this.#life.units.waiting();
    if (!this.#open || (this.#life.units.size > 0 && !held)) return held;
    return [...(held ?? []), { what: `a message "${TOKEN_MESSAGE}"`, message: TOKEN_MESSAGE }];
  }

  describe(): string {
    return `${this.#ready.size + this.#life.units.size} of its ${this.#agenda.firings} firings are not over.`;
  }

  inFlight(): readonly string[] {
    return this.#life.units.standing();
  }

  run(): Promise<BodyEnd> {
    this.#matches.load(this.#spec.set.rules).then(
      () => this.#begin(),
      (error: unknown) => this.#fail(error),
    );
    return this.#life.ended;
  }

  freeze(cause: AbortCause, message: string): Promise<void> {
    return this.#life.freeze(cause, message);
  }

  #begin(): void {
    if (this.#life.closed) return;
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
    const known = this.#life.units.take(fact.key);
    if (!known) return;
    if ("firing" in known) this.#ready.left();
    // On its way when the body ended: whoever resumes has to know.
    if (this.#life.closed) this.#failures.cutOff(fact);
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
    if (!this.#life.closed && this.waiting()) this.#scope.onlyWaits();
  }

  /** True if it goes on when a rule has been loaded. */
  #fold(): boolean {
    while (!this.#life.closed) {
      const { next, isLive } = this.#happenings;
      if (next) {
        this.#happenings.done();
        if ("settled" in next) this.#take(next);
        else if (this.#hear(next.message)) return true;
      } else if (!isLive || !this.#issueNext()) break;
    }
    const over = this.#ready.size === 0 && this.#life.units.size === 0 && !this.#open;
    if (!this.#life.closed && over) this.#finish();
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
    const firing = this.#ready.take();
    if (firing) this.#issue(firing);
    return firing !== undefined;
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
    this.#ready.delete(firing);
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
    for (const firing of firings) this.#ready.add(firing);
    if (firings.length > 0 || this.#failures.stands(token)) return;
    const { unmatched = "dead-letter" } = this.#spec.set;
    if (unmatched === "error") this.#failures.unmatched(token);
    if (unmatched === "dead-letter") this.#unmatched.add(token, !this.#happenings.isLive);
  }

  #issue(firing: Firing): void {
    const met = this.#calls.meet(firing);
    if ("record" in met) return this.#restored(firing, met.record);
    const unit = met.make();
    this.#life.units.add(firing.key, unit, { firing });
    this.#ready.began();
    unit.start();
  }

  #restored(firing: Firing, record: UnitSettled): void {
    this.#unasked.delete(record);
    this.#over(firing, record);
  }

  #over(firing: Firing, fact: UnitSettled): void {
    this.#steps += stepsOf(fact);
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
    const end = (): BodyEnd => ({ state: "failed", error: encodeError(error), blamed: this.#failures.blamed });
    this.#life.fail(asError(error).message, end);
  }

  #finish(): void {
    this.#scope.orphans([...this.#unasked]);
    const { blamed, failed } = this.#failures;
    if (failed) return this.#life.end({ state: "failed", error: encodeError(this.#failures.error()), blamed });
    const { tokens, firings } = this.#agenda;
    const value = encodeFor(this.flow, "result", { tokens, firings, unmatched: this.#unmatched.end() });
    this.#life.end({ state: "succeeded", value });
  }

  #warn(code: string, message: string): void {
    this.#scope.host.emit({ type: "warning", code, message });
  }
}

function noGraph(): never {
  // The reader refuses graphs in rules.
  throw new TypeError("A rule runs no graph.");
}
