/** Resources that jobs share: scenario 11. */
import { Job, Scheduler, shared } from "@millrace/jobs";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { Held } from "./scheduler-lab.js";

/** A connection that tells what is done to it. */
function connection(told: string[], close: () => unknown = () => {}) {
  let opened = 0;
  return shared(
    () => {
      opened += 1;
      told.push(`open ${opened}`);
      return { send: (text: string) => told.push(text), n: opened };
    },
    ({ n }) => {
      told.push(`close ${n}`);
      return close();
    },
    { label: "link" },
  );
}

describe("11: a shared resource", () => {
  it("is opened once for all jobs and closed once, when the last that uses it is over; each run has its own", async () => {
    await using engine = await openTestEngine();
    const told: string[] = [];
    const link = connection(told);
    const users = Array.from(
      { length: 10 },
      (_, i) => new Job(async ({ use }) => (await use(link)).send(`${i}`), { label: `j${i}`, uses: [link] }),
    );
    const held = new Held();
    const after = new Job(held.job("after"), { label: "after" }).requires(users);
    const scheduler = new Scheduler(users, after);
    const run = scheduler.start(engine);
    const { after: call } = await held.take("after");
    // The last user is over, the run is not.
    while (!told.includes("close 1")) await new Promise(setImmediate);
    call?.finish();
    await run.outcome();
    expect(told).toEqual(["open 1", ...users.map((_, i) => `${i}`), "close 1"]);
    const again = scheduler.start(engine);
    (await held.next()).finish();
    await again.outcome();
    expect(told.filter((text) => text.includes(" "))).toEqual(["open 1", "close 1", "open 2", "close 2"]);
  });

  it("is never opened if nobody asks, and closed although users were skipped", async () => {
    await using engine = await openTestEngine();
    const told: string[] = [];
    const link = connection(told);
    const idle = new Job(() => 1, { label: "idle", uses: [link] });
    await new Scheduler(idle).run(engine);
    expect(told).toEqual([]);
    const bad = new Job(
      async ({ use }) => {
        (await use(link)).send("x");
        throw new Error("no");
      },
      { label: "bad", uses: [link], critical: false },
    );
    const skipped = new Job(() => 1, { label: "skipped", uses: [link] }).requires(bad, { policy: "skip-dependents" });
    const held = new Held();
    const other = new Job(held.job("other"), { label: "other" });
    const run = new Scheduler(bad, skipped, other).start(engine);
    const { other: call } = await held.take("other");
    // All that list it are over, the run is not.
    while (!told.includes("close 1")) await new Promise(setImmediate);
    expect(run.now().isDone(other)).toBe(false);
    call?.finish();
    await run.outcome();
    expect(told).toEqual(["open 1", "x", "close 1"]);
  });

  it("is closed after an abort, when the function that holds it has come back", async () => {
    await using engine = await openTestEngine();
    const told: string[] = [];
    const link = connection(told);
    const held = new Held();
    const user = new Job(
      async ({ use, signal }) => {
        const { send } = await use(link);
        await held
          .job("user")({ signal })
          .catch(() => {});
        send("last words");
      },
      { label: "user", uses: [link] },
    );
    const bad = new Job(held.job("bad"), { label: "bad" });
    const run = new Scheduler(user, bad).start(engine);
    const calls = await held.take("user", "bad");
    calls.bad?.fail(new Error("no"));
    while (!run.now().isDone(user)) await new Promise(setImmediate);
    expect(told).toEqual(["open 1"]);
    calls.user?.finish();
    const outcome = await run.outcome();
    expect(outcome.of(user).state).toBe("cancelled");
    expect(told).toEqual(["open 1", "last words", "close 1"]);
  });

  it("that cannot be closed is reported and hides nothing; nor does one that takes too long", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const throws = connection([], () => Promise.reject(new Error("still busy")));
    const hangs = connection([], () => new Promise(() => {}));
    const job = new Job(
      async ({ use }) => {
        await use(throws);
        await use(hangs);
        return "done";
      },
      { label: "job", uses: [throws, hangs] },
    );
    const run = new Scheduler(job).start(engine, { clock, shutdownTimeout: "2s" });
    await clock.waiting(2_000);
    clock.advance(2_000);
    const outcome = await run.outcome();
    expect(outcome.result(job)).toBe("done");
    expect(outcome.ok).toBe(true);
    expect(outcome.problems.map(({ message }) => message)).toEqual([
      "Closing link failed: still busy",
      "Resources were not closed within 2.0 s.",
    ]);
    expect(outcome.debrief()).toContain("Beside that: Closing link failed: still busy");
  });

  it("has to be listed by who uses it, and needs a run that is followed", async () => {
    await using engine = await openTestEngine();
    const link = connection([]);
    const job = new Job(({ use }) => use(link), { label: "job", critical: false });
    const outcome = await new Scheduler(job).run(engine);
    expect(outcome.of(job).error).toMatchObject({ message: "job cannot use link without saying so." });
    const scheduler = new Scheduler(new Job(() => 1, { label: "user", uses: [link] }));
    expect(() => engine.start(scheduler)).toThrow("user uses resources, which have to be closed when the run is over.");
    expect(scheduler.draw("mermaid")).toContain('n0("user<br/>function")');
  });
});
