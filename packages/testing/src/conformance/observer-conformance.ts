/** What every Observer promises, as one suite. The engine opens it, hands it events in order, and closes it: nothing else. */
import type { Observer, RunEvent } from "@millrace/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventFeed, everyEvent } from "./samples/event-feed.js";

/** The place that one test's observer writes to. */
export interface ObserverHome {
  /** The observer; called once for each test. */
  open(): Observer;
  /** Everything written so far, in any form that grows with each write. Left out by observers that write nowhere. */
  written?(): string | Promise<string>;
  /** Makes the place refuse all writes, before the first one. Left out where nothing can refuse them. */
  breakDown?(): void | Promise<void>;
  /** Removes the place. */
  remove?(): void | Promise<void>;
}

const HOSTILE = [
  "",
  "\0",
  "a\nb\r\nc",
  "lone \ud800 surrogate",
  "\u001b[31mred\u001b[2J",
  "../../../etc/passwd",
  "C:\\con",
  "%s %d {}",
  "__proto__",
  "😀".repeat(50_000),
];

/** Declares the suite for one observer; `make` is called for each test. */
export function observerConformance(name: string, make: () => ObserverHome | Promise<ObserverHome>): void {
  describe(`observer: ${name}`, () => {
    let home: ObserverHome;
    let observer: Observer;
    let strays: unknown[];
    const stray = (error: unknown): void => void strays.push(error);

    beforeEach(async () => {
      strays = [];
      process.on("unhandledRejection", stray).on("uncaughtException", stray);
      // Only these: files are written in turns and microtasks that must go on.
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
      home = await make();
      observer = home.open();
    });
    afterEach(async () => {
      await turns();
      vi.useRealTimers();
      process.off("unhandledRejection", stray).off("uncaughtException", stray);
      await home.remove?.();
      expect(strays, "errors that nobody could catch").toEqual([]);
    });

    const live = async (...events: readonly RunEvent[]): Promise<void> => {
      await observer.open?.();
      for (const event of events) observer.on(event);
      await observer.close?.();
    };
    const written = async (): Promise<string> => (await home.written?.()) ?? "";

    it("has a name for messages", () => {
      expect(observer.name).toMatch(/\S/);
    });

    it("takes every kind of event, and writes nothing before the first one", async () => {
      await observer.open?.();
      await turns();
      expect(await written()).toBe("");
      for (const event of everyEvent()) observer.on(event);
      await observer.close?.();
      if (home.written) expect(await written()).not.toBe("");
    });

    it("is done at once with each event: nobody awaits it", async () => {
      await observer.open?.();
      for (const event of everyEvent()) expect(observer.on(event), event.type).toBeUndefined();
      await observer.close?.();
    });

    it("leaves events as they are: others get the same ones", async () => {
      await live(...everyEvent().map(frozen));
    });

    it("takes events of kinds that do not exist yet", async () => {
      const feed = new EventFeed();
      // Safe: what a later version may send.
      const later = [
        { type: "run-paused", run: feed.run, at: feed.now },
        { type: "step-paused", run: feed.run, at: feed.now, step: feed.step("Render"), deep: { er: [1, null] } },
      ] as unknown as readonly RunEvent[];
      await live(feed.started(), ...later, feed.ended());
    });

    it("takes any text in any place", async () => {
      const feed = new EventFeed();
      const events = HOSTILE.flatMap((text) => {
        const error = { name: text, message: text, stack: text, code: text };
        // Safe: keys and names come from people's code and data.
        const step = { ...feed.step(text, text), node: text, task: text };
        return [
          feed.log(text, step),
          feed.log(text),
          feed.progress(step, Number.NaN, text),
          feed.attemptFailed(step, -1, error),
          feed.settled(step, { state: "failed", error }),
          feed.warning(text, text, text),
          feed.suspended("wait", text),
        ];
      });
      await live(feed.started(), ...events, feed.ended({}, { name: "", message: "" }));
    });

    it("takes the events of several runs mixed, and of runs whose start it has not seen", async () => {
      const [one, two, unseen] = ["one", "two", "unseen"].map((run) => new EventFeed(run));
      const events = [everyEvent(one), everyEvent(two), everyEvent(unseen).slice(1)];
      await live(...(events[0] ?? []).flatMap((_, i) => events.flatMap((run) => run[i] ?? [])));
    });

    it("can be closed without an event, without having been opened, and twice", async () => {
      await live();
      await observer.close?.();
      expect(await written()).toBe("");
      await home.open().close?.();
    });

    it("has written everything when its close resolves, and nothing after it", async () => {
      const feed = new EventFeed();
      await live(feed.started(), ...Array.from({ length: 200 }, (_, i) => feed.settled(feed.step("Fetch", `${i}`))));
      const before = await written();
      await turns();
      vi.advanceTimersByTime(86_400_000);
      await turns();
      expect(await written()).toBe(before);
      expect(vi.getTimerCount(), "timers left behind").toBe(0);
    });

    it("ignores events after its close", async () => {
      await live(...everyEvent());
      const before = await written();
      for (const event of everyEvent()) observer.on(event);
      await turns();
      vi.advanceTimersByTime(86_400_000);
      await turns();
      expect(await written()).toBe(before);
    });

    it("throws, rejects or is silent when it cannot write, and never fails behind its caller's back", async () => {
      await observer.open?.();
      await home.breakDown?.();
      for (const event of everyEvent()) {
        try {
          observer.on(event);
        } catch {
          // The engine switches it off now.
          break;
        }
        await turns();
      }
      // Its closing may fail too, as a rejection or a throw.
      await Promise.resolve()
        .then(() => observer.close?.())
        .catch(() => {});
      await turns();
    });
  });
}

/** Enough turns of the event loop for what was started to fail. */
async function turns(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await new Promise((resolve) => setImmediate(resolve));
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const field of Object.values(value)) frozen(field);
    Object.freeze(value);
  }
  return value;
}
