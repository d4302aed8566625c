import { describe, expect, it } from "vitest";
import { FrameWriter, keepFromFrame, viewInFrame } from "./frame.js";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe("FrameWriter", () => {
  it("lays byte strings back to back, empty ones included", () => {
    const writer = new FrameWriter();
    const spans = [bytes(1, 2), bytes(), bytes(3)].map((part) => writer.add(part));
    expect(writer.size).toBe(3);
    const frame = writer.take();
    expect(spans.map((span) => [...viewInFrame(frame, span)])).toEqual([[1, 2], [], [3]]);
  });

  it("starts anew after take", () => {
    const writer = new FrameWriter();
    writer.add(bytes(9));
    writer.take();
    const span = writer.add(bytes(7, 8));
    expect(span).toEqual({ at: 0, size: 2 });
    expect([...new Uint8Array(writer.take())]).toEqual([7, 8]);
  });

  it("reads a view inside a larger buffer by its own bytes only", () => {
    const pool = bytes(0, 0, 5, 6, 0);
    const writer = new FrameWriter();
    writer.add(pool.subarray(2, 4));
    expect([...new Uint8Array(writer.take())]).toEqual([5, 6]);
  });
});

describe("keepFromFrame", () => {
  it("copies a small value out and leaves a dominant one in place", () => {
    const writer = new FrameWriter();
    const small = writer.add(bytes(1));
    const large = writer.add(bytes(2, 3, 4));
    const frame = writer.take();
    expect(keepFromFrame(frame, small).buffer).not.toBe(frame);
    expect([...keepFromFrame(frame, small)]).toEqual([1]);
    expect(keepFromFrame(frame, large).buffer).toBe(frame);
    expect([...keepFromFrame(frame, large)]).toEqual([2, 3, 4]);
  });
});
