/**
 * Main's side of one channel: moves messages to and from one borrowed thread. It knows nothing of jobs; the lane does.
 *
 *   starting ──hello──▶ open ──ended, died, killed──▶ closed
 *      └────── no hello in time, died, killed ──────────▲
 */
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { bug, type Clock, systemClock } from "@millrace/core";
import { settlesWithin } from "../../attempt/settles-within.js";
import { isOurs, WIRE } from "../../wire/brand.js";
import type { FromThread, WireEvent } from "../../wire/from-thread.js";
import type { ToThread } from "../../wire/to-thread.js";
import type { ThreadLimits, ThreadPool, ThreadRun } from "./thread-pool.js";

/** Who hears of a channel. Nothing is said about a channel that has been closed or killed. */
export interface ChannelListener {
  /** The thread has come up. */
  opened(): void;
  /** Things that happened in the thread, with the bytes of outcomes. */
  events(events: readonly WireEvent[], frame: ArrayBuffer | undefined): void;
  /** The thread did not come up; what was sent has not been read by anybody who could have started it. */
  startFailed(error: Error): void;
  /** The thread holds too much memory: it takes no further job, and waits for its end. */
  worn(): void;
  /** The thread has died. Everything it had said before has been delivered. */
  died(error: Error): void;
}

/** What a channel needs. */
export interface ChannelOptions {
  readonly pool: ThreadPool;
  readonly clock: Clock;
  /** Longest time to the thread's first word, ms. */
  readonly startTimeoutMs: number;
  readonly listener: ChannelListener;
  /** Of a thread that is used once. */
  readonly limits: ThreadLimits | undefined;
  /** How much its thread may hold after a step, MiB; undefined: a share of its heap's limit. */
  readonly recycleMiB: number | undefined;
}

/** How long a thread may take to show that it lives, ms. */
const ANSWER_MS = 1_000;

/** One channel. */
export class ThreadChannel {
  readonly #listener: ChannelListener;
  readonly #clock: Clock;
  readonly #port: MessagePort;
  readonly #run: ThreadRun;
  readonly #cancelStart: () => void;
  #state: "starting" | "open" | "closed" = "starting";
  /** The thread has said that it holds resources. */
  #holds = false;
  /** Main has asked for the end of the run. */
  #endAsked = false;

  constructor({ pool, clock, startTimeoutMs, listener, limits, recycleMiB }: ChannelOptions) {
    this.#listener = listener;
    this.#clock = clock;
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    const start = { wire: WIRE, port: port2, ...(recycleMiB === undefined ? {} : { recycleMiB }) } as const;
    this.#run = pool.borrow(start, limits);
    this.#cancelStart = clock.after(startTimeoutMs, () => {
      if (this.#state === "starting") this.#failStart(new Error(`no answer within ${startTimeoutMs} ms`));
    });
    port1.on("message", (message: unknown) => this.#receive(message));
    void this.#run.ended.then((end) => this.#ended(end?.died));
    void this.#run.startFailed.then((error) => {
      // Its first word may be on the way: then it was another thread.
      this.drain();
      if (this.#state === "starting") this.#failStart(error);
    });
  }

  /** True if its thread is not to be used for anything new. */
  get retired(): boolean {
    return this.#run.retired;
  }

  /** Whether the thread shows in time that its code lets go of it now and then. */
  answers(): Promise<boolean> {
    // Of a thread that ends meanwhile its users hear otherwise.
    return settlesWithin(this.#run.answers(), this.#clock, ANSWER_MS);
  }

  /** Ends the thread with all that others do in it, and lets each of them hear of it. */
  killAll(): void {
    this.#run.killAll();
  }

  /** True if the thread should get time to close what it holds. */
  get holds(): boolean {
    return this.#holds;
  }

  /** Sends a message; kept until the thread is up. Its frame is transferred. */
  send(message: ToThread): void {
    if (this.#state === "closed") return;
    this.#port.postMessage(message, "frame" in message ? [message.frame] : []);
  }

  /** Delivers at once what the thread has said so far. */
  drain(): void {
    if (this.#state === "closed") return;
    for (let next = receiveMessageOnPort(this.#port); next; next = receiveMessageOnPort(this.#port)) {
      this.#receive(next.message);
    }
  }

  /** Ends the run and leaves the thread warm; to be called with nothing in flight. Fulfils when the thread is free. */
  async end(): Promise<void> {
    if (this.#state === "closed") return;
    if (!this.#endAsked) this.send({ wire: WIRE, type: "end" });
    this.#endAsked = true;
    await this.#run.ended;
  }

  /** As end; a thread that does not answer in time is ended. */
  async endWithin(ms: number): Promise<void> {
    const cancel = systemClock.after(ms, () => this.kill());
    await this.end();
    cancel();
  }

  /** Ends the thread. Nothing more is heard of it. */
  kill(): void {
    if (this.#state === "closed") return;
    this.#close();
    this.#run.kill();
  }

  #receive(message: unknown): void {
    // A message of a dead channel may still be in the queue of the event loop.
    if (this.#state === "closed" || !isOurs(message)) return;
    // Branded, and our threads speak nothing else on this port.
    const ours = message as FromThread;
    switch (ours.type) {
      case "hello":
        this.#state = "open";
        this.#cancelStart();
        this.#run.started();
        this.#listener.opened();
        return;
      case "holding":
        this.#holds = true;
        this.#run.holding();
        return;
      case "worn":
        this.#listener.worn();
        return;
      case "events":
        this.#listener.events(ours.events, ours.frame);
        return;
      default:
        throw bug("A worker thread sent an unknown message.", { message: ours satisfies never });
    }
  }

  #ended(died: Error | undefined): void {
    if (this.#state === "closed") return;
    this.drain();
    // The listener may have killed the channel over what it heard.
    if ((this.#state as string) === "closed") return;
    if (this.#state === "starting") {
      this.#failStart(died ?? new Error("it ended before its first word"));
      return;
    }
    this.#close();
    if (!this.#endAsked) this.#listener.died(died ?? new Error("the thread ended its run by itself"));
  }

  #failStart(error: Error): void {
    this.#close();
    this.#run.failed();
    this.#listener.startFailed(error);
  }

  #close(): void {
    this.#state = "closed";
    this.#cancelStart();
    this.#port.close();
  }
}
