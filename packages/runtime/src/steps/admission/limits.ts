/** What a step's options ask of the engine before it may start, and what the engine has. */
import { durationMs, type LaneKind, MillraceError, type StepOptions } from "@millrace/core";

/** What an engine has. */
export interface EngineLimits {
  /** Threads for steps that have theirs to themselves. Default: as many as anybody asks for. */
  readonly threads?: number;
  /** Sizes of the named pools. */
  readonly pools: Readonly<Record<string, number>>;
  /** Totals of the resource tokens. */
  readonly resources: Readonly<Record<string, number>>;
  /** Commands of these kinds run on other machines. Default: none. */
  readonly elsewhere?: readonly CommandKind[];
}

/** Where a step runs: in a lane of one of these kinds, or where commands of these do. */
export type WorkKind = LaneKind | CommandKind;

/** What a command is for. */
export type CommandKind = "shell" | "container";

/** What one step asks for. */
export interface StepLimits {
  /** Higher goes first. */
  readonly priority: number;
  /** Tokens that it holds while it runs, by name; all are taken at once or none. */
  readonly needs: readonly TokenNeed[];
  readonly rate: RateNeed | undefined;
  /** Where it runs. Default `plain`. */
  readonly lane?: WorkKind;
  /** Of a light one: its flow does not wait for it. */
  readonly beside?: boolean;
}

/**
 * Tokens of one kind. Of pools and resources the engine has a total; others are made when they are asked for, as many as `total` says,
 * else one.
 */
export interface TokenNeed {
  readonly kind: "pool" | "resource" | "key" | "io" | "suspect" | "beside";
  readonly name: string;
  readonly amount: number;
  readonly total?: number;
}

/** At most `limit` starts under this name in any `perMs` ms. */
export interface RateNeed {
  readonly name: string;
  readonly limit: number;
  readonly perMs: number;
}

/** A suspect runs while no other one does. */
const SUSPECT: TokenNeed = { kind: "suspect", name: "", amount: 1 };

/** It runs for as long as its flow's body does: one thread is kept free of such steps, for those that the body waits for. */
const BESIDE: TokenNeed = { kind: "beside", name: "", amount: 1 };

/** What there is to know of a step besides its options. */
export interface StepManner {
  /** It is suspect of ending processes. */
  readonly suspect?: boolean;
  /** Its flow does not wait for it. */
  readonly beside?: boolean;
  /** Set for commands. */
  readonly command?: CommandKind | undefined;
}

/** What a step asks for; undefined for the many that ask for nothing. */
export function limitsOf(
  task: string,
  options: StepOptions,
  { suspect = false, beside = false, command }: StepManner = {},
): StepLimits | undefined {
  const { priority = 0, pool, resources, rateLimit, concurrencyKey, io, isolate, memory } = options;
  const needs: TokenNeed[] = [];
  if (pool !== undefined) needs.push({ kind: "pool", name: pool, amount: 1 });
  for (const [name, amount] of Object.entries(resources ?? {})) {
    if (amount > 0) needs.push({ kind: "resource", name, amount });
  }
  if (concurrencyKey !== undefined) needs.push({ kind: "key", name: concurrencyKey, amount: 1 });
  if (typeof io === "number") needs.push({ kind: "io", name: task, amount: 1, total: io });
  if (suspect) needs.push(SUSPECT);
  const lane = command ?? (isolate || memory !== undefined ? "isolated" : io ? "light" : "plain");
  if (beside && lane === "plain") needs.push(BESIDE);
  if (priority === 0 && needs.length === 0 && !rateLimit && lane === "plain") return undefined;
  const rate = rateLimit && {
    name: rateLimit.name ?? task,
    limit: rateLimit.limit,
    perMs: durationMs(rateLimit.per, "rateLimit.per"),
  };
  return { priority, needs, rate, lane, beside };
}

/** What a light step asks for that is not to share a thread. */
export function withOwnThread(limits: StepLimits): StepLimits {
  const { needs, beside = false } = limits;
  return { ...limits, lane: "plain", needs: beside ? [...needs, BESIDE] : needs };
}

/** Resources of the machine that a step runs on. */
const OF_MACHINE: readonly string[] = ["cpus", "memory"];

/** What a step asks for of what the engine has: of one that runs on another machine, all but that machine's own. */
export function limitsHere(limits: StepLimits, { elsewhere = [] }: EngineLimits): StepLimits {
  const { lane, needs } = limits;
  if ((lane !== "shell" && lane !== "container") || !elsewhere.includes(lane)) return limits;
  return { ...limits, needs: needs.filter(({ kind, name }) => kind !== "resource" || !OF_MACHINE.includes(name)) };
}

/** How many tokens of a kind there are. */
export function totalOf({ kind, name, total = 1 }: TokenNeed, { pools, resources, threads }: EngineLimits): number {
  if (kind === "beside") return threads === undefined ? Number.POSITIVE_INFINITY : threads - 1;
  if (kind !== "pool" && kind !== "resource") return total;
  const totals = kind === "pool" ? pools : resources;
  return Object.hasOwn(totals, name) ? (totals[name] ?? 0) : 0;
}

/** The error of a step that asks for more than there is, so that it could never start; undefined if it can. */
export function shortage(step: string, needs: readonly TokenNeed[], engine: EngineLimits): MillraceError | undefined {
  for (const need of needs) {
    const total = totalOf(need, engine);
    if (need.amount <= total) continue;
    const { kind, name, amount } = need;
    if (kind === "beside") {
      return new MillraceError(
        "limit-unmeetable",
        `${step} runs in the background, and this engine has no thread to spare for it beside those that its flow waits for.`,
        {
          hint: "Give the engine two threads or more, or the task `io: true` if it mostly waits.",
          data: { step, threads: engine.threads ?? null },
        },
      );
    }
    const message =
      kind === "pool"
        ? `${step} asks for the pool "${name}", which this engine does not have.`
        : `${step} asks for ${amount} of the resource "${name}"; this engine has ${total} in all.`;
    return new MillraceError("limit-unmeetable", message, {
      hint: `Give ${kind === "pool" ? "the pool a size" : "a larger total"}: openEngine({ ${kind}s: { "${name}": … } }), or "${kind}s" under "millrace" in package.json.`,
      data: { step, [kind]: name, amount, total },
    });
  }
  return undefined;
}
