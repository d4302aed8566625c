/** Sends a message to a run from outside: through its owner, or onto the record if nobody owns it. */
import { randomUUID } from "node:crypto";
import {
  type BuildHash,
  bytesInMemory,
  type Clock,
  decodeValue,
  encodeFor,
  encodeValue,
  type Manifest,
  type RunId,
  type RunStore,
} from "@millrace/core";
import { checkMessage } from "../runs/check-message.js";
import { runOver } from "../runs/run-over.js";
import { putOnRecord } from "./put-on-record.js";
import { lookUp } from "./reach-run.js";

/** What is sent. */
export interface Message {
  readonly run: RunId;
  readonly name: string;
  readonly data: unknown;
  readonly clock: Clock;
  /** The manifest of a build; undefined if it is gone: then nothing is known of what the run waits for. */
  manifestOf(build: BuildHash): Promise<Manifest | undefined>;
}

/** A request that asks the owner to take a message in. */
interface MessageRequest {
  readonly id: string;
  readonly value: Uint8Array;
}

/**
 * Resolves when the message is on record; says who put it there. @throws MillraceError `unknown-run`, `run-over`, `message-unknown`,
 * `message-invalid`, `value-not-sendable`.
 */
export async function sendMessage(store: RunStore, message: Message): Promise<"owner" | "sender"> {
  const { run, name, data, clock } = message;
  const { flow, build, state } = await lookUp(store, run);
  if (state !== "running" && state !== "suspended") throw runOver(run, state);
  const manifest = await message.manifestOf(build);
  if (manifest) checkMessage(manifest, { run, flow, name, data });
  const value = encodeFor(`the message "${name}" to run ${run}`, "data", data);
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
