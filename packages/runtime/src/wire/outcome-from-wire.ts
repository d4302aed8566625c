/** The outcome of an attempt as its thread has sent it. Written by worker/outbox.ts. */
import type { JobOutcome, SharedWrite } from "@millrace/core";
import { keepFromFrame } from "./frame.js";
import { unframed } from "./framed.js";
import type { WireOutcome } from "./from-thread.js";
import { fromWire } from "./large-value.js";

/** Its bytes taken out of the frame of its batch. */
export function outcomeFromWire(outcome: WireOutcome, frame: ArrayBuffer | undefined): JobOutcome {
  const bytes = frame ?? new ArrayBuffer(0);
  switch (outcome.type) {
    case "succeeded": {
      const { type, shared } = outcome;
      return {
        type,
        ...fromWire(outcome.value, bytes),
        ...(shared ? { shared: shared.map((write) => unframed<SharedWrite>(write, bytes)) } : {}),
      };
    }
    case "failed":
    case "aborted":
      return { ...outcome, error: keepFromFrame(bytes, outcome.error) };
  }
}
