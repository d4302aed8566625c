/** Random rule sets, with messages while they run, cut at every point of their record: whoever goes on has the same firings, and repeats none. */
import {
  Agenda,
  decodeError,
  decodeValue,
  errorSummary,
  type Fact,
  type Firing,
  type LocalFunction,
  RULES_VERSION,
  type RuleSet,
  type RuleSpec,
  type RunId,
  type RunStore,
  type RunToken,
  readSent,
  type Token,
} from "@millrace/core";
import { memoryStore, type Run } from "@millrace/runtime";
import { openTestEngine } from "@millrace/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutStore } from "../cut-store.js";
import { random } from "../random-bodies.js";

const SETS = Number(process.env.MILLRACE_RULES ?? 150);
const LIMIT_MS = 1_500 * SETS;
const RUN = "random" as RunId;
const TYPES = ["a", "b", "c", "d"];

const type = fc.constantFrom(...TYPES);
/** What a firing gives: tokens of these types, one step further; a call; a return. */
const next: fc.Arbitrary<NonNullable<RuleSpec["next"]>[number]> = fc.oneof(
  { arbitrary: type.map((t) => ({ token: { fields: tokenOf(t) } })), weight: 5 },
  {
    arbitrary: fc
      .tuple(type, type)
      .map(([t, back]) => ({ token: { fields: tokenOf(t) }, back: { fields: tokenOf(back) } })),
    weight: 1,
  },
  { arbitrary: fc.constant({ return: { from: "token", path: "left" } }), weight: 1 },
);
const ruleSpec = fc.record({
  filter: fc.oneof(
    type.map((t) => ({ type: t })),
    fc.constant({}),
    fc.constant({ _error: true }),
  ),
  works: fc.boolean(),
  next: fc.array(next, { maxLength: 2 }),
});
type RuleIdea = typeof ruleSpec extends fc.Arbitrary<infer R> ? R : never;
const message = fc.oneof(
  type.map((t) => ({ name: "token", data: { type: t, left: 1 } as unknown })),
  fc.integer({ min: 0, max: 5 }).map((n) => ({ name: "rules", data: { remove: `r${n}` } as unknown })),
  ruleSpec.map((spec) => ({ name: "rules", data: { add: ruleOf(spec, 9) } as unknown })),
);
const plannedSets = fc.record({
  rules: fc.array(ruleSpec, { minLength: 2, maxLength: 6 }),
  tokens: fc.array(type, { minLength: 2, maxLength: 6 }),
  messages: fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), message), { maxLength: 5 }),
  window: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  seed: fc.integer({ min: 1, max: 1_000_000 }),
});
type Planned = typeof plannedSets extends fc.Arbitrary<infer P> ? P : never;

/** A token that knows how many more may follow it: the local function counts down. */
function tokenOf(t: string) {
  return { type: { value: t }, left: { from: "vars", path: "none" }, of: { from: "token", path: "left" } };
}

/** A rule gives types behind its own only, so that most runs end. */
function ruleOf({ filter, works, next: follows }: RuleIdea, n: number): RuleSpec {
  const own = "type" in filter ? TYPES.indexOf(String(filter.type)) : "_error" in filter ? 2 : TYPES.length;
  const isBehind = (entry: (typeof follows)[number]): boolean =>
    !("token" in entry) ||
    JSON.stringify(entry)
      .match(/"value":"[a-d]"/g)
      ?.every((t) => TYPES.indexOf(t.at(-2) ?? "") > own) === true;
  const run = works ? { run: { local: "work" }, params: { token: { from: "token" } } } : {};
  return { name: `r${n}`, filter, ...run, next: follows.filter(isBehind) };
}

function setOf({ rules, tokens, window }: Planned): RuleSet {
  return {
    version: RULES_VERSION,
    name: "random",
    rules: rules.map(ruleOf),
    tokens: tokens.map((t) => ({ body: { type: t, left: 1 } })),
    variables: { none: 0 },
    limits: { depth: 8, tokens: 60 },
    ...(window === undefined ? {} : { window }),
  };
}

interface Life {
  /** Firings that worked in this life, by token and type. */
  readonly worked: readonly string[];
  readonly outcome: unknown;
  readonly facts: readonly Fact[];
  /** What the plan said before, by key; empty for a run that is started. */
  readonly verdicts: ReadonlyMap<string, string>;
}

async function live(store: RunStore, plan: Planned, start: boolean): Promise<Life> {
  const turns = random(plan.seed);
  const worked: string[] = [];
  let run: Run<unknown> | undefined;
  const work: LocalFunction = async ({ token }: { readonly token: Token }) => {
    worked.push(JSON.stringify(token));
    for (const [, { name, data }] of plan.messages.filter(([at]) => start && at === worked.length))
      void run?.send(name, data).catch(() => {});
    for (let left = Math.floor(turns() * 5); left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
    if (turns() < 0.05) throw new Error("broke");
    return null;
  };
  const engine = await openTestEngine({ store });
  try {
    engine.local("work", work);
    const steps = start ? [] : (await engine.plan(RUN)).steps;
    const verdicts = new Map(steps.map(({ key = "", verdict }) => [key, verdict]));
    expect(worked).toEqual([]);
    run = start ? engine.start(setOf(plan), { id: RUN }) : await engine.resume(RUN);
    const ended = await run.outcome();
    const facts: Fact[] = [];
    for await (const fact of store.read(RUN)) facts.push(fact);
    return { worked, outcome: ended.status === "succeeded" ? ended.value : ended.status, facts, verdicts };
  } finally {
    await engine.close();
  }
}

/** The firings that a run has by its facts: rules and tokens, gone through one by one. */
function firingsBy(plan: Planned, facts: readonly Fact[]): readonly string[] {
  const agenda = new Agenda(setOf(plan), ({ filter = {} }, token) =>
    Object.hasOwn(token, "_error")
      ? Object.hasOwn(filter, "_error")
      : Object.entries(filter).every(([key, value]) => token[key] === value),
  );
  const open = new Map<string, Firing>();
  const all: string[] = [];
  const admit = (tokens: readonly RunToken[]): void => {
    for (const firing of tokens.flatMap((token) => agenda.match(token))) {
      open.set(firing.key, firing);
      all.push(firing.key);
    }
  };
  admit(agenda.begin());
  for (const fact of facts) {
    if (fact.kind === "message") {
      const sent = readSent(fact, (given) => given as RuleSpec);
      if ("token" in sent) admit([agenda.give(sent.token)].flatMap((token) => token ?? []));
      else if ("add" in sent) agenda.add(sent.add);
      else if ("remove" in sent) agenda.remove(sent.remove);
    }
    const firing = fact.kind === "activation-settled" ? open.get(fact.key) : undefined;
    if (!firing || fact.kind !== "activation-settled") continue;
    const { state, value, error } = fact;
    const end =
      state === "failed"
        ? { error: errorSummary(error && decodeError(error.read())) }
        : { result: value && decodeValue(value.read()) };
    admit(agenda.follow(firing, end).tokens);
  }
  return all.sort();
}

/** Why a run failed; undefined if it did not. */
function codeOf(ended: Extract<Fact, { readonly kind: "run-ended" }> | undefined): unknown {
  return ended?.error && (decodeError(ended.error.read()) as { readonly code?: unknown }).code;
}

const keysIn = (facts: readonly Fact[]): readonly string[] =>
  facts.flatMap((fact) => (fact.kind === "activation-settled" ? [fact.key] : [])).sort();

describe("a rule set that is cut off", () => {
  it(
    "goes on with the firings that it would have had, as planned, and repeats none on record",
    async () => {
      let cuts = 0;
      let changes = 0;
      const planned = new Map<string, number>();
      await fc.assert(
        fc.asyncProperty(plannedSets, async (plan) => {
          const whole = await live(memoryStore(), plan, true);
          const until = whole.facts.findIndex(({ kind }) => kind === "run-ended");
          for (let length = 1; length <= until; length++) {
            cuts += 1;
            const later = await live(await cutStore(RUN, [whole.facts.slice(0, length)]), plan, false);
            // Each firing has one record, and none that stood there was left aside.
            const keys = keysIn(later.facts);
            expect(new Set(keys).size).toBe(keys.length);
            const ended = later.facts.find((fact) => fact.kind === "run-ended");
            const kept = new Set(keysIn(whole.facts.slice(0, length)));
            for (const [key, verdict] of later.verdicts) {
              planned.set(verdict, (planned.get(verdict) ?? 0) + 1);
              if (verdict === "restored") expect(kept).toContain(key);
              // A limit ends the run before all that is ready has begun.
              else if (codeOf(ended) !== "rules-limit")
                expect([verdict, kept.has(key), keys.includes(key)]).toEqual(["runs", false, true]);
            }
            expect([...kept].filter((key) => later.verdicts.get(key) !== "restored")).toEqual([]);
            if (ended?.state === "succeeded") expect(ended.orphans).toEqual([]);
            const over = ended?.state === "succeeded" || codeOf(ended) === "firings-failed";
            // Rules that come or go count for the tokens behind them: the record alone tells which firings there are.
            if (over) expect(keys).toEqual(firingsBy(plan, later.facts));
            if (over) changes += Number(later.facts.some(({ kind }) => kind === "message"));
          }
        }),
        { numRuns: SETS, seed: 20_260 },
      );
      console.log(`${SETS} rule sets, ${cuts} cuts, ${changes} runs of changed rules that came to their end`);
      expect(changes).toBeGreaterThan(SETS / 4);
      for (const verdict of ["restored", "runs"]) expect(planned.get(verdict)).toBeGreaterThan(SETS);
    },
    LIMIT_MS,
  );
});
