/** Sends a message to a run from outside: through its owner, or onto the record if nobody owns it. Never lost, never doubled. */
import { randomUUID } from "node:crypto";
import { bytesInMemory, type Clock, decodeValue, encodeValue, type RunId, type RunStore } from "@millrace/core";
import { runOver } from "../runs/run-over.js";
import { lookUp, runErrand } from "./reach-run.js";

/** Pause between two looks for the message in the record, ms. */
const LOOK_MS = 100;

/** What is sent. */
export interface Message {
  readonly run: RunId;
  readonly name: string;
  /** Encoded. */
  readonly value: Uint8Array;
  readonly clock: Clock;
}

/** A request that asks the owner to take a message in. */
interface MessageRequest {
  readonly id: string;
  readonly value: Uint8Array;
}

/**
 * Resolves when the message is on record; says who put it there. An owner that ends before it has done so leaves it to
 * this sender. @throws MillraceError `unknown-run`, `run-over`.
 */
export async function sendMessage(store: RunStore, message: Message): Promise<"owner" | "sender"> {
  const { run, name, value, clock } = message;
  const id = randomUUID();
  const request: MessageRequest = { id, value };
  return runErrand<"owner" | "sender">(store, {
    run,
    clock,
    lookMs: LOOK_MS,
    request: { kind: "send", name, value: encodeValue(request) },
    async come({ state }, asked) {
      if (asked && (await isRecorded(store, run, id))) return "owner";
      if (state !== "running" && state !== "suspended") throw runOver(run, state);
      return undefined;
    },
    async alone(lease, asked) {
      if (asked && (await isRecorded(store, run, id))) return "owner";
      // What was asked of an owner that is gone is void, or the next one would take it in again. Other senders will see.
      await store.takeRequests([lease]);
      const { seq } = await lookUp(store, run);
      const fact = { kind: "message", id, name, value: bytesInMemory(value) } as const;
      await store.append([{ ...lease, facts: [{ ...fact, seq: seq + 1, at: clock.now() }] }]);
      return "sender";
    },
  });
}

async function isRecorded(store: RunStore, run: RunId, id: string): Promise<boolean> {
  for await (const fact of store.read(run)) if (fact.kind === "message" && fact.id === id) return true;
  return false;
}

/** What a request asks for. */
export function readMessage(request: Uint8Array): MessageRequest {
  return decodeValue(request) as MessageRequest; // made by encodeValue above
}
