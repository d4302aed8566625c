/** What stamped code means stays what the author wrote; only frames are added. */
import { describe, expect, it } from "vitest";
import { $get, $iterate, $tag, currentFrame, runInFrame } from "./stamps.js";

const sites = (): readonly string[] => {
  const found: string[] = [];
  for (let frame = currentFrame(); frame; frame = frame.parent) found.unshift(frame.site);
  return found;
};

describe("implicit calls", () => {
  it("reads an accessor of its receiver in a frame", () => {
    const page = {
      city: "Oslo",
      get read(): readonly string[] {
        return [this.city, ...sites()];
      },
    };
    expect($get("a#read", page, "read")).toEqual(["Oslo", "a#read"]);
    expect(sites()).toEqual([]);
  });

  it("hands texts and values to a tag, which keeps its receiver", () => {
    const page = {
      city: "Oslo",
      tag(parts: TemplateStringsArray, value: number): readonly unknown[] {
        return [this.city, [...parts], parts.raw.length, value, ...sites()];
      },
    };
    const tag = $tag("a#tag", page.tag as never, page) as typeof page.tag;
    expect(tag`x${1}y`).toEqual(["Oslo", ["x", "y"], 2, 1, "a#tag"]);
  });

  it("runs each part of a generator in one frame, under the one where its loop stands", async () => {
    async function* pages(): AsyncGenerator<readonly string[]> {
      yield sites();
      await Promise.resolve();
      yield sites();
    }
    const seen: (readonly string[])[] = [];
    await runInFrame({ site: "outer" as never, item: undefined, parent: undefined }, async () => {
      for await (const page of $iterate("a#pages", pages()) as AsyncIterable<readonly string[]>) {
        seen.push(page, sites());
      }
    });
    expect(seen).toEqual([["outer", "a#pages"], ["outer"], ["outer", "a#pages"], ["outer"]]);
  });

  it("tells a generator that its loop was left, and hands on what it is sent", () => {
    const told: string[] = [];
    function* numbers(): Generator<number, string, string> {
      try {
        told.push(yield 1);
        told.push(yield 2);
        return "end";
      } finally {
        told.push("left");
      }
    }
    for (const n of $iterate("a#n", numbers()) as Iterable<number>) if (n === 1) break;
    expect(told).toEqual(["left"]);
    function* outer(): Generator<number, string, string> {
      return yield* $iterate("a#n", numbers()) as Generator<number, string, string>;
    }
    const iterator = outer();
    iterator.next();
    iterator.next("a");
    expect(iterator.next("b")).toEqual({ done: true, value: "end" });
    expect(told).toEqual(["left", "a", "b", "left"]);
  });

  it("leaves lists, texts and what cannot be iterated as the language has them", () => {
    expect([...($iterate("a#x", [1, 2]) as number[])]).toEqual([1, 2]);
    expect([...($iterate("a#x", "ab") as string)]).toEqual(["a", "b"]);
    for (const value of [undefined, null, 7, {}]) expect($iterate("a#x", value)).toBe(value);
  });
});
