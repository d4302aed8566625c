import { setImmediate as turn } from "node:timers/promises";
import { expect, it } from "vitest";
import { watchHold } from "./watch-hold.js";

it("counts all that follows in microtasks, and nothing of the next turns", async () => {
  let time = 0;
  const told: number[] = [];
  await turn();
  watchHold(
    (ms) => told.push(ms),
    () => time,
  );
  time += 600;
  await null;
  time += 600;
  await turn();
  time += 60_000;
  await turn();
  expect(told).toEqual([1_200]);
});

it("says nothing of a second", async () => {
  let time = 0;
  const told: number[] = [];
  watchHold(
    (ms) => told.push(ms),
    () => time,
  );
  time += 1_000;
  await turn();
  expect(told).toEqual([]);
});
