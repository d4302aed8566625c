/** A step of a task as it is issued, and the jobs that its attempts are. */
import {
  type AttemptFailed,
  attemptKey,
  type CommandAttempt,
  durationMs,
  type Job,
  type JobRef,
  Ref,
  type RunId,
  type StepOptions,
} from "@millrace/core";
import { attemptsOf } from "./retry-policy.js";
import type { Place } from "./unit.js";

const DEFAULT_GRACE = "10s";

/** What a step runs. */
export interface StepWork extends Pick<Job, "task" | "module" | "exportName" | "emits"> {
  /** Set for commands, which have executors of their own. */
  readonly command?: {
    readonly kind: "shell" | "container";
    /** When its run began, ms since 1970. */
    readonly runStartedAt: number;
  };
}

/** Everything known about a step when it is issued. */
export interface TaskStepSpec {
  readonly place: Place;
  readonly work: StepWork;
  readonly params: Uint8Array;
  /** Those in the parameters. */
  readonly refs: readonly Ref[];
  readonly options: StepOptions;
  readonly idempotencyKey: string;
  /** The newest failed attempt on record. */
  readonly failedBefore: Pick<AttemptFailed, "attempt" | "spentMs"> | undefined;
  /** The last record of the step was a failure that is tried again. */
  readonly restarted: boolean;
  /** Place of the record that the step had and that was given up, 0 if there is none. */
  readonly anewAfter: number;
  /** How often it was in flight when the process of its run died. */
  readonly suspicions: number;
  /** Its flow does not wait for it. */
  readonly beside: boolean;
  /** The longest path of its run that lies ahead of it, whole ms. */
  readonly ahead: number;
}

/** How old a shared result may be, ms; undefined if the step takes and gives none. */
export function cacheTtl({ cache }: StepOptions): number | undefined {
  if (!cache) return undefined;
  return cache === true ? Number.POSITIVE_INFINITY : durationMs(cache.ttl, "cache.ttl");
}

let jobs = 0;

/** The job of one attempt, with an id of its own. */
export function jobOf(spec: TaskStepSpec, run: RunId, attempt: number): Job {
  const { place, work, params, refs, options, idempotencyKey, restarted, failedBefore } = spec;
  return {
    id: ++jobs,
    run,
    key: place.key,
    node: place.node,
    identity: place.identity,
    task: work.task,
    module: work.module,
    exportName: work.exportName,
    params,
    attempt,
    attempts: attemptsOf(options.retry),
    restarted: restarted && attempt === (failedBefore?.attempt ?? 0) + 1,
    idempotencyKey,
    graceMs: durationMs(options.grace ?? DEFAULT_GRACE, "grace"),
    ...(work.emits === undefined ? {} : { emits: work.emits }),
    ...(options.timeout === undefined ? {} : { timeoutMs: durationMs(options.timeout, "timeout") }),
    ...(options.maxResultBytes === undefined ? {} : { maxResultBytes: options.maxResultBytes }),
    ...(options.io ? { io: true } : {}),
    ...(options.memory === undefined ? {} : { memoryMiB: options.memory }),
    ...(refs.length === 0 ? {} : { refs: refs.map(jobRef) }),
    ...(work.command ? { command: { kind: work.command.kind, ...commandAttempt(spec, work.command, attempt) } } : {}),
  };
}

function commandAttempt(
  { idempotencyKey, place: { identity }, anewAfter, options: { resources = {}, tags = [] } }: TaskStepSpec,
  { runStartedAt }: NonNullable<StepWork["command"]>,
  attempt: number,
): CommandAttempt {
  return {
    attemptKey: attemptKey({ idempotencyKey, identity, runStartedAt, anewAfter, attempt }),
    resources,
    tags,
  };
}

function jobRef(ref: Ref): JobRef {
  const { stored } = Ref.contentOf(ref);
  return { hash: ref.hash, bytes: stored.file ?? stored.read() };
}
