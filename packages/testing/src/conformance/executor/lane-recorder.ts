/** A lane with everything it said, and jobs for it. Waiting is by event, never by time. */
import {
  decodeError,
  decodeValue,
  type Executor,
  encodeValue,
  type Identity,
  type Job,
  type JobOutcome,
  type Lane,
  type LaneEvent,
  type RunId,
  type StepKey,
} from "@millrace/core";

/** A settled event. */
export type Settled = Extract<LaneEvent, { type: "settled" }>;

/** Unique in this process, as an engine's are. */
let ids = 0;

/** Task classes that every executor can run: those of the suite. */
const SUITE_TASKS = new URL("../loaded/suite-tasks.js", import.meta.url).href;

/** A job for a task class of the suite, or of another `module`: the export of that name, with its parameters. */
export function jobFor(exportName: string, params: object = {}, more: Partial<Job> = {}): Job {
  ids += 1;
  // Safe, all casts: to an executor these are opaque texts.
  return {
    id: ids,
    run: "run-1" as RunId,
    key: `F/F.run%23${exportName}/${ids}` as StepKey,
    node: `F.run#${exportName}`,
    identity: "identity" as Identity,
    task: exportName,
    module: SUITE_TASKS,
    exportName,
    params: encodeValue(params),
    attempt: 1,
    attempts: 1,
    restarted: false,
    idempotencyKey: "0123456789abcdef0123456789abcdef",
    graceMs: 30_000,
    ...more,
  };
}

/** The value of a successful outcome. */
export function resultOf(outcome: JobOutcome): unknown {
  if (outcome.type !== "succeeded") throw new Error(`expected success, got ${errorOf(outcome).message}`);
  return decodeValue(outcome.value);
}

/** The error of another outcome. */
export function errorOf(outcome: JobOutcome): Error & { readonly code?: string } {
  if (outcome.type === "succeeded") throw new Error("expected an error, got success");
  // Safe: codes of Millrace's and Node's errors are text, and others have none.
  return decodeError(outcome.error) as Error & { readonly code?: string };
}

/** One lane under observation. */
export class LaneRecorder {
  /** The lane itself. */
  readonly lane: Lane;
  /** Everything it reported, in order. */
  readonly events: LaneEvent[] = [];
  /** Jobs that were settled or returned so far. */
  ended = 0;
  #waiters: (() => void)[] = [];

  /** Opens a lane of an executor. */
  constructor(executor: Executor) {
    this.lane = executor.openLane((events) => {
      this.events.push(...events);
      for (const event of events) {
        if (event.type === "settled") this.ended += 1;
        if (event.type === "returned") this.ended += event.ids.length;
      }
      for (const check of [...this.#waiters]) check();
    });
  }

  /** The first event, past or future, for which `test` holds. */
  until<E extends LaneEvent>(test: (event: LaneEvent) => event is E): Promise<E>;
  until(test: (event: LaneEvent) => boolean): Promise<LaneEvent>;
  until(test: (event: LaneEvent) => boolean): Promise<LaneEvent> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = this.events.find(test);
        if (!found) return;
        this.#waiters = this.#waiters.filter((waiter) => waiter !== check);
        resolve(found);
      };
      this.#waiters.push(check);
      check();
    });
  }

  /** The end of a job. */
  settled(job: Job): Promise<Settled> {
    return this.until((event): event is Settled => event.type === "settled" && event.id === job.id);
  }

  /** Pushes jobs and waits for their ends. */
  async run<J extends readonly Job[]>(...jobs: J): Promise<{ [K in keyof J]: JobOutcome }> {
    this.lane.push(jobs);
    const ends = await Promise.all(jobs.map((job) => this.settled(job)));
    // Safe: there is one end for each job, in their order.
    return ends.map((end) => end.outcome) as { [K in keyof J]: JobOutcome };
  }

  /** A line of a job. */
  line(job: Job, text: string): Promise<LaneEvent> {
    return this.until((event) => event.type === "log" && event.id === job.id && event.text === text);
  }

  /** All lines of a job so far, of one level if given. */
  lines(job: Job, level?: string): string[] {
    return this.events.flatMap((event) =>
      event.type === "log" && event.id === job.id && (level === undefined || event.level === level) ? [event.text] : [],
    );
  }

  /** Ids that were reported returned, in order. */
  returned(reason?: string): number[] {
    return this.events.flatMap((event) =>
      event.type === "returned" && (reason === undefined || event.reason === reason) ? event.ids : [],
    );
  }

  /** Types of the events of a job, in order. */
  types(job: Job): string[] {
    return this.events.flatMap((event) => {
      if (event.type === "broken") return [];
      if (event.type === "returned") return event.ids.includes(job.id) ? ["returned"] : [];
      return event.id === job.id ? [event.type] : [];
    });
  }
}
