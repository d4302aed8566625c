/** Webhooks against a server of this machine: what is told, what is tried again, and what a failing one costs a run. */
import { type RunMomentKind, type WebhookObserverOptions, webhookObserver } from "@millrace/runtime";
import { defineFlow, defineTask, Secret } from "@millrace/sdk";
import { controlled, ManualClock, openTestEngine } from "@millrace/testing";
import { EventFeed } from "@millrace/testing/conformance";
import { expect, it, onTestFinished } from "vitest";
import { heardOnStderr } from "./stderr.js";
import { webServer } from "./web-server.js";

const ALL: readonly RunMomentKind[] = ["start", "restart", "success", "failure", "abort", "suspend"];
const work = defineTask({ id: "Work", run: (_: { x: number }): number => 0 });
const report = defineFlow({ id: "Report", run: (_: object, body) => body.call(work, { x: 1 }) });

async function runOnce(options: WebhookObserverOptions, error?: Error): Promise<void> {
  const works = controlled(work);
  await using engine = await openTestEngine({ standIns: [works], observers: [webhookObserver(options)] });
  const run = engine.start(report, {}, { id: "r" });
  const attempt = await works.next();
  if (error) attempt.fail(error);
  else attempt.finish(7);
  await run.outcome();
}

it("tell of the moments that are asked for and of no other", async () => {
  const server = await webServer((response) => response.end("ok"));
  await runOnce({ url: server.url, on: ["start", "failure"] }, new TypeError("fetch failed"));
  await runOnce({ url: server.url, on: ["start", "failure"] });
  const told = server.sent.map(({ body }) => JSON.parse(body));
  expect(told.map(({ kind }) => kind)).toEqual(["start", "failure", "start"]);
  expect(told[1]).toMatchObject({
    kind: "failure",
    run: "r",
    flow: "Report",
    totals: { total: 1, failed: 1 },
    error: { name: "TypeError", message: "fetch failed" },
    text: expect.stringMatching(/^Report failed in .+ \(1 step: 1 failed\): TypeError: fetch failed \(run r\)$/),
  });
  expect(server.sent[0]?.headers["content-type"]).toBe("application/json");
});

it("are told in order, each kind, whatever the run does", async () => {
  const server = await webServer((response) => response.end());
  const observer = webhookObserver({ url: server.url, on: ALL, body: ({ text }) => text });
  const feed = new EventFeed();
  const failed = { name: "TypeError", message: "fetch failed" };
  const ends = [
    feed.ended(),
    feed.ended({}, failed),
    feed.suspended("interrupt", "SIGINT"),
    feed.suspended("wait", "waits for approval"),
  ];
  for (const [i, end] of ends.entries()) {
    observer.on(i % 2 === 0 ? feed.started() : feed.resumed(3));
    observer.on(end);
  }
  await observer.close?.();
  expect(server.sent.map(({ body }) => body)).toEqual([
    "CityReport started (run oslo-1)",
    "CityReport succeeded in 12.3 s (0 steps) (run oslo-1)",
    "CityReport goes on (run oslo-1)",
    "CityReport failed in 12.3 s (0 steps): TypeError: fetch failed (run oslo-1)",
    "CityReport started (run oslo-1)",
    "CityReport was aborted: SIGINT (run oslo-1)",
    "CityReport goes on (run oslo-1)",
    "CityReport is suspended: waits for approval (run oslo-1)",
  ]);
});

it("try again after a pause what may work later, three times in all", async () => {
  const heard = heardOnStderr();
  const server = await webServer((response, request) => response.writeHead(request < 3 ? 503 : 200).end());
  const clock = new ManualClock();
  const observer = webhookObserver({ url: server.url, on: ["start"], clock });
  observer.on(new EventFeed().started());
  for (const [request, pause] of [
    [1, 1_000],
    [2, 4_000],
  ] as const) {
    await server.until(request);
    await clock.waiting(pause);
    expect(server.sent).toHaveLength(request);
    clock.advance(pause);
  }
  await server.until(3);
  await observer.close?.();
  expect(server.sent).toHaveLength(3);
  expect(heard()).toBe("");
});

it("pause as long as the server asks for, a minute at most", async () => {
  const asked = ["20", "3600", "0", new Date(Date.now() + 3_600_000).toUTCString()];
  const server = await webServer((response, request) => {
    const wait = asked[request - 1];
    response.writeHead(wait === undefined ? 200 : 429, wait === undefined ? {} : { "retry-after": wait }).end();
  });
  const clock = new ManualClock();
  const observer = webhookObserver({ url: server.url, on: ["start"], clock, attempts: 5 });
  observer.on(new EventFeed().started());
  for (const [request, pause] of [20_000, 60_000, 16_000, 64_000].entries()) {
    await server.until(request + 1);
    await clock.waiting(pause);
    clock.advance(pause);
  }
  await server.until(5);
  await observer.close?.();
  expect(server.sent).toHaveLength(5);
});

it("do not try again what is refused, and go on with the next one", async () => {
  const heard = heardOnStderr();
  const server = await webServer((response, request) => response.writeHead(request === 1 ? 410 : 200).end());
  await runOnce({ url: server.url, on: ["start", "success"] });
  expect(server.sent).toHaveLength(2);
  expect(heard()).toMatch(
    /^millrace: the observer "webhook" could not tell of "start" of run r: 127\.0\.0\.1:\d+ answered 410 Gone\n$/,
  );
});

it("that fail cost a run nothing, and say why without the path of the address", async () => {
  const heard = heardOnStderr();
  let tries = 0;
  const nobody = async (): Promise<Response> => {
    tries += 1;
    throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED 127.0.0.1:9") });
  };
  await runOnce({ url: "http://127.0.0.1:9/hooks/very-secret", on: ["success"], fetch: nobody });
  expect(tries).toBe(3);
  expect(heard()).toContain('could not tell of "success" of run r: fetch failed: connect ECONNREFUSED');
  expect(heard()).not.toContain("very-secret");
  expect(() => webhookObserver({ url: "hooks/very-secret", on: ["start"] })).toThrow(
    expect.objectContaining({ code: "invalid-options", message: expect.not.stringContaining("very-secret") }),
  );
});

it("have so much time for each try", async () => {
  const heard = heardOnStderr();
  const server = await webServer(() => {});
  const clock = new ManualClock();
  const observer = webhookObserver({ url: server.url, on: ["start"], clock, attempts: 1, timeout: 2_500 });
  observer.on(new EventFeed().started());
  await server.until(1);
  clock.advance(2_500);
  await observer.close?.();
  expect(heard()).toContain("no answer in 2500 ms");
});

it("may have secret addresses and headers, which are revealed for each request", async () => {
  const heard = heardOnStderr();
  const server = await webServer((response) => response.writeHead(400).end());
  process.env.HOOK_URL = server.url;
  process.env.HOOK_KEY = "key-of-the-hook";
  onTestFinished(() => {
    delete process.env.HOOK_URL;
    delete process.env.HOOK_KEY;
  });
  const headers = { authorization: Secret.env("HOOK_KEY"), "x-plain": "yes" };
  await runOnce({ url: Secret.env("HOOK_URL"), on: ["success"], headers });
  expect(server.sent[0]?.headers).toMatchObject({ authorization: "key-of-the-hook", "x-plain": "yes" });
  expect(heard()).toContain("answered 400");
  expect(heard()).not.toMatch(/very-secret|key-of-the-hook/);
});

it("are refused with moments that there are not", () => {
  // Past the types, as a job file would be.
  const on = ["sucess"] as unknown as RunMomentKind[];
  expect(() => webhookObserver({ url: "https://example.test/", on })).toThrow(/on must be some of start, restart/);
  expect(() => webhookObserver({ url: "https://example.test/", on: [], attempts: 0 })).toThrow(/attempts must be/);
});
