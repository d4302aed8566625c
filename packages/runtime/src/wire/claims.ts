/**
 * Claims: who has a queued job, decided by one compare-and-set in memory that both threads share, so that a job is run
 * or taken back, never both. A batch has its own buffer, one slot a job.
 *
 *   queued ──thread──▶ running ──thread──▶ finished      finished: its outcome is on the way, perhaps not yet sent
 *      └────main─────▶ revoked
 *
 * At most one job of a channel is `running`: when its thread dies, that one is to blame.
 */

/** Values of a slot. */
export const CLAIM = { queued: 0, running: 1, revoked: 2, finished: 3 } as const;

/** Memory for the claims of so many jobs, all queued. */
export function newClaims(jobs: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(jobs * Int32Array.BYTES_PER_ELEMENT));
}

/** Thread: takes a job in order to run it; false if main has taken it back. */
export function claim(claims: Int32Array, slot: number): boolean {
  return Atomics.compareExchange(claims, slot, CLAIM.queued, CLAIM.running) === CLAIM.queued;
}

/** Thread: nothing of the job runs any more. */
export function finish(claims: Int32Array, slot: number): void {
  Atomics.store(claims, slot, CLAIM.finished);
}

/** Main: takes a job back; false if the thread has it. */
export function revoke(claims: Int32Array, slot: number): boolean {
  return Atomics.compareExchange(claims, slot, CLAIM.queued, CLAIM.revoked) === CLAIM.queued;
}

/** Main: true while the thread is inside the job. */
export function isRunning(claims: Int32Array, slot: number): boolean {
  return Atomics.load(claims, slot) === CLAIM.running;
}
