import { Writable } from "node:stream";
import { EventFeed } from "@millrace/testing/conformance";
import { expect, test } from "vitest";
import { consoleObserver } from "./console-observer.js";
import { jsonLinesObserver } from "./json-lines-observer.js";

test.each([
  ["console", consoleObserver],
  ["json-lines", jsonLinesObserver],
])("a %s observer outlives its reader", async (_, observe) => {
  const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error("EPIPE")) });
  const observer = observe({ stream });
  const feed = new EventFeed();
  observer.on(feed.started());
  await new Promise((resolve) => stream.on("close", resolve));
  expect(() => observer.on(feed.ended())).not.toThrow();
});
