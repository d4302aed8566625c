/** Loggers: the short way to an observer for whoever wants lines, with who says them, and nothing else. */
import {
  formatCount,
  type LogLevel,
  type Observer,
  type RunEvent,
  type RunId,
  type SettledState,
  type StepKey,
  type StepRef,
  stepLabel,
} from "@millrace/core";
import { logLine } from "./event-line.js";
import { type Lifecycle, lifecycleCalls } from "./lifecycle.js";
import { nameOfTarget } from "./name-of-target.js";
import { OrderedCalls } from "./ordered-calls.js";
import { isLast, type RunMoment, RunMoments } from "./run-moments.js";

/** Who speaks: a step, or the run itself. */
export interface LogSource {
  readonly run: RunId;
  /** Flow id, or name of a job graph. */
  readonly flow: string;
  /** Label of the step, `FetchForecast[Oslo]`; of the run, its flow. */
  readonly name: string;
  /** Absent for the run. */
  readonly step?: StepRef;
  /** ms since 1970. */
  readonly at: number;
}

/** A line. */
export interface LogWrite extends LogSource {
  readonly severity: LogLevel;
  readonly message: string;
  /** From 1; absent for the run, and for what is said after the step has ended. */
  readonly attempt?: number;
  /** Stack of the error that the line tells of. */
  readonly stack?: string;
  /** Set if the engine speaks and not the author's code: the event behind the line. */
  readonly event?: RunEvent["type"];
}

/** A source falls silent. */
export interface LogEnd extends LogSource {
  /** How the step ended; absent for the run, and for steps of a run that stops before they end. */
  readonly state?: SettledState;
}

/**
 * Gets lines. An object or a class that implements it; methods may be asynchronous, and each is called when the one before is
 * done. One that throws, or is not done 10 s after the engine's close, is reported and called no more: no run feels it.
 */
export interface Logger extends Lifecycle {
  /** For messages. Default: name of the class. */
  readonly name?: string;
  /** A run begins to speak, after `onCreate`; a step, when its first attempt runs. */
  start?(source: LogSource): void | Promise<void>;
  /** What code says, attempts and steps that fail, warnings, and the life of the run; steps that go well leave no line. */
  write(line: LogWrite): void | Promise<void>;
  /** After the last line of a source. Steps end before their run does, which then goes through `onSuccess` or another one. */
  end?(source: LogEnd): void | Promise<void>;
}

/** The observer that a logger is. Lines are left out, with a line that says how many, while 10,000 calls wait for it. */
export function logger(target: Logger): Observer {
  return new LoggerObserver(target);
}

/** What a run's steps have open. */
type OpenSteps = Map<StepKey, { readonly source: LogSource; attempt: number }>;

class LoggerObserver implements Observer {
  readonly name: string;
  readonly #target: Logger;
  readonly #calls = new OrderedCalls();
  readonly #moments = new RunMoments();
  readonly #steps = new Map<RunId, OpenSteps>();
  /** Lines that were left out, and who said the first of them. */
  #dropped: { count: number; readonly source: LogSource } | undefined;
  #closed = false;

  constructor(target: Logger) {
    this.#target = target;
    this.name = nameOfTarget(target, "logger");
  }

  on(event: RunEvent): void {
    if (this.#closed) return;
    const flow = this.#moments.flowOf(event.run);
    const moment = this.#moments.of(event);
    if (moment && !isLast(moment)) this.#begin(moment);
    if (event.type === "step-running") this.#running(event, flow);
    this.#write(event, moment?.flow ?? flow);
    if (event.type === "step-settled") this.#endStep(event.run, event.step.key, event);
    if (moment && isLast(moment)) this.#end(moment);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#tellDropped();
    await this.#calls.finish();
  }

  #begin(moment: RunMoment): void {
    this.#steps.set(moment.run, new Map());
    for (const call of lifecycleCalls(this.#target, moment)) this.#calls.add(call);
    const source = sourceOf(moment, moment.flow);
    this.#calls.add(() => this.#target.start?.(source));
  }

  #running(event: Extract<RunEvent, { type: "step-running" }>, flow: string): void {
    const steps = this.#steps.get(event.run);
    const open = steps?.get(event.step.key);
    if (open) open.attempt = event.attempt;
    if (!steps || open) return;
    const source = sourceOf(event, flow);
    steps.set(event.step.key, { source, attempt: event.attempt });
    this.#calls.add(() => this.#target.start?.(source));
  }

  #write(event: RunEvent, flow: string): void {
    const line = logLine(event);
    if (!line) return;
    const source = sourceOf(event, flow);
    if (this.#calls.full) {
      this.#dropped ??= { count: 0, source };
      this.#dropped.count += 1;
      return;
    }
    this.#tellDropped();
    const attempt = line.key && this.#steps.get(event.run)?.get(line.key)?.attempt;
    this.#tell({
      ...source,
      severity: line.level,
      message: line.text,
      ...(attempt ? { attempt } : {}),
      ...(line.stack === undefined ? {} : { stack: line.stack }),
      ...(line.event === undefined ? {} : { event: line.event }),
    });
  }

  #endStep(run: RunId, key: StepKey, end: { readonly at: number; readonly state?: SettledState }): void {
    const steps = this.#steps.get(run);
    const open = steps?.get(key);
    if (!open) return;
    steps?.delete(key);
    const { at, state } = end;
    const source = { ...open.source, at, ...(state ? { state } : {}) };
    this.#calls.add(() => this.#target.end?.(source));
  }

  #end(moment: RunMoment): void {
    const { run, at } = moment;
    for (const key of this.#steps.get(run)?.keys() ?? []) this.#endStep(run, key, { at });
    this.#steps.delete(run);
    const source = sourceOf(moment, moment.flow);
    this.#calls.add(() => this.#target.end?.(source));
    for (const call of lifecycleCalls(this.#target, moment)) this.#calls.add(call);
  }

  #tellDropped(): void {
    if (!this.#dropped) return;
    const { count, source } = this.#dropped;
    this.#dropped = undefined;
    const message = `${formatCount(count, "line")} of this log did not fit: more came than the logger took.`;
    this.#tell({ ...source, severity: "warn", message });
  }

  #tell(line: LogWrite): void {
    this.#calls.add(() => this.#target.write(line));
  }
}

function sourceOf(
  event: { readonly run: RunId; readonly at: number; readonly step?: StepRef },
  flow: string,
): LogSource {
  const { run, at, step } = event;
  return { run, flow, name: step ? stepLabel(step) : flow, at, ...(step ? { step } : {}) };
}
