/**
 * The thread's side of a lane: takes batches of jobs, runs them one at a time in order, and reports. One channel at a
 * time is open in a thread; entry.ts opens it, executors/threads talks to it.
 */
import type { MessagePort } from "node:worker_threads";
import type { AbortReason, LogLevel, SharedAnswer, SharedEntry } from "@millrace/core";
import { bug, systemClock } from "@millrace/core/thread";
import { type AttemptJob, type LoadedTask, loadTask } from "../attempt/load-task.js";
import type { OpenResources } from "../attempt/open-resources.js";
import { type Attempt, type AttemptHost, startAttempt } from "../attempt/run-attempt.js";
import { isOurs } from "../wire/brand.js";
import { claim, finish } from "../wire/claims.js";
import { unframed } from "../wire/framed.js";
import type { ChannelStart, ToThread, WireAnswer, WireJob } from "../wire/to-thread.js";
import { bytesFromWire } from "../wire/wire-bytes.js";
import { refFromWire } from "../wire/wire-ref.js";
import { holdsTooMuch } from "./held-memory.js";
import { Outbox, type Settling } from "./outbox.js";
import type { SliceMeter, SliceWatch } from "./slice-meter.js";
import { isKnownShort, noteDuration } from "./task-durations.js";

/** Jobs that follow each other without a pause let messages in and results out after so long, ms. */
const SLICE_MS = 2;

/** A job in its batch. */
interface Queued {
  readonly wire: WireJob;
  readonly frame: ArrayBuffer;
  readonly claims: Int32Array;
  readonly slot: number;
}

/** The attempt in hand. */
interface Current {
  readonly id: number;
  readonly startedAt: number;
  /** Main has been told of the claim. */
  announced: boolean;
  /** Main waits for its end, with the grace period running. */
  awaited: boolean;
  /** Undefined for the moment in which user code has been entered and has not come back yet. */
  attempt?: Attempt;
}

/** What the channels of a thread share. */
export interface ChannelThread {
  readonly resources: OpenResources;
  readonly meter: SliceMeter;
  /** Tells whether nobody else works in this thread. */
  alone(): boolean;
}

/** One open channel. */
export class Channel {
  /** Fulfils when main has closed the channel. */
  readonly ended: Promise<void>;
  readonly #port: MessagePort;
  readonly #outbox: Outbox;
  readonly #thread: ChannelThread;
  readonly #recycleMiB: number | undefined;
  #queue: Queued[] = [];
  #next = 0;
  #current: Current | undefined;
  #working = false;
  /** Set when code of an attempt could not be stopped, or the thread holds too much memory: main ends the thread. */
  #retired = false;

  constructor({ port, recycleMiB }: ChannelStart, thread: ChannelThread) {
    this.#recycleMiB = recycleMiB;
    this.#port = port;
    this.#thread = thread;
    this.#outbox = new Outbox(port, () => this.#announce());
    this.ended = new Promise((resolve) => {
      port.on("message", (message: unknown) => {
        if (!isOurs(message)) return;
        // Branded, and main speaks nothing else on this port.
        if (this.#receive(message as ToThread) === "end") resolve();
      });
    });
    this.#outbox.hello();
    thread.resources.onHold = () => this.#outbox.holding();
  }

  /** The attempt whose code may be running now. */
  get attempt(): Attempt | undefined {
    return this.#current?.attempt;
  }

  #receive(message: ToThread): "end" | undefined {
    switch (message.type) {
      case "jobs": {
        const claims = new Int32Array(message.claims);
        const { frame } = message;
        for (const [slot, wire] of message.jobs.entries()) this.#queue.push({ wire, frame, claims, slot });
        if (!this.#working) void this.#workOff();
        return undefined;
      }
      case "abort":
        this.#abort(message.id, message.reason);
        return undefined;
      case "answer":
        if (this.#current?.id === message.id)
          this.#current.attempt?.answer(message.request, answerOf(message.answer, message.frame));
        return undefined;
      case "end":
        this.#outbox.close();
        this.#port.close();
        return "end";
      default:
        throw bug("A lane sent an unknown message.", { message: message satisfies never });
    }
  }

  #abort(id: number, reason: AbortReason): void {
    const current = this.#current;
    if (current?.id !== id) return;
    current.awaited = true;
    current.attempt?.abort(reason);
  }

  async #workOff(): Promise<void> {
    this.#working = true;
    let turn = performance.now();
    while (!this.#retired) {
      const job = this.#take();
      if (!job) break;
      await this.#run(job);
      if (performance.now() - turn < SLICE_MS) continue;
      this.#outbox.flush();
      if (holdsTooMuch(this.#recycleMiB)) break;
      await new Promise((resolve) => setImmediate(resolve));
      turn = performance.now();
    }
    if (!this.#retired && holdsTooMuch(this.#recycleMiB)) await this.#wearOut();
    this.#working = false;
    this.#outbox.flush();
  }

  /** Leaves what is queued to another thread. */
  async #wearOut(): Promise<void> {
    this.#retired = true;
    this.#outbox.flush();
    const problems = await this.#closeResources();
    for (const problem of problems) process.stderr.write(`${problem}\n`);
    this.#outbox.worn();
  }

  /** Before main ends the thread; what others use stays open. */
  async #closeResources(): Promise<readonly string[]> {
    const { resources, alone } = this.#thread;
    return alone() ? resources.close(systemClock) : [];
  }

  /** The next job that main has not taken back; it is claimed. */
  #take(): Queued | undefined {
    while (this.#next < this.#queue.length) {
      const queued = this.#queue[this.#next++];
      if (queued && claim(queued.claims, queued.slot)) return queued;
    }
    this.#queue = [];
    this.#next = 0;
    return undefined;
  }

  async #run(queued: Queued): Promise<void> {
    const { wire } = queued;
    const startedAt = Date.now();
    const current: Current = { id: wire.id, startedAt, announced: false, awaited: false };
    this.#current = current;
    // Before user code runs, since it may block the thread for long.
    if (wire.timeoutMs !== undefined || !isKnownShort(wire.task)) this.#announceNow(current);
    // Otherwise a job that outlasts the turn is announced by then.
    else this.#outbox.schedule();
    const { alone, meter } = this.#thread;
    const load = isKnownShort(wire.task) || !alone() ? undefined : performance.eventLoopUtilization();
    let watch: SliceWatch | undefined;
    const host = this.#hostOf(wire.id, () => watch?.restart());
    const begin = (): Attempt => startAttempt(jobOf(queued), host);
    const start = performance.now();
    const begun = wire.io ? meter.start(begin) : { attempt: begin(), watch: undefined };
    current.attempt = begun.attempt;
    watch = begun.watch;
    const { outcome, leftRunning } = await begun.attempt.ended;
    const slices = watch?.end();
    const elapsed = performance.now() - start;
    noteDuration(wire.task, elapsed);
    finish(queued.claims, queued.slot);
    this.#current = undefined;
    const settling: Settling = {
      id: wire.id,
      startedAt,
      endedAt: startedAt + elapsed,
      ...(load ? { busyMs: performance.eventLoopUtilization(load).active } : {}),
      ...(slices ? { slices } : {}),
    };
    if (leftRunning) {
      this.#retired = true;
      // Main ends the thread when it hears of it, unless others use it.
      const problems = await this.#closeResources();
      for (const problem of problems) this.#log(wire.id, "error", problem);
    }
    this.#outbox.settle(leftRunning ? { ...settling, leftRunning } : settling, outcome);
    // The next job may block the thread for longer than the grace lasts.
    if (current.awaited) this.#outbox.flush();
  }

  #announce(): void {
    const current = this.#current;
    if (!current || current.announced) return;
    current.announced = true;
    this.#outbox.add({ type: "claimed", id: current.id, at: current.startedAt });
  }

  #announceNow(current: Current): void {
    current.announced = true;
    this.#outbox.add({ type: "claimed", id: current.id, at: current.startedAt });
    this.#outbox.flush();
  }

  /** @param onImported Called if the module had to be imported, before the attempt's own code begins. */
  #hostOf(id: number, onImported: () => void): AttemptHost {
    return {
      clock: systemClock,
      load: (job) => loadedTask(job, onImported),
      resources: this.#thread.resources,
      log: (level, text) => this.#log(id, level, text),
      ask: (request, ask) => {
        this.#announce();
        this.#outbox.ask(id, request, ask);
      },
      chunk: (value) => {
        this.#announce();
        this.#outbox.chunk(id, value);
      },
      progress: (fraction, message) => {
        this.#announce();
        this.#outbox.add({
          type: "progress",
          id,
          ...(fraction === undefined ? {} : { fraction }),
          ...(message === undefined ? {} : { message }),
        });
      },
    };
  }

  #log(id: number, level: LogLevel, text: string): void {
    this.#announce();
    if (this.#outbox.add({ type: "log", id, level, text, at: Date.now() })) return;
    // The step and its channel are gone; what a leftover of it says is still worth reading.
    process.stderr.write(`${text}\n`);
  }
}

function loadedTask(job: AttemptJob, onImported: () => void): LoadedTask | Promise<LoadedTask> {
  const found = loadTask(job);
  if (!(found instanceof Promise)) return found;
  return found.then((task) => {
    onImported();
    return task;
  });
}

function answerOf(answer: WireAnswer, frame: ArrayBuffer): SharedAnswer {
  if (answer.type === "refused") return answer;
  return { type: "entries", entries: answer.entries.map((entry) => unframed<SharedEntry>(entry, frame)) };
}

function jobOf({ wire, frame }: Queued): AttemptJob {
  const params = bytesFromWire(wire.params, frame);
  const refs = wire.refs?.map((ref) => refFromWire(ref, frame));
  // Safe: the message is this thread's own, and these were all that told it from a job.
  return Object.assign(wire, { params, refs }) as unknown as AttemptJob;
}
