/** The examples of the notebook that schedulers come from, ported as they stand; times aside, they print what it prints. It has no others. */
import { Job, Scheduler } from "@millrace/jobs";
import { openTestEngine } from "@millrace/testing";
import { expect, it } from "vitest";
import { printingLab } from "./printing-lab.js";

/** Prints, waits, prints and gives something easy to recognise: `mycoro(1.5)`. */
function lab() {
  const { sleep, print, ...rest } = printingLab();
  const mycoro =
    (timeout: number, say: (text: string) => void = print, times = 1_000) =>
    async (): Promise<number> => {
      say(`-> mycoro(${timeout})`);
      await sleep(timeout);
      say(`<- mycoro(${timeout})`);
      return times * timeout;
    };
  return { ...rest, mycoro };
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
  const b2 = new Job(mycoro(2));
  const b3 = new Job(mycoro(1.5), { label: "b3" });
  b3.requires(b1);
  const eb = await drive(new Scheduler(b1, b2, b3).run(engine, { clock }));
  expect(eb.ok).toBe(true);
  expect(printed.slice(0, 2).sort()).toEqual(["-> mycoro(1)", "-> mycoro(2)"]);
  expect(printed.slice(2)).toEqual(["<- mycoro(1)", "-> mycoro(1.5)", "<- mycoro(2)", "<- mycoro(1.5)"]);
  expect(eb.list().split("\n").sort()).toEqual([
    "<Job 'b1' finished -> 1000 - [allows [b3]]>",
    "<Job 'b3' finished -> 1500 - [requires [b1]]>",
    // There `NOLABEL'; here the name of the function, or what it is if that has none.
    "<Job 'job' finished -> 2000>",
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
