/** `Scheduler`: jobs that wait for each other, as one run. It is a job itself, so that it can stand in another one. */
import {
  type Duration,
  type JobGraph,
  keepNodes,
  type LocalFunction,
  MillraceError,
  reachedBy,
  type ToJobGraph,
} from "@millrace/core";
import { checkKept, checkScheduler, cycleAmong, foreignTo } from "./check-scheduler.js";
import { drawPicture, drawText, type TextFormat } from "./draw-scheduler.js";
import { JobBase } from "./job-base.js";
import { type JobLine, linesOf } from "./job-lines.js";
import type { AnyJob, JobSet, Jobs, JobWork } from "./job-model.js";
import { inOrder, orderJobs, requirementsOf, skeletonOf } from "./job-order.js";
import { Outcome } from "./outcome.js";
import type { ListOptions } from "./outcome-text.js";
import { groupsIn, splitOptions } from "./requirement.js";
import { saidOfJobs } from "./said-of-jobs.js";
import { type FollowOptions, ScheduledRun } from "./scheduled-run.js";
import { type Between, checkOptions, type ReachOptions, type SchedulerOptions } from "./scheduler-options.js";
import type { ResumingEngine, RunOptions, SchedulingEngine } from "./scheduling-engine.js";
import { SharedScope } from "./shared-scope.js";
import { type WrittenScheduler, writeGraph } from "./write-graph.js";

/** Jobs and what they require of each other. Its result, as a job: those of the jobs that no other requires, by id. */
export class Scheduler extends JobBase<Readonly<Record<string, unknown>>> implements JobSet, ToJobGraph {
  readonly window: number | undefined;
  readonly timeout: Duration | undefined;
  readonly work: JobWork = { type: "jobs", scheduler: this };
  readonly #jobs = new Set<AnyJob>();

  /** Jobs, sequences, lists of them; options may stand last. @throws MillraceError `scheduler-invalid`, see `add`. */
  constructor(...given: readonly (Jobs | SchedulerOptions)[]) {
    const [groups, options = {}] = splitOptions<SchedulerOptions>(given);
    super(options, "scheduler");
    checkOptions(this.label, options);
    this.window = options.window;
    this.timeout = options.timeout;
    this.add(groups);
  }

  get jobs(): readonly AnyJob[] {
    return [...this.#jobs];
  }

  get allJobs(): readonly AnyJob[] {
    return this.jobs.flatMap((job) => [job, ...(job instanceof Scheduler ? job.allJobs : [])]);
  }

  /** In topological order, stable. */
  [Symbol.iterator](): Iterator<AnyJob> {
    return inOrder(this.jobs)[Symbol.iterator]();
  }

  /** Takes jobs in. @throws MillraceError `scheduler-invalid` if one belongs to another scheduler, or this one to it. */
  add(...jobs: readonly Jobs[]): this {
    for (const job of groupsIn(jobs).flatMap((group) => group.members())) {
      if (job === this || (job instanceof Scheduler && job.allJobs.includes(this))) {
        throw new MillraceError("scheduler-invalid", `${job.label} cannot be a job of ${this.label}, which is in it.`, {
          hint: "Schedulers stand in each other as boxes do.",
          data: { job: job.label, scheduler: this.label },
        });
      }
      job.joins(this);
      this.#jobs.add(job);
    }
    return this;
  }

  /** Puts jobs out, and nothing in their place: who required them does so no longer. */
  remove(...jobs: readonly Jobs[]): this {
    for (const job of this.#own(jobs)) {
      this.#jobs.delete(job);
      job.leaves();
      for (const other of this.#jobs) if (other.required.has(job)) other.requires(job, { remove: true });
    }
    return this;
  }

  /** Puts jobs out; who required one now requires what that one did. */
  bypassAndRemove(...jobs: readonly Jobs[]): this {
    const bypassed = new Set(this.#own(jobs));
    return this.keepOnly(this.jobs.filter((job) => !bypassed.has(job)));
  }

  /**
   * Puts all others out. What is kept waits for each other as before, also where it did so through others.
   * @throws MillraceError `scheduler-invalid` if nothing would be left, or one takes the result of a job that would be put out.
   */
  keepOnly(...jobs: readonly Jobs[]): this {
    const all = this.jobs;
    const kept = new Set(this.#own(jobs));
    checkKept(this, kept);
    const ids = new Set(all.flatMap((job, i) => (kept.has(job) ? [String(i)] : [])));
    const { edges } = keepNodes(skeletonOf(all), ids);
    this.remove(all.filter((job) => !kept.has(job)));
    for (const { from, to, policy = "skip-dependents" } of edges) {
      const [required, job] = [all[Number(from)], all[Number(to)]];
      if (job && required && !requirementsOf(job).has(required))
        job.requires(required, { policy: policy === "fail-fast" ? "skip-dependents" : policy });
    }
    return this;
  }

  /** Keeps a part: what is behind `from` and before `to`. */
  keepOnlyBetween({ from, to, exclusive = false }: Between): this {
    const [starts, ends] = [
      from === undefined ? undefined : this.#own([from]),
      to === undefined ? undefined : this.#own([to]),
    ];
    const behind = starts && new Set([...starts, ...this.successors(starts)]);
    const before = ends && new Set([...ends, ...this.predecessors(ends)]);
    const edge = exclusive ? new Set([...(starts ?? []), ...(ends ?? [])]) : new Set<AnyJob>();
    return this.keepOnly(
      this.jobs.filter((job) => (behind?.has(job) ?? true) && (before?.has(job) ?? true) && !edge.has(job)),
    );
  }

  /** Jobs that require nothing. */
  get entryJobs(): readonly AnyJob[] {
    const { before } = orderJobs(this.jobs);
    return this.jobs.filter((_, i) => before[i]?.length === 0);
  }

  /** Jobs that none requires. */
  get exitJobs(): readonly AnyJob[] {
    const { after } = orderJobs(this.jobs);
    return this.jobs.filter((_, i) => after[i]?.length === 0);
  }

  /** All that jobs require, also through others; options may stand last. */
  predecessors(...given: readonly (Jobs | ReachOptions)[]): readonly AnyJob[] {
    return this.#reached("before", given);
  }

  /** All that require jobs, also through others; options may stand last. */
  successors(...given: readonly (Jobs | ReachOptions)[]): readonly AnyJob[] {
    return this.#reached("after", given);
  }

  /** True if no job waits for itself, in inner schedulers neither. */
  checkCycles(): boolean {
    return !cycleAmong(this.jobs) && this.jobs.every((job) => !(job instanceof Scheduler) || job.checkCycles());
  }

  /** Drops requirements that lead out of their scheduler, in inner schedulers, too; gives those that it dropped. */
  sanitize(): readonly { readonly job: AnyJob; readonly required: AnyJob }[] {
    const dropped = foreignTo(this).filter(({ job, required }) => job.required.has(required));
    for (const { job, required } of dropped) job.requires(required, { remove: true });
    return [...dropped, ...this.jobs.flatMap((job) => (job instanceof Scheduler ? job.sanitize() : []))];
  }

  /** The document. @throws MillraceError `scheduler-invalid`, with all that is wrong. */
  toJobGraph(): JobGraph {
    return this.#written().graph;
  }

  /**
   * One line for each job, none of which has begun; as `list` of an outcome. Also of a scheduler that cannot be run: what is in a cycle or
   * behind one comes last.
   */
  list(options: ListOptions = {}): string {
    return new Outcome({ scheduler: this, lines: linesOf(this), reports: new Map() }).list(options);
  }

  /**
   * Its drawing: schedulers are clusters, critical jobs red, what runs forever dashed. A picture comes later, since its layout has to be
   * loaded. @throws as `toJobGraph`.
   */
  draw(format: TextFormat): string;
  draw(format: "svg"): Promise<string>;
  draw(format: TextFormat | "svg"): string | Promise<string> {
    const written = this.#written();
    return format === "svg" ? drawPicture(written) : drawText(written, format);
  }

  /**
   * Functions of the local jobs, for `engine.resume(id, { locals })`.
   * @throws MillraceError `scheduler-invalid`, also if jobs share resources: who follows the run closes them.
   */
  get locals(): Readonly<Record<string, LocalFunction>> {
    const using = this.allJobs.find(({ work }) => work.type === "local" && work.uses.length > 0);
    if (using) {
      throw new MillraceError(
        "scheduler-invalid",
        `${using.label} uses resources, which have to be closed when the run is over.`,
        {
          hint: "Start it with scheduler.start(engine) or scheduler.run(engine), which see to that.",
          data: { job: using.label },
        },
      );
    }
    return this.#written().locals;
  }

  /** Tasks and flows of the jobs. */
  get classes(): readonly unknown[] {
    return this.#written().classes;
  }

  /** Starts a run of its own. @throws MillraceError `scheduler-invalid`, and what `engine.start` throws. */
  start(engine: SchedulingEngine, { id, ifExists, ...options }: RunOptions & FollowOptions = {}): ScheduledRun {
    const { graph, locals, classes, ...prepared } = this.#prepare();
    const named = { ...(id === undefined ? {} : { id }), ...(ifExists === undefined ? {} : { ifExists }) };
    const run = saidOfJobs(this, () => engine.start({ toJobGraph: () => graph, locals, classes }, named));
    return new ScheduledRun({ scheduler: this, ...prepared, run }, options);
  }

  /**
   * Goes on with one of its runs, which may be another process's: what succeeded is not done again.
   * @throws MillraceError `scheduler-invalid`, and what `engine.resume` throws.
   */
  async resume(engine: ResumingEngine, id: string, options: FollowOptions = {}): Promise<ScheduledRun> {
    const { locals, ...prepared } = this.#prepare();
    return new ScheduledRun({ scheduler: this, ...prepared, run: await engine.resume(id, { locals }) }, options);
  }

  /** Runs it, and tells what became of it: a failure is an outcome. @throws what `start` throws; what the run lost its store or owner to. */
  async run(engine: SchedulingEngine, options: RunOptions & FollowOptions = {}): Promise<Outcome> {
    return this.start(engine, options).outcome();
  }

  /** Everything for one run. */
  #prepare(): WrittenScheduler & { readonly scope: SharedScope; readonly lines: readonly JobLine[] } {
    checkScheduler(this);
    const scope = new SharedScope(this.allJobs);
    return { ...writeGraph(this, scope), scope, lines: linesOf(this) };
  }

  /** For runs that this scheduler does not follow. */
  #written(): WrittenScheduler {
    checkScheduler(this);
    return writeGraph(this, new SharedScope([]));
  }

  #reached(side: "before" | "after", given: readonly (Jobs | ReachOptions)[]): readonly AnyJob[] {
    const [jobs, { direct = false } = {}] = splitOptions<ReachOptions>(given);
    const all = this.jobs;
    const arcs = orderJobs(all)[side];
    const starts = this.#own(jobs).flatMap((job) => (arcs[all.indexOf(job)] ?? []).map(({ node }) => node));
    const found = direct ? new Set(starts) : reachedBy(arcs, starts);
    return all.filter((_, i) => found.has(i));
  }

  /** @throws MillraceError `scheduler-invalid` if one is none of its jobs. */
  #own(jobs: readonly Jobs[]): readonly AnyJob[] {
    return groupsIn(jobs)
      .flatMap((group) => group.members())
      .map((job) => {
        if (this.#jobs.has(job)) return job;
        throw new MillraceError("scheduler-invalid", `${job.label} is no job of ${this.label}.`, {
          hint: "Name jobs that stand in it directly: an inner scheduler has its own.",
          data: { job: job.label, scheduler: this.label },
        });
      });
  }
}
