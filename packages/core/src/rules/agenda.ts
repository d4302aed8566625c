/**
 * The agenda of a rule set: a fold over what happens in a run, in the order of its facts. Tokens come in and are matched by the rules of that
 * moment; what ends gives tokens again. Whoever folds the same facts has the same firings, so nothing else has to be recorded.
 */
import { MillraceError } from "../errors/millrace-error.js";
import { emissionsOf, errorToken, type FiringEnd, isErrorToken } from "./emissions.js";
import { type Firing, type Frame, firingPlace, type RunToken } from "./firing.js";
import {
  type Emission,
  type GivenToken,
  RULE_LIMITS,
  type RuleLimits,
  type RuleSet,
  type RuleSpec,
  rulesName,
  type Token,
} from "./rule-set.js";
import { emittedId } from "./token-id.js";

/** Firings shown of a long chain, at each of its ends. */
const SHOWN = 5;

/** Whether a rule matches a token. */
export type MatchesToken = (rule: RuleSpec, token: Token) => boolean;

/** What follows the end of a firing. */
export interface Following {
  readonly tokens: readonly RunToken[];
  /** It failed, and its rule does not say what then: one of the tokens stands for that, unless it was to handle an error itself. */
  readonly failure?: { readonly message: string; readonly token?: RunToken };
}

/** The fold. */
export class Agenda {
  readonly #set: RuleSet;
  readonly #name: string;
  readonly #limits: Required<RuleLimits>;
  readonly #matches: MatchesToken;
  readonly #known = new Set<string>();
  #rules: readonly RuleSpec[];
  #firings = 0;

  constructor(set: RuleSet, matches: MatchesToken) {
    this.#set = set;
    this.#name = rulesName(set);
    this.#limits = { ...RULE_LIMITS, ...set.limits };
    this.#matches = matches;
    this.#rules = set.rules;
  }

  /** Those that match from here on. */
  get rules(): readonly RuleSpec[] {
    return this.#rules;
  }

  /** Tokens so far. */
  get tokens(): number {
    return this.#known.size;
  }

  /** Firings so far. */
  get firings(): number {
    return this.#firings;
  }

  /** The tokens that the set begins with. @throws MillraceError `rules-limit`. */
  begin(): readonly RunToken[] {
    return this.#set.tokens.flatMap((given, n) => this.give({ id: String(n), ...given }) ?? []);
  }

  /** A token from outside; undefined if one of its id has come before. @throws MillraceError `rules-limit`. */
  give({ id, body }: Required<GivenToken>): RunToken | undefined {
    return this.#admit({ id, body, depth: 0 });
  }

  /** The firings on a token: of all rules that match it, in their order. None: it is unmatched. */
  match(token: RunToken): readonly Firing[] {
    const firings = this.#rules
      .filter((rule) => this.#matches(rule, token.body))
      .map((rule) => ({ rule, token, key: firingPlace(this.#name, rule.name, token.id).key }));
    this.#firings += firings.length;
    return firings;
  }

  /**
   * What follows a firing that has ended. What is wrong with its tokens counts as its failure.
   * @throws MillraceError `rules-limit`: the run fails.
   */
  follow(firing: Firing, end: FiringEnd): Following {
    const emissions = this.#emissions(firing, end);
    if ("emissions" in emissions)
      return { tokens: emissions.emissions.flatMap((emission, n) => this.#emit(firing, emission, n) ?? []) };
    const { error } = emissions;
    const { message } = error;
    if (isErrorToken(firing.token.body)) return { tokens: [], failure: { message } };
    const body = { ...errorToken(firing, error) };
    const token = this.#admit({ ...this.#after(firing), id: emittedId(firing.key), body });
    return token ? { tokens: [token], failure: { message, token } } : { tokens: [], failure: { message } };
  }

  /** A rule for matches from here on; one of that name is replaced, in its place. */
  add(rule: RuleSpec): void {
    const at = this.#rules.findIndex(({ name }) => name === rule.name);
    this.#rules = at < 0 ? [...this.#rules, rule] : this.#rules.with(at, rule);
  }

  /** A rule matches no more. */
  remove(name: string): void {
    this.#rules = this.#rules.filter((rule) => rule.name !== name);
  }

  #emissions(
    firing: Firing,
    end: FiringEnd,
  ): { readonly emissions: readonly Emission[] } | Extract<FiringEnd, { readonly error: unknown }> {
    try {
      const emissions = emissionsOf(firing, end, this.#set);
      if (!emissions && "error" in end) return end;
      for (const emission of emissions ?? []) this.#check(firing, emission);
      return { emissions: emissions ?? [] };
    } catch (error) {
      const { name, message, code } = error as MillraceError;
      return { error: { name, message, code } };
    }
  }

  #check({ rule, token }: Firing, emission: Emission): void {
    if (!("return" in emission) || token.stack) return;
    throw new MillraceError("call-missing", `Rule ${rule.name} returns, and nothing has called.`, {
      hint: "A return belongs to a rule whose token comes from a call, also through other rules.",
      data: { rule: rule.name, token: token.id },
    });
  }

  #emit(firing: Firing, emission: Emission, n: number): RunToken | undefined {
    const after = this.#after(firing);
    const id = emittedId(firing.key, n);
    if ("token" in emission) return this.#admit({ ...after, id, body: emission.token });
    if ("call" in emission)
      return this.#admit({ ...after, id, body: emission.call, stack: this.#push(firing, emission.back) });
    const { stack } = firing.token;
    // A return without a call has been refused.
    if (!stack) return undefined;
    const { stack: _, ...outside } = after;
    const body = { ...stack.back, returned: emission.return };
    return this.#admit({ ...outside, id, body, ...(stack.outer ? { stack: stack.outer } : {}) });
  }

  #after(firing: Firing): Omit<RunToken, "id" | "body"> {
    const { depth, stack } = firing.token;
    return { depth: depth + 1, from: firing, ...(stack ? { stack } : {}) };
  }

  #push(firing: Firing, back: Token): Frame {
    const { id, stack: outer } = firing.token;
    const depth = (outer?.depth ?? 0) + 1;
    if (depth > this.#limits.stack) throw this.#limit("stack", `has ${depth} calls that have not returned`, firing);
    return { rule: firing.rule.name, token: id, back, depth, ...(outer ? { outer } : {}) };
  }

  #admit(token: RunToken): RunToken | undefined {
    if (this.#known.has(token.id)) return undefined;
    const { depth, tokens } = this.#limits;
    if (token.depth > depth) throw this.#limit("depth", `is ${token.depth} firings long`, token.from);
    if (this.#known.size >= tokens) throw this.#limit("tokens", `has given ${tokens + 1} tokens`, token.from);
    this.#known.add(token.id);
    return token;
  }

  #limit(limit: keyof RuleLimits, what: string, from: Firing | undefined): MillraceError {
    const chain = chainOf(from);
    const text = limit === "tokens" ? `${this.#name} ${what}` : `A chain of ${this.#name} ${what}`;
    return new MillraceError("rules-limit", `${text}, and ${this.#limits[limit]} is the limit: ${chainText(chain)}.`, {
      hint: `If it comes to an end, raise the limit: limits: { ${limit}: … }. If it does not, look at the rules of the chain.`,
      data: { rules: this.#name, limit, chain: chain.slice(-SHOWN * 2) },
    });
  }
}

/** Names of the rules that led to a token, the first first. */
function chainOf(from: Firing | undefined): readonly string[] {
  const names: string[] = [];
  for (let firing = from; firing; firing = firing.token.from) names.push(firing.rule.name);
  return names.reverse();
}

function chainText(names: readonly string[]): string {
  const shown =
    names.length <= SHOWN * 2
      ? names
      : [...names.slice(0, SHOWN), `… ${names.length - SHOWN * 2} more …`, ...names.slice(-SHOWN)];
  return shown.join(" → ");
}
