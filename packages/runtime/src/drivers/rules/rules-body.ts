/**
 * The rules driver: the life of one running rule set. What happens (firings that end, messages, tokens that a breakpoint has held) goes through
 * one agenda in the order of the facts: first what is on record, then what comes. So every life of the run has the same firings, and no code
 * of rules runs again but `match`.
 */
import {
  type AbortCause,
  type ActivationPath,
  Agenda,
  decodeValue,
  encodeError,
  encodeFor,
  type Firing,
  firingEnd,
  type MessageReceived,
  type RuleSet,
  type RunToken,
  type StepKey,
  type StepRecords,
  type Token,
  tokenPlace,
} from "@millrace/core";
import { asError } from "../../attempt/outcome.js";
import { failpoint } from "../../failpoints/failpoint.js";
import { latch } from "../../runs/latch.js";
import type { Body, BodyEnd, RunScope } from "../../runs/run-scope.js";
import { type Draft, isStep, type RunHost, type Unit, type UnitSettled, type Waiting } from "../../steps/unit.js";
import { LiveUnits } from "../graph/live-units.js";
import type { LocalFunctions } from "../graph/local-function.js";
import type { NodeCall } from "../graph/node-call.js";
import { UnbegunNode } from "../graph/unbegun-node.js";
import { callOfFiring, firingPlaceOf, nodeOf, type Surroundings } from "./firing-call.js";
import { RuleFailures } from "./rule-failures.js";
import { RuleMatches } from "./rule-matches.js";
import { type ReadsRule, RULES_MESSAGE, readSent, type Sent, TOKEN_MESSAGE } from "./sent.js";
import { placeOfToken, TokenUnit } from "./token-unit.js";

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

/** What the agenda folds. `firing`: what has ended in this life. */
type Happening =
  | { readonly seq: number; readonly settled: UnitSettled; readonly known?: Known }
  | { readonly seq: number; readonly message: MessageReceived };

/** What stands behind a unit. */
type Known = { readonly firing: Firing } | { readonly token: RunToken };

/** A token at a breakpoint. */
interface Held {
  readonly unit: TokenUnit;
  /** The same, behind the gate. */
  readonly guarded: Unit;
}

/** One execution of a rule set. */
export class RulesBody implements Body {
  readonly flow: string;
  readonly #spec: RulesBodySpec;
  readonly #scope: RunScope;
  readonly #around: Surroundings;
  readonly #matches: RuleMatches;
  readonly #agenda: Agenda;
  readonly #failures: RuleFailures;
  readonly #records: StepRecords<UnitSettled>;
  /** Records that nothing has asked for. */
  readonly #unasked: Set<UnitSettled>;
  /** Tokens that stand on record by themselves: they are matched at its place. */
  readonly #recordedTokens: ReadonlySet<StepKey>;
  /** In the order of the facts. */
  readonly #happenings: Happening[];
  #next = 0;
  /** How many of them are on record; endless until they are known. */
  #recorded = Number.POSITIVE_INFINITY;
  /** Firings that have not been issued, in the order in which they came. */
  readonly #ready = new Map<StepKey, Firing>();
  readonly #units = new LiveUnits<Known>();
  #firing = 0;
  /** Tokens that a breakpoint holds, by id. */
  readonly #held = new Map<string, Held>();
  /** Tokens that were held in an earlier life, until the place where they went on, or this life. */
  readonly #heldBefore = new Map<StepKey, RunToken>();
  readonly #unmatched: { readonly id: string; readonly body: Token }[] = [];
  readonly #end = latch<BodyEnd>();
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
    const { records, decisions } = scope.past.take(path);
    this.#records = decisions;
    this.#unasked = new Set(records);
    this.#recordedTokens = new Set(records.filter(isOfToken).map(({ key }) => key));
    this.#happenings = records.map((settled) => ({ seq: settled.seq, settled }));
    const host: RunHost = {
      ...scope.host,
      append: (draft, done, before) =>
        // Safe: what a unit appends after its abort are settlements, which have the field.
        scope.host.append(this.#late ? ({ ...draft, late: true } as Draft) : draft, done, before),
    };
    this.#around = {
      scope,
      host,
      locals,
      root,
      path,
      startedAt,
      onSettled: (fact) => this.#settled(fact),
      open: noGraph,
    };
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
    if (this.#closed || !this.#isLive) return undefined;
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
    this.#listen(TOKEN_MESSAGE);
    this.#listen(RULES_MESSAGE);
    this.#happenings.sort((a, b) => a.seq - b.seq);
    this.#recorded = this.#happenings.length;
    this.#attempt(() => {
      for (const token of this.#agenda.begin()) this.#admit(token);
    });
    this.#proceed();
  }

  /** Takes all messages of a name, now and later. */
  #listen(name: string): void {
    for (let more = true; more; ) {
      more = false;
      let kept = true;
      const receive = (message: MessageReceived): void => {
        this.#happens({ seq: message.seq, message });
        if (kept) more = true;
        else this.#listen(name);
      };
      this.#scope.mailbox.take({ name, until: undefined, receive });
      kept = false;
    }
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
    else this.#happens({ seq: fact.seq, settled: fact, known });
  }

  #happens(happening: Happening): void {
    this.#happenings.push(happening);
    if (this.#recorded !== Number.POSITIVE_INFINITY) this.#proceed();
  }

  get #isLive(): boolean {
    return this.#next >= this.#recorded;
  }

  /** Folds what has happened; once the record has been gone through, issues what is ready. */
  #proceed(): void {
    // What is issued may settle, and what is restored make others ready, while this runs.
    if (this.#busy) return;
    this.#busy = true;
    this.#attempt(() => this.#fold());
    if (this.#loading) return;
    this.#busy = false;
    if (!this.#closed && this.waiting()) this.#scope.onlyWaits();
  }

  #loading = false;

  #fold(): void {
    while (!this.#closed) {
      const happening = this.#happenings[this.#next];
      if (happening) {
        const sent = "message" in happening ? this.#read(happening.message) : undefined;
        if (sent && "add" in sent && !this.#matches.knows(sent.add)) return this.#pauseToLoad(sent);
        this.#next += 1;
        if (sent) this.#apply(sent);
        else if ("settled" in happening) this.#take(happening);
        continue;
      }
      for (const [key, token] of this.#heldBefore) {
        this.#heldBefore.delete(key);
        this.#offer(token);
      }
      const firing =
        this.#firing < (this.#spec.set.window ?? Number.POSITIVE_INFINITY) ? first(this.#ready) : undefined;
      if (firing) {
        this.#ready.delete(firing.key);
        this.#issue(firing);
      } else if (this.#next >= this.#happenings.length) break;
    }
    if (!this.#closed && this.#ready.size === 0 && this.#units.size === 0 && !this.#open) this.#finish();
  }

  /** What comes meanwhile stands behind it. */
  #pauseToLoad(sent: Extract<Sent, { readonly add: unknown }>): void {
    this.#loading = true;
    this.#matches.load([sent.add]).then(
      () => {
        this.#loading = false;
        this.#busy = false;
        this.#proceed();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  #take({ settled, known }: Extract<Happening, { readonly settled: unknown }>): void {
    if (known && "token" in known) return this.#released(known.token, settled);
    if (known) return this.#over(known.firing, settled);
    const token = this.#heldBefore.get(settled.key);
    if (token) {
      this.#heldBefore.delete(settled.key);
      this.#unasked.delete(settled);
      return this.#released(token, settled);
    }
    const firing = this.#ready.get(settled.key);
    if (firing) this.#restoredReady(firing);
  }

  #restoredReady(firing: Firing): void {
    const call = this.#call(firing);
    if (!this.#restored(firing, "place" in call ? call : this.#notBegun(firing))) return;
    this.#ready.delete(firing.key);
  }

  #read(message: MessageReceived): Sent | undefined {
    const sent = readSent(message, this.#spec.readRule);
    if (!("wrong" in sent)) return sent;
    if (this.#isLive) this.#warn("message-invalid", sent.wrong);
    return undefined;
  }

  #apply(sent: Sent): void {
    if ("token" in sent) {
      const token = this.#agenda.give(sent.token);
      if (token) this.#admit(token);
    } else if ("add" in sent) this.#agenda.add(sent.add);
    else if ("remove" in sent) this.#agenda.remove(sent.remove);
    else if ("close" in sent) this.#open = false;
    else this.#change(sent);
  }

  /** Changes a token that is held: another body, or none. */
  #change(sent: Extract<Sent, { readonly drop: string } | { readonly edit: string }>): void {
    const id = "drop" in sent ? sent.drop : sent.edit;
    const { key } = tokenPlace(this.flow, id);
    const before = this.#heldBefore.get(key);
    const held = this.#held.get(id);
    if ("edit" in sent) {
      if (before) this.#heldBefore.set(key, { ...before, body: sent.body });
      held?.unit.edit(sent.body);
    } else {
      this.#heldBefore.delete(key);
      held?.unit.drop();
      held?.guarded.abort("body", "it was dropped");
    }
    if (!before && !held) this.#warn("message-invalid", `No breakpoint holds a token "${id}".`);
  }

  #admit(token: RunToken): void {
    const { key } = tokenPlace(this.flow, token.id);
    if (this.#isLive) this.#offer(token);
    else if (this.#recordedTokens.has(key) || this.#scope.wasHeld(key)) this.#heldBefore.set(key, token);
    else this.#match(token);
  }

  /** Lets a token to the rules, unless a breakpoint holds it. */
  #offer(token: RunToken): void {
    const place = placeOfToken(this.flow, token);
    let passed = false;
    const unit = new TokenUnit(token, place, this.#scope.wasHeld(place.key), {
      host: this.#around.host,
      onSettled: this.#around.onSettled,
      passed: () => {
        passed = true;
      },
    });
    const guarded = this.#scope.unit(place, () => unit, this.#around.onSettled);
    guarded.start();
    if (passed) return this.#match(token);
    unit.recorded = true;
    this.#units.add(place.key, guarded, { token });
    this.#held.set(token.id, { unit, guarded });
  }

  /** A token that was held goes on, or was dropped. */
  #released(token: RunToken, { state, value }: UnitSettled): void {
    this.#held.delete(token.id);
    if (state !== "succeeded" || !value) return;
    // Written by a TokenUnit: the body of a token.
    this.#match({ ...token, body: decodeValue(value.read()) as Token });
  }

  #match(token: RunToken): void {
    const firings = this.#agenda.match(token);
    for (const firing of firings) this.#ready.set(firing.key, firing);
    if (firings.length > 0 || this.#failures.stands(token)) return;
    const { unmatched = "dead-letter" } = this.#spec.set;
    if (unmatched === "error") this.#failures.unmatched(token);
    if (unmatched !== "dead-letter") return;
    this.#unmatched.push({ id: token.id, body: token.body });
    if (this.#isLive && this.#unmatched.length <= TOLD)
      this.#warn("token-unmatched", `No rule matches token ${token.id}: ${textOf(token.body)}.`);
  }

  #issue(firing: Firing): void {
    const call = this.#call(firing);
    if (!("place" in call)) {
      const notBegun = this.#notBegun(firing);
      if (this.#restored(firing, notBegun)) return;
      const node = nodeOf(firing.rule, notBegun.place.node);
      return this.#begins(
        firing,
        new UnbegunNode(node, notBegun.place, { state: "failed", error: call.error }, this.#around),
      );
    }
    if (this.#restored(firing, call)) return;
    this.#begins(firing, this.#scope.unit(call.place, call.make, this.#around.onSettled));
  }

  #begins(firing: Firing, unit: Unit): void {
    this.#units.add(firing.key, unit, { firing });
    this.#firing += 1;
    unit.start();
  }

  #call(firing: Firing): NodeCall | { readonly error: unknown } {
    try {
      return callOfFiring(firing, this.#spec.set, this.#around);
    } catch (error) {
      return { error };
    }
  }

  #notBegun(firing: Firing): Pick<NodeCall, "place" | "given" | "sharedTtlMs"> {
    return { place: firingPlaceOf(firing, this.#spec.set, this.#around), given: {}, sharedTtlMs: undefined };
  }

  #restored(firing: Firing, { place, given, sharedTtlMs }: Pick<NodeCall, "place" | "given" | "sharedTtlMs">): boolean {
    const call = { place, anySite: false, isWork: true, asRef: false, given, sharedTtlMs };
    const decision = this.#scope.decide(call, this.#records);
    if (decision.verdict !== "restored") return false;
    const { record } = decision;
    this.#unasked.delete(record);
    this.#scope.restored(record, place);
    this.#over(firing, record);
    return true;
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
    const more = this.#unmatched.length - TOLD;
    if (more > 0) this.#warn("token-unmatched", `No rule matches ${more} more; they are in the result.`);
    this.#end.resolve({
      state: "succeeded",
      value: encodeFor(this.flow, "result", { tokens, firings, unmatched: this.#unmatched }),
    });
  }

  #warn(code: string, message: string): void {
    this.#scope.host.emit({ type: "warning", code, message });
  }
}

/** How a firing ended; its result is read only if something is made of it. */
function isOfToken(fact: UnitSettled): boolean {
  return fact.kind === "activation-settled" && fact.activation === "token";
}

function first<T>(map: ReadonlyMap<unknown, T>): T | undefined {
  for (const value of map.values()) return value;
  return undefined;
}

/** So many unmatched tokens are told one by one. */
const TOLD = 10;

/** Longest text of a token in a message. */
const TEXT_LIMIT = 120;

function textOf(body: Token): string {
  const text = JSON.stringify(body) ?? "";
  return text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
}

function noGraph(): never {
  // The reader refuses graphs in rules.
  throw new TypeError("A rule runs no graph.");
}
