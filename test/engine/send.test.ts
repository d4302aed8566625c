/** A message from outside comes once, whatever becomes of the owners on the way. */
import { encodeValue, type RunId } from "@millrace/core";
import { cancelRun, memoryStore, ownerInfo, sendMessage } from "@millrace/runtime";
import { defineFlow } from "@millrace/sdk";
import { ManualClock, openTestEngine } from "@millrace/testing";
import { runStartedFact } from "@millrace/testing/conformance";
import { expect, it } from "vitest";

// Safe: a well-formed id.
const RUN = "run-a" as RunId;

/** A run on record that one engine owns. */
async function owned() {
  const clock = new ManualClock();
  const store = memoryStore({ clock });
  const lease = await store.acquire(RUN, ownerInfo("one"));
  await store.append([{ ...lease, facts: [runStartedFact()] }]);
  return { clock, store, lease };
}

it("an owner that took the request along when it went away is followed by one that is asked anew, for the same message", async () => {
  const { clock, store, lease } = await owned();
  const sent = sendMessage(store, { run: RUN, name: "go", data: 1, clock, manifestOf: async () => undefined });
  await clock.waiting(100);
  const [first] = await store.takeRequests([lease]);
  await store.release([lease]);
  const next = await store.acquire(RUN, ownerInfo("two"));
  clock.advance(100);
  await clock.waiting(100);
  expect(await store.takeRequests([next])).toMatchObject([{ kind: "send", name: "go", value: first?.value }]);
  await store.release([next]);
  clock.advance(100);
  expect(await sent).toBe("sender");
});

it("so is one that was asked to cancel", async () => {
  const { clock, store, lease } = await owned();
  const cancelled = cancelRun(store, { run: RUN, reason: "enough", clock });
  await clock.waiting(200);
  expect(await store.takeRequests([lease])).toHaveLength(1);
  await store.release([lease]);
  const next = await store.acquire(RUN, ownerInfo("two"));
  clock.advance(200);
  await clock.waiting(200);
  expect(await store.takeRequests([next])).toMatchObject([{ kind: "cancel", name: "enough" }]);
  await store.release([next]);
  clock.advance(200);
  expect(await cancelled).toMatchObject({ state: "aborted" });
});

it("a request that comes twice is one message", async () => {
  const clock = new ManualClock();
  const store = memoryStore({ clock });
  await using engine = await openTestEngine({ clock, store });
  const flow = defineFlow({
    id: "Two",
    run: async (_: object, body) => [await body.waitFor("go"), await body.waitFor("go")],
  });
  const run = engine.start(flow, {}, { id: RUN });
  await engine.events.until("step-running");
  const value = encodeValue({ id: "the one", value: encodeValue("first") });
  for (let time = 0; time < 2; time++) await store.request({ run: RUN, kind: "send", name: "go", value });
  clock.advance(250);
  await engine.events.until("step-settled");
  await run.send("go", "second");
  expect(await run.result()).toEqual(["first", "second"]);
});
