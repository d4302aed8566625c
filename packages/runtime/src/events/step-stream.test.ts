/** A reader of a stream: bounded, told what it missed, gone when it stops. */
import { encodeValue, type RunEvent, type StepKey, type StepRef } from "@millrace/core";
import { expect, test } from "vitest";
import { StepStream } from "./step-stream.js";

const step: StepRef = { key: "F/F.run%23A/0" as StepKey, node: "A", task: "Ask" };
const other: StepRef = { key: "F/F.run%23B/0" as StepKey, node: "B", task: "Bid" };
const settled = (of: StepRef): RunEvent =>
  // The stream reads no more of an event.
  ({ type: "step-settled", step: of, state: "succeeded" }) as unknown as RunEvent;

function open(name: string): { readonly stream: StepStream; readonly left: StepStream[] } {
  const left: StepStream[] = [];
  return { stream: new StepStream(name, (one) => left.push(one)), left };
}

async function all(stream: StepStream): Promise<unknown[]> {
  const parts: unknown[] = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

test("a slow reader gets the newest 1,000 parts, and the number of those before them", async () => {
  const { stream } = open("Ask");
  for (let i = 0; i < 2_500; i++) stream.chunk(step, 1, encodeValue(i));
  stream.end();
  const [first, ...rest] = await all(stream);
  expect(first).toEqual({ type: "dropped", parts: 1_500 });
  expect(rest.map((part) => (part as { value: unknown }).value)).toEqual(
    Array.from({ length: 1_000 }, (_, i) => i + 1_500),
  );
});

test("chunks that wait take 16 MiB at most", async () => {
  const { stream } = open("Ask");
  const bytes = encodeValue("x".repeat(1_000_000));
  for (let i = 0; i < 40; i++) stream.chunk(step, 1, bytes);
  stream.end();
  const parts = await all(stream);
  expect(parts[0]).toEqual({ type: "dropped", parts: 24 });
  expect(parts).toHaveLength(17);
});

test("a reader that keeps up misses nothing, however much there is", async () => {
  const { stream } = open("Ask");
  for (let i = 0; i < 3_000; i++) {
    const next = stream.next();
    stream.chunk(step, 1, encodeValue(i));
    expect((await next).value).toEqual({ type: "chunk", step, attempt: 1, value: i });
  }
});

test.each(["Ask", "A", step.key as string])("%s names the step and no other", async (name) => {
  const { stream } = open(name);
  stream.chunk(other, 1, encodeValue("other"));
  stream.chunk(step, 2, encodeValue("own"));
  stream.hear(settled(other));
  stream.hear(settled(step));
  stream.end();
  expect(await all(stream)).toEqual([
    { type: "chunk", step, attempt: 2, value: "own" },
    { type: "ended", step, state: "succeeded" },
  ]);
});

test("a key's stream ends with its step; a name's goes on", async () => {
  const [byKey, byName] = [open(step.key), open("Ask")];
  for (const { stream } of [byKey, byName]) stream.hear(settled(step));
  expect(byKey.left).toEqual([byKey.stream]);
  expect(byName.left).toEqual([]);
  expect(await all(byKey.stream)).toHaveLength(1);
});

test("a reader that stops is let go at once, with what waits for it, and what it still waits for ends", async () => {
  const { stream, left } = open("Ask");
  stream.chunk(step, 1, encodeValue(1));
  for await (const part of stream) {
    expect(part.type).toBe("chunk");
    stream.chunk(step, 1, encodeValue(2));
    break;
  }
  expect(left).toEqual([stream]);
  stream.chunk(step, 1, encodeValue(3));
  expect(await stream.next()).toEqual({ value: undefined, done: true });
  const waiting = open("Ask").stream;
  const pending = waiting.next();
  await waiting.return();
  expect(await pending).toEqual({ value: undefined, done: true });
});

test("a chunk that cannot be read is the reader's error alone", async () => {
  const { stream } = open("Ask");
  const next = stream.next();
  expect(() => stream.chunk(step, 1, Uint8Array.of(1, 1, 0xc7))).not.toThrow();
  await expect(next).rejects.toMatchObject({ code: "value-unreadable" });
});
