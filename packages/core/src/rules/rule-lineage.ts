/**
 * Which rule gave which token in a run, and which rules fired on it: folded from its facts. What matched is told by the record itself, so that no
 * build and no code of rules is asked.
 */
import type { StepKey } from "../identity/brands.js";
import type { Fact, Settlement } from "../run/facts.js";
import { decodeValue } from "../values/decode.js";
import { isObject } from "../values/is-object.js";
import { Agenda } from "./agenda.js";
import { type Firing, firingPlace, type RunToken, tokenPlace } from "./firing.js";
import { firingEnd } from "./firing-end.js";
import type { TokenWay } from "./rule-graph.js";
import { type RuleSet, type RuleSpec, rulesName, type Token } from "./rule-set.js";
import { RULES_MESSAGE, readSent, type Sent, TOKEN_MESSAGE } from "./sent.js";

/** One token of a run. */
export interface TokenLineage {
  readonly id: string;
  /** As the rules saw it: with what was changed at a breakpoint. */
  readonly body: Token;
  /** How it came to be; `token` also for those from outside. */
  readonly way: TokenWay;
  /** The firing that gave it; absent for tokens from outside. */
  readonly from?: { readonly rule: string; readonly token: string };
  /** The calls around it that have not returned, the innermost first. */
  readonly stack: readonly { readonly rule: string; readonly token: string }[];
  /** It was let go at a breakpoint. */
  readonly dropped?: true;
  /** The firings on it that are on record, in the order of the rules. None: no rule matched it, or none has ended. */
  readonly firings: readonly { readonly rule: string; readonly key: StepKey; readonly state: Settlement["state"] }[];
}

/** What became of the tokens of a run. */
export interface RuleLineage {
  /** The rule set; with the rules that were added, without those that were removed. */
  readonly set: RuleSet;
  /** In the order in which they came. */
  readonly tokens: readonly TokenLineage[];
  /** The run is over: a token without firings is one that no rule has matched. */
  readonly over: boolean;
}

/** Folds the facts of a run; undefined if it is none of a rule set. */
export function ruleLineage(facts: readonly Fact[]): RuleLineage | undefined {
  const [started] = facts;
  if (started?.kind !== "run-started" || !started.rules) return undefined;
  // Written by the engine from a rule set that it had read.
  return new Lineage(decodeValue(started.params.read()) as RuleSet, facts).fold(facts);
}

class Lineage {
  readonly #set: RuleSet;
  readonly #agenda: Agenda;
  readonly #settled = new Map<StepKey, Settlement>();
  readonly #firings = new Map<StepKey, Firing>();
  readonly #tokens: TokenLineage[] = [];
  /** By their facts. What is wrong with a message has been told when it came, and changed nothing. */
  readonly #sent: ReadonlyMap<Fact, Sent>;
  /** Ids of tokens that somebody asked to be dropped at a breakpoint. */
  readonly #letGo: ReadonlySet<string>;
  #matched: RunToken | undefined;

  constructor(set: RuleSet, facts: readonly Fact[]) {
    this.#set = set;
    // The run itself has kept to its limits.
    const endless = {
      depth: Number.POSITIVE_INFINITY,
      tokens: Number.POSITIVE_INFINITY,
      stack: Number.POSITIVE_INFINITY,
    };
    this.#agenda = new Agenda({ ...set, limits: endless }, (rule) => this.#hasFired(rule));
    this.#sent = new Map(facts.flatMap((fact) => sentBy(fact).map((sent) => [fact, sent] as const)));
    this.#letGo = new Set([...this.#sent.values()].flatMap((sent) => ("drop" in sent ? sent.drop : [])));
    const dropped = new Set(facts.flatMap((fact) => (fact.kind === "run-resumed" ? fact.dropped : [])));
    for (const fact of facts)
      if (isSettlement(fact) && !fact.late && !dropped.has(fact.seq)) this.#settled.set(fact.key, fact);
  }

  fold(facts: readonly Fact[]): RuleLineage {
    for (const token of this.#agenda.begin()) this.#admit(token);
    for (const fact of facts) {
      const sent = this.#sent.get(fact);
      if (sent) this.#apply(sent);
      else if (isSettlement(fact) && this.#settled.get(fact.key) === fact) this.#follow(fact);
    }
    return {
      set: { ...this.#set, rules: this.#agenda.rules },
      tokens: this.#tokens,
      over: facts.at(-1)?.kind === "run-ended",
    };
  }

  #hasFired({ name }: RuleSpec): boolean {
    const token = this.#matched;
    return token !== undefined && this.#settled.has(firingPlace(rulesName(this.#set), name, token.id).key);
  }

  #admit(given: RunToken): void {
    const held = this.#settled.get(tokenPlace(rulesName(this.#set), given.id).key);
    // What was held stands on record as it went on.
    const body = held?.value ? (decodeValue(held.value.read()) as Token) : given.body;
    const token = { ...given, body };
    this.#matched = token;
    const firings = this.#agenda.match(token);
    for (const firing of firings) this.#firings.set(firing.key, firing);
    const { id, from } = token;
    this.#tokens.push({
      id,
      body,
      way: wayOf(token),
      ...(from ? { from: { rule: from.rule.name, token: from.token.id } } : {}),
      stack: callsAround(token),
      ...(firings.length === 0 && this.#letGo.has(id) ? { dropped: true as const } : {}),
      firings: firings.map(({ rule, key }) => ({
        rule: rule.name,
        key,
        state: this.#settled.get(key)?.state ?? "aborted",
      })),
    });
  }

  #follow(fact: Settlement): void {
    const firing = this.#firings.get(fact.key);
    if (!firing || (fact.state !== "succeeded" && fact.state !== "failed")) return;
    for (const token of this.#agenda.follow(firing, firingEnd(firing, fact)).tokens) this.#admit(token);
  }

  #apply(sent: Sent): void {
    if ("token" in sent) {
      const token = this.#agenda.give(sent.token);
      if (token) this.#admit(token);
    } else if ("add" in sent) this.#agenda.add(sent.add);
    else if ("remove" in sent) this.#agenda.remove(sent.remove);
  }
}

function wayOf({ body, stack, from }: RunToken): TokenWay {
  if (!from) return "token";
  if (body._error === true) return "error";
  const [inside, outside] = [stack?.depth ?? 0, from.token.stack?.depth ?? 0];
  return inside === outside ? "token" : inside > outside ? "call" : "back";
}

function callsAround(token: RunToken): TokenLineage["stack"] {
  const calls: { readonly rule: string; readonly token: string }[] = [];
  for (let frame = token.stack; frame; frame = frame.outer) calls.push({ rule: frame.rule, token: frame.token });
  return calls;
}

/** What a fact has brought to the rules; nothing if it is no message to them, or a wrong one. */
function sentBy(fact: Fact): readonly Sent[] {
  if (fact.kind !== "message" || (fact.name !== TOKEN_MESSAGE && fact.name !== RULES_MESSAGE)) return [];
  const sent = readSent(fact, namedRule);
  return "wrong" in sent ? [] : [sent];
}

/** Whether the build knew what an added rule runs was judged when it came: here its name tells which firings are its own. */
function namedRule(given: unknown): RuleSpec {
  if (isObject(given) && typeof given.name === "string") return given as unknown as RuleSpec;
  throw new TypeError("A rule has a name.");
}

function isSettlement(fact: Fact): fact is Extract<Fact, Settlement> {
  return fact.kind === "step-settled" || fact.kind === "activation-settled";
}
