/** Sends a message to a run from outside: through its owner, or onto the record if nobody owns it. */
import { randomUUID } from "node:crypto";
import { bytesInMemory, type Clock, decodeValue, encodeValue, type RunId, type RunStore } from "@millrace/core";
import { putOnRecord } from "./put-on-record.js";

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

/** Resolves when the message is on record; says who put it there. @throws MillraceError `unknown-run`, `run-over`. */
export function sendMessage(store: RunStore, { run, name, value, clock }: Message): Promise<"owner" | "sender"> {
  const id = randomUUID();
  const request: MessageRequest = { id, value };
  return putOnRecord(store, {
    run,
    clock,
    request: { kind: "send", name, value: encodeValue(request) },
    fact: { kind: "message", id, name, value: bytesInMemory(value) },
  });
}

/** What a request asks for. */
export function readMessage(request: Uint8Array): MessageRequest {
  return decodeValue(request) as MessageRequest; // made by encodeValue above
}
