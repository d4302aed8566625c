/** Identity of a step: what decides its result. State, options and position are no part of it. */
import { hash } from "node:crypto";
import type { Identity, RunId, StepKey } from "./brands.js";

/** Every input of an identity, in hashing order. */
export interface IdentityInput {
  /** Task or flow id: another task with equal code is another step. */
  readonly task: string;
  /** `version` option: raised by hand to invalidate recorded results. */
  readonly version: string;
  /** Fingerprint of the code: changed code may give another result. */
  readonly fingerprint: string;
  /** Hash of the canonical parameters (values/canonical-hash.ts): another input may give another result. */
  readonly params: string;
}

/** SHA-256 over the fields with unambiguous separators, base64url without padding (43 characters). */
export function stepIdentity(input: IdentityInput): Identity {
  const text = JSON.stringify([input.task, input.version, input.fingerprint, input.params]);
  return hash("sha256", text, "base64url") as Identity;
}

/** The key a step gives to outside systems: equal for all attempts and resumes of the step. 32 base64url characters. */
export function idempotencyKey(run: RunId, key: StepKey): string {
  return hash("sha256", JSON.stringify([run, key]), "base64url").slice(0, 32);
}

/** What tells an attempt from all others. */
export interface AttemptKeyInput {
  readonly idempotencyKey: string;
  readonly identity: Identity;
  /** When its run began, ms since 1970: a run that was deleted may have had the same id. */
  readonly runStartedAt: number;
  /** Place of the record that the step had before and that was given up, 0 if there is none. */
  readonly anewAfter: number;
  /** From 1. */
  readonly attempt: number;
}

/** The key of an attempt: equal if the attempt is made again because its process died. 32 hexadecimal characters. */
export function attemptKey(input: AttemptKeyInput): string {
  const parts = [input.idempotencyKey, input.identity, input.runStartedAt, input.anewAfter, input.attempt];
  return hash("sha256", JSON.stringify(parts), "hex").slice(0, 32);
}
