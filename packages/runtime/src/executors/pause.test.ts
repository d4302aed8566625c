/** A pause ends at its time or at an abort, and keeps nothing of the signal. */
import { getEventListeners } from "node:events";
import { ManualClock } from "@millrace/testing";
import { expect, it } from "vitest";
import { pause } from "./pause.js";

function paused(signal?: AbortSignal) {
  const clock = new ManualClock();
  const state = { over: false };
  const ended = pause(1_000, clock, signal).then(() => {
    state.over = true;
  });
  return { clock, state, ended };
}

it("lasts as long as it says, whatever signals end later", async () => {
  const stop = new AbortController();
  const { clock, state, ended } = paused(stop.signal);
  clock.advance(999);
  await Promise.resolve();
  expect(state.over).toBe(false);
  clock.advance(1);
  await ended;
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
});

it("ends with its signal, and at once with one that has been aborted", async () => {
  const stop = new AbortController();
  const { ended } = paused(stop.signal);
  stop.abort();
  await ended;
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
  await paused(stop.signal).ended;
});
