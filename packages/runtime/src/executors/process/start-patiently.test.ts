/** A machine that has no room for a process: pretended, since a test cannot fill the machine that it runs on. */
import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { ManualClock } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { startPatiently } from "./start-patiently.js";

const refused = (code: string): ChildProcess => {
  const child = new EventEmitter();
  queueMicrotask(() => child.emit("error", Object.assign(new Error(`spawn ${code}`), { code })));
  // Safe: nothing of a process that did not start is used.
  return child as ChildProcess;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function waiting() {
  const clock = new ManualClock();
  const said: string[] = [];
  const stop = new AbortController();
  return { clock, said, stop, how: { clock, signal: stop.signal, log: (_: string, text: string) => said.push(text) } };
}

describe("a process that the system refuses to make", () => {
  it("is tried again, with a warning, after pauses that grow", async () => {
    const { clock, said, how } = waiting();
    let tries = 0;
    const starting = startPatiently(() => (++tries < 4 ? refused("EAGAIN") : spawn("true")), how);
    for (const seconds of [1, 2, 4]) {
      await turn();
      const before = tries;
      clock.advance(seconds * 1_000 - 1);
      await turn();
      expect(tries).toBe(before);
      clock.advance(1);
    }
    expect((await starting).pid).toBeGreaterThan(0);
    expect(said).toHaveLength(3);
    expect(said[1]).toContain("in 2.0 s");
  });

  it("fails in the end", async () => {
    const { clock, said, how } = waiting();
    const starting = startPatiently(() => refused("EAGAIN"), how);
    let failed: unknown;
    starting.catch((error: unknown) => {
      failed = error;
    });
    for (let seconds = 0; seconds < 600; seconds += 1) {
      await turn();
      clock.advance(1_000);
    }
    expect(failed).toMatchObject({ code: "EAGAIN" });
    expect(said.length).toBeGreaterThan(5);
  });

  it("is not waited for once it is to stop, and other refusals fail at once", async () => {
    const { said, stop, how } = waiting();
    const starting = startPatiently(() => refused("EAGAIN"), how);
    await turn();
    stop.abort();
    await expect(starting).rejects.toMatchObject({ code: "EAGAIN" });
    await expect(startPatiently(() => refused("ENOENT"), how)).rejects.toMatchObject({ code: "ENOENT" });
    expect(said).toHaveLength(1);
  });
});
