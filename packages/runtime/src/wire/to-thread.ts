/** Thread protocol, main to thread: types only. Sent by executors/threads, read by worker/channel.ts. */

import type { MessagePort } from "node:worker_threads";
import type { AbortReason, Job, SharedAnswer, SharedEntry } from "@millrace/core";
import type { Branded } from "./brand.js";
import type { Framed } from "./framed.js";
import type { WireBytes } from "./wire-bytes.js";
import type { WireRef } from "./wire-ref.js";

/** The argument of a lane's long-lived run: opens a channel in the thread. */
export interface ChannelStart extends Branded {
  /** The thread's end; everything else travels through it. */
  readonly port: MessagePort;
  /** The thread asks to be replaced once it holds more than this after a step, MiB; absent: its own limit. */
  readonly recycleMiB?: number;
}

/** The argument of the last run in a thread that holds resources: closes them. */
export interface ResourcesEnd extends Branded {
  /** Time for all of it, ms. */
  readonly closeWithinMs: number;
}

/** A job whose parameters lie in the batch's frame, or in shared memory. Its place in the batch is its slot in the claims. */
export interface WireJob extends Omit<Job, "identity" | "params" | "refs"> {
  /** No thread has a use for it. */
  readonly identity: undefined;
  readonly params: WireBytes;
  readonly refs: readonly WireRef[] | undefined;
}

/** An answer whose bytes lie in the frame of its message. */
export type WireAnswer =
  | { readonly type: "entries"; readonly entries: readonly Framed<SharedEntry>[] }
  | Extract<SharedAnswer, { readonly type: "refused" }>;

/** Everything the main side says on an open channel. */
export type ToThread = Branded &
  (
    | {
        /** Work, to be run in order behind what is there. */
        readonly type: "jobs";
        readonly jobs: readonly WireJob[];
        /** Parameters of all jobs that are not in shared memory, back to back; transferred. */
        readonly frame: ArrayBuffer;
        /** One claim for each job (wire/claims.ts). */
        readonly claims: SharedArrayBuffer;
      }
    /** Stop the running job; ignored if it is not the running one. */
    | { readonly type: "abort"; readonly id: number; readonly reason: AbortReason }
    /** What a question about shared state is answered with; ignored if its job is not the running one. */
    | {
        readonly type: "answer";
        readonly id: number;
        readonly request: number;
        readonly answer: WireAnswer;
        /** Bytes of all values, back to back; transferred. */
        readonly frame: ArrayBuffer;
      }
    /** Nothing is in flight: end the run, keep the thread. */
    | { readonly type: "end" }
  );
