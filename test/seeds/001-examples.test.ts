/** The examples of the notebook that schedulers come from, ported as they stand; times aside, they print what it prints. */
import { Job, Scheduler } from "@millrace/jobs";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";

/** Prints, waits, prints and gives something easy to recognise: `mycoro(1.5)`. */
function lab() {
  const clock = new ManualClock();
  const printed: string[] = [];
  const sleep = (seconds: number): Promise<void> =>
    new Promise((resolve) => {
      clock.after(seconds * 1_000, resolve);
    });
  const mycoro =
    (timeout: number, say: (text: string) => void = (text) => void printed.push(text), times = 1_000) =>
    async (): Promise<number> => {
      say(`-> mycoro(${timeout})`);
      await sleep(timeout);
      say(`<- mycoro(${timeout})`);
      return times * timeout;
    };
  /** Moves the clock from one timer to the next until a run is over. */
  const drive = async <T>(run: Promise<T>): Promise<T> => {
    let over = false;
    void run.finally(() => {
      over = true;
    });
    while (!over) {
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
      if (!over && clock.timers.length > 0) clock.advanceToNext();
    }
    return run;
  };
  return { clock, printed, mycoro, drive };
}

it("example A: three jobs in parallel", async () => {
  const { clock, printed, mycoro, drive } = lab();
  await using engine = await openTestEngine({ clock });
  const [a1, a2, a3] = [new Job(mycoro(1)), new Job(mycoro(2)), new Job(mycoro(1.5))];
  const ea = new Scheduler(a1, a2, a3);
  expect((await drive(ea.run(engine, { clock }))).ok).toBe(true);
  expect(printed.slice(0, 3).sort()).toEqual(["-> mycoro(1)", "-> mycoro(1.5)", "-> mycoro(2)"]);
  expect(printed.slice(3)).toEqual(["<- mycoro(1)", "<- mycoro(1.5)", "<- mycoro(2)"]);
});

it("example B: requirements, labels and results", async () => {
  const { clock, printed, mycoro, drive } = lab();
  await using engine = await openTestEngine({ clock });
  const b1 = new Job(mycoro(1), { label: "b1" });
  const b2 = new Job(mycoro(2), { label: "NOLABEL" });
  const b3 = new Job(mycoro(1.5), { label: "b3" });
  b3.requires(b1);
  const eb = await drive(new Scheduler(b1, b2, b3).run(engine, { clock }));
  expect(eb.ok).toBe(true);
  expect(printed.slice(0, 2).sort()).toEqual(["-> mycoro(1)", "-> mycoro(2)"]);
  expect(printed.slice(2)).toEqual(["<- mycoro(1)", "-> mycoro(1.5)", "<- mycoro(2)", "<- mycoro(1.5)"]);
  expect(eb.list().split("\n").sort()).toEqual([
    "<Job 'NOLABEL' finished -> 2000>",
    "<Job 'b1' finished -> 1000 - [allows [b3]]>",
    "<Job 'b3' finished -> 1500 - [requires [b1]]>",
  ]);
  expect(eb.isDone(b1)).toBe(true);
  expect(eb.result(b3)).toBe(1_500);
});

it("example C: a message bus, read by a job that never ends", async () => {
  const { clock, printed, mycoro, drive } = lab();
  await using engine = await openTestEngine({ clock });
  const messages: string[] = [];
  let arrived = (): void => {};
  const put = (text: string): void => {
    messages.push(text);
    arrived();
  };
  const monitorLoop = async (): Promise<never> => {
    for (;;) {
      for (const message of messages.splice(0)) printed.push(`BUS: ${message}`);
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  const c1 = new Job(mycoro(0.4, put, 10), { label: "c1" });
  const c2 = new Job(mycoro(0.8, put, 10), { label: "c2" });
  const c3 = new Job(mycoro(0.6, put, 10), { label: "c3" });
  const c4 = new Job(monitorLoop, { forever: true, label: "monitor" });
  c3.requires(c1);
  const ec = await drive(new Scheduler(c1, c2, c3, c4).run(engine, { clock }));
  expect(ec.ok).toBe(true);
  expect(printed.slice(0, 2).sort()).toEqual(["BUS: -> mycoro(0.4)", "BUS: -> mycoro(0.8)"]);
  expect(printed.slice(2)).toEqual([
    "BUS: <- mycoro(0.4)",
    "BUS: -> mycoro(0.6)",
    "BUS: <- mycoro(0.8)",
    "BUS: <- mycoro(0.6)",
  ]);
  expect(ec.list().split("\n").sort()).toEqual([
    "<Job 'c1' finished -> 4 - [allows [c3]]>",
    "<Job 'c2' finished -> 8>",
    "<Job 'c3' finished -> 6 - [requires [c1]]>",
    "<Job 'monitor'[∞] cancelled>",
  ]);
});
