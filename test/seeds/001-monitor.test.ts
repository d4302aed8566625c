/** How a run is shown while it goes: scenario 16. */
import { Job, monitor, type Outcome, Scheduler } from "@millrace/jobs";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { describe, expect, it } from "vitest";
import { Held } from "./scheduler-lab.js";

/** A terminal that keeps what is drawn, frame by frame. */
class Terminal {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  #text = "";

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    this.#text += text;
  }

  /** What stood there after each drawing. Rejects what would not be drawn over. */
  get frames(): readonly string[] {
    const [, ...frames] = this.#text.split("\r\u001b[J");
    return frames.map((frame) => {
      // How far the next one goes up is written behind this one.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how it is written
      const [, shown = "", up] = /^([^\u001b]*)\n(?:\u001b\[(\d+)A)?$/.exec(frame) ?? [];
      const lines = shown.split("\n");
      if (up !== undefined && Number(up) !== lines.length) throw new Error(`${up} lines up, of ${lines.length}`);
      return shown;
    });
  }
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise(setImmediate);
};

describe("16: a monitor", () => {
  it("writes one line for each change where there is no terminal, those of inner schedulers by their way", async () => {
    await using engine = await openTestEngine();
    let text = "";
    const bad = new Job(() => Promise.reject(new Error("no\n\u001b[2J")), { label: "bad", critical: false });
    const inner = new Scheduler(new Job(() => 1, { label: "work" }), { label: "inner" });
    const stream = { write: (more: string) => (text += more) };
    await new Scheduler(bad, inner.requires(bad)).run(engine, { onChange: monitor({ stream }) });
    expect(text.replace(/^\d\d:\d\d:\d\d\.\d{3} /gm, "")).toBe(
      [
        "bad running",
        "bad failed => Error: no [2J",
        "inner running",
        "inner / work running",
        "inner / work finished",
        "inner finished",
        "",
      ].join("\n"),
    );
  });

  it("can count time from the first change on", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const held = new Held();
    let text = "";
    const stream = { write: (more: string) => (text += more) };
    const scheduler = new Scheduler(new Job(held.job("a"), { label: "a" }));
    const run = scheduler.start(engine, { clock, onChange: monitor({ stream, elapsed: true }) });
    const { a } = await held.take("a");
    clock.advance(1_500);
    a?.finish();
    await run.outcome();
    expect(text).toBe("+0 ms a running\n+1.5 s a finished\n");
  });

  it("draws one line for each job on a terminal, cut to its width whatever the letters are", async () => {
    await using engine = await openTestEngine();
    const bad = new Job(() => Promise.reject(new Error("no\n\u001b[2J")), { label: "bad", critical: false });
    const inner = new Scheduler(new Job(() => 1, { label: "東京東京東京東京東京" }), { label: "inner" });
    for (const ascii of [true, false]) {
      const stream = new Terminal(30, 24);
      const scheduler = new Scheduler(bad, inner.requires(bad));
      await scheduler.run(engine, { onChange: monitor({ stream, ascii, clock: new ManualClock() }) });
      scheduler.remove(bad, inner);
      expect(stream.frames.at(-1)?.split("\n")).toEqual(
        ascii
          ? ["1   *    bad  failed => Error", "2 ! o    inner  finished  req", "3 ! o      東京東京東京東京東"]
          : ["1   ★    bad  failed => Erro…", "2 ⚠ ☉    inner  finished  re…", "3 ⚠ ☉      東京東京東京東京…"],
      );
    }
  });

  it("draws at most every 50 ms, and the end in any case", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const held = new Held();
    const stream = new Terminal(40, 24);
    const jobs = ["a", "b", "c"].map((label) => new Job(held.job(label), { label }));
    const run = new Scheduler(jobs).start(engine, { clock, onChange: monitor({ stream, ascii: true, clock }) });
    const { a, b, c } = await held.take("a", "b", "c");
    await until(() => run.now().stats() === "0D + 3R + 0I = 3");
    expect(stream.frames).toEqual(["1 ! >    a  running\n2 ! .    b  idle\n3 ! .    c  idle"]);
    clock.advance(50);
    expect(stream.frames[1]).toBe("1 ! >    a  running\n2 ! >    b  running\n3 ! >    c  running");
    clock.advance(60);
    a?.finish();
    await until(() => stream.frames.length === 3);
    expect(stream.frames[2]).toBe("1 ! o    a  finished\n2 ! >    b  running\n3 ! >    c  running");
    b?.finish();
    c?.finish();
    await run.outcome();
    expect(stream.frames.slice(3)).toEqual(["1 ! o    a  finished\n2 ! o    b  finished\n3 ! o    c  finished"]);
    expect(clock.timers).toEqual([]);
  });

  it("shows what runs, what failed and what is next where there is no room for all", async () => {
    const clock = new ManualClock();
    await using engine = await openTestEngine({ clock });
    const held = new Held();
    const stream = new Terminal(40, 7);
    const jobs = Array.from({ length: 20 }, (_, i) => `j${i + 1}`).map(
      (label) => new Job(held.job(label), { label, critical: false }),
    );
    const run = new Scheduler(jobs, { window: 2 }).start(engine, {
      clock,
      onChange: monitor({ stream, ascii: true, clock }),
    });
    for (let n = 1; n <= 18; n++) {
      const call = await held.next();
      if (call.name === "j3") call.fail(new Error("no"));
      else call.finish();
      await until(() => run.now().stats().startsWith(`${n}D`));
      clock.advance(1);
    }
    await held.take("j19", "j20");
    await until(() => run.now().stats() === "18D + 2R + 0I = 20");
    clock.advance(50);
    expect(stream.frames.at(-1)?.split("\n")).toEqual([
      " 3   *    j3  failed => Error: no",
      "17   o    j17  finished",
      "18   o    j18  finished",
      "19   >    j19  running",
      "20   >    j20  running",
      "+ 15 more of 18D + 2R + 0I = 20",
    ]);
    await run.shutdown();
  });

  it("that throws is told no more, and keeps nothing from ending", async () => {
    await using engine = await openTestEngine();
    const told: string[] = [];
    const watch = Object.assign(
      () => {
        told.push("change");
        throw new Error("no paper");
      },
      { end: (outcome: Outcome) => void told.push(outcome.stats()) },
    );
    const scheduler = new Scheduler(new Job(() => 1, { label: "a" }));
    const run = scheduler.start(engine, { onChange: watch });
    await expect(run.outcome()).rejects.toThrow("no paper");
    expect(told).toEqual(["change"]);
    expect(await run.run.outcome()).toMatchObject({ status: "succeeded" });
  });
});
