/** Thread protocol, thread to main: types only. Sent by worker/outbox.ts, read by executors/threads. */
import type { AttemptSlices, JobOutcome, LaneEvent, SharedAsk, SharedWrite } from "@millrace/core";
import type { Branded } from "./brand.js";
import type { FrameSpan } from "./frame.js";
import type { Framed } from "./framed.js";
import type { WireValue } from "./large-value.js";

type InFrame<O> = O extends { readonly type: "succeeded" }
  ? Omit<O, "value" | "hash" | "shared"> & {
      readonly value: WireValue;
      readonly shared?: readonly Framed<SharedWrite>[];
    }
  : Omit<O, "error"> & { readonly error: FrameSpan };

/** A JobOutcome whose bytes lie in the batch's frame; those of a large value in memory of their own. */
export type WireOutcome = InFrame<JobOutcome>;

/** An attempt ended. A `claimed` that was not sent before is implied. */
export interface WireSettled {
  readonly type: "settled";
  readonly id: number;
  readonly outcome: WireOutcome;
  /** ms since 1970. */
  readonly startedAt: number;
  /** ms since 1970. */
  readonly endedAt: number;
  /** How much of that the thread computed, ms; absent if others used it, or the task is known to be short. */
  readonly busyMs?: number;
  /** Of jobs with `io`. */
  readonly slices?: AttemptSlices;
  /** Set if code of the attempt is still running: the thread takes no further job and wants to be ended. */
  readonly leftRunning?: true;
}

/** A question about shared state. */
export interface WireShared {
  readonly type: "shared";
  readonly id: number;
  readonly request: number;
  readonly ask: Framed<SharedAsk>;
}

/** A chunk of a step's stream. */
export interface WireChunk {
  readonly type: "chunk";
  readonly id: number;
  readonly value: FrameSpan;
}

/** One thing that happened in the thread. */
export type WireEvent =
  | Extract<LaneEvent, { readonly type: "claimed" | "progress" | "log" }>
  | WireShared
  | WireChunk
  | WireSettled;

/** Everything the thread says on an open channel. */
export type FromThread = Branded &
  /** The channel is open. */
  (
    | { readonly type: "hello" }
    /** The thread has opened a resource: it should get time to close it. */
    | { readonly type: "holding" }
    /** Nothing runs in it, it takes no further job, and has closed what it held: it wants to be replaced, for the memory that it holds. */
    | { readonly type: "worn" }
    | {
        /** In order. */
        readonly type: "events";
        readonly events: readonly WireEvent[];
        /** Bytes of all outcomes, questions and chunks, back to back; transferred. Absent without any. */
        readonly frame?: ArrayBuffer;
      }
  );
