/** Loggers: what they are told, in which order, and what becomes of one that is slow or fails. */
import { type LogEnd, type Logger, type LogSource, type LogWrite, logger, memoryStore } from "@millrace/runtime";
import { defineFlow, defineTask } from "@millrace/sdk";
import { controlled, openTestEngine } from "@millrace/testing";
import { EventFeed } from "@millrace/testing/conformance";
import { expect, it, onTestFinished, vi } from "vitest";
import { heardOnStderr } from "./stderr.js";

/** Writes down what it is told. */
class Notebook implements Logger {
  readonly pages: string[] = [];

  start({ name }: LogSource): void {
    this.pages.push(`start ${name}`);
  }
  write({ name, severity, attempt, message }: LogWrite): void {
    this.pages.push(`${name} ${severity} ${attempt ?? "-"} ${message}`);
  }
  end({ name, state }: LogEnd): void {
    this.pages.push(`end ${name} ${state ?? "-"}`);
  }
  onCreate(): void {
    this.pages.push("create");
  }
  onRestart(): void {
    this.pages.push("restart");
  }
  onSuccess(): void {
    this.pages.push("success");
  }
  onFailure(): void {
    this.pages.push("failure");
  }
  onAbort(): void {
    this.pages.push("abort");
  }
  onSuspend(): void {
    this.pages.push("suspend");
  }
  onDestroy(): void {
    this.pages.push("destroy");
  }
}

/** The same, a turn of the event loop later each. */
function slowly(book: Notebook): Logger {
  const later =
    <T>(write: (value: T) => void) =>
    async (value: T): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      write.call(book, value);
    };
  return {
    name: "slow",
    start: later(book.start),
    write: later(book.write),
    end: later(book.end),
    onCreate: later(book.onCreate),
    onFailure: later(book.onFailure),
    onDestroy: later(book.onDestroy),
  };
}

const fetched = defineTask({
  id: "Fetch",
  options: { retry: { attempts: 2, delay: 0 } },
  run: (_: { x: number }) => 0,
});
const city = defineFlow({
  id: "City",
  run: async (_: object, body) => {
    body.log.info("which city?");
    return body.call(fetched, { x: 1 });
  },
});

const TOLD = [
  "create",
  "start City",
  "City info - started as run c (build …)",
  "City info - which city?",
  "start Fetch",
  "Fetch warn 1 attempt 1 of 2 failed: RangeError: too far; next in 0 ms",
  "Fetch error 2 failed in … after 2 attempts: RangeError: far too far",
  "end Fetch failed",
  "City error - failed in … (1 step: 1 failed): RangeError: far too far",
  "end City -",
  "failure",
  "destroy",
];

/** Times and hashes are not what is tested. */
function settled({ pages }: Notebook): readonly string[] {
  return pages.map((page) =>
    page
      .replace(/build [^)]+/, "build …")
      .replace(/failed in [\d.]+ ?\w*s/, "failed in …")
      .replace(/next in [\d.]+ ?\w*s/, "next in 0 ms"),
  );
}

async function failTwice(book: Notebook, ...more: Logger[]): Promise<void> {
  const fetches = controlled(fetched);
  await using engine = await openTestEngine({ standIns: [fetches], observers: [book, ...more].map(logger) });
  const run = engine.start(city, {}, { id: "c" });
  (await fetches.next()).fail(new RangeError("too far"));
  (await fetches.next()).fail(new RangeError("far too far"));
  await expect(run.result()).rejects.toThrow("far too far");
}

it("are told beginnings, lines and ends in order, with their source, severity and attempt", async () => {
  const book = new Notebook();
  await failTwice(book);
  expect(settled(book)).toEqual(TOLD);
});

it("that are asynchronous are told the same in the same order, and the close waits for them", async () => {
  const book = new Notebook();
  await failTwice(new Notebook(), slowly(book));
  expect(settled(book)).toEqual(TOLD);
});

it("are told of a run that is stopped and goes on: its steps and the run end, and begin again", async () => {
  const store = memoryStore();
  const [first, second] = [new Notebook(), new Notebook()];
  const fetches = controlled(fetched);
  const engine = await openTestEngine({ store, standIns: [fetches], observers: [logger(first)] });
  engine.start(city, {}, { id: "c" });
  await fetches.next();
  await engine.close();
  expect(first.pages.filter((page) => !page.includes(" info ") && !page.includes(" warn "))).toEqual([
    "create",
    "start City",
    "start Fetch",
    "end Fetch -",
    "end City -",
    "abort",
    "destroy",
  ]);
  const again = controlled(fetched);
  await using other = await openTestEngine({ store, standIns: [again], classes: [city], observers: [logger(second)] });
  const run = await other.resume("c");
  (await again.next()).finish(7);
  expect(await run.result()).toBe(7);
  expect(second.pages.filter((page) => !page.includes(" info "))).toEqual([
    "create",
    "restart",
    "start City",
    "start Fetch",
    "end Fetch succeeded",
    "end City -",
    "success",
    "destroy",
  ]);
});

it("that throw are reported by name and called no more: neither the run nor another logger feels it", async () => {
  const heard = heardOnStderr();
  const book = new Notebook();
  let calls = 0;
  class Broken implements Logger {
    write(): void {
      calls += 1;
      throw new Error("no paper");
    }
  }
  let late = 0;
  const rejecting: Logger = {
    name: "rejecting",
    async write() {
      late += 1;
      throw new Error("no ink");
    },
  };
  await failTwice(book, new Broken(), rejecting);
  expect(settled(book)).toEqual(TOLD);
  expect([calls, late]).toEqual([1, 1]);
  expect(heard()).toContain('the observer "Broken" failed and is switched off: Error: no paper');
  expect(heard()).toContain('the observer "rejecting" failed and is switched off: Error: no ink');
});

it("that are far behind lose lines, and are told how many", async () => {
  const book = new Notebook();
  let go: () => void = () => {};
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  const observer = logger({ start: () => held, write: (line) => book.write(line), end: (source) => book.end(source) });
  const feed = new EventFeed();
  observer.on(feed.started());
  for (let i = 0; i < 10_500; i += 1) observer.on(feed.log(`line ${i}`));
  observer.on(feed.ended());
  const closed = observer.close?.();
  expect(book.pages).toEqual([]);
  go();
  await closed;
  const lines = book.pages.filter((page) => / line \d+$/.test(page)).length;
  const notice = book.pages.filter((page) => page.includes("did not fit"));
  expect(lines).toBeGreaterThan(9_000);
  // The run's own last line found no room either.
  expect(notice).toEqual([
    `CityReport warn - ${(10_501 - lines).toLocaleString("en")} lines of this log did not fit: more came than the logger took.`,
  ]);
  expect(book.pages.at(-1)).toMatch(/did not fit|end CityReport/);
});

it("that never finish are waited for no longer than 10 s", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const observer = logger({ write: () => new Promise(() => {}) });
  observer.on(new EventFeed().log("hello"));
  const closed = expect(observer.close?.()).rejects.toThrow("it was not done 10 s after the engine's close");
  vi.advanceTimersByTime(9_999);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(1);
  await closed;
});
