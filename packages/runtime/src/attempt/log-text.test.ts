import { describe, expect, it } from "vitest";
import { capLogText, LineAssembler, MAX_LOG_TEXT } from "./log-text.js";

describe("capLogText", () => {
  it("leaves a text of the longest length alone and cuts the next longer one, saying so", () => {
    const longest = "x".repeat(MAX_LOG_TEXT);
    expect(capLogText(longest)).toBe(longest);
    expect(capLogText(`${longest}y`)).toBe(`${longest}… [cut: 65536 of 65537 characters]`);
  });
});

describe("LineAssembler", () => {
  it("gives whole lines, several of one write together, and keeps the rest", () => {
    const lines = new LineAssembler();
    expect([lines.add("a"), lines.add("b\nc\n"), lines.add("d")]).toEqual([undefined, "ab\nc", undefined]);
    expect([lines.take(), lines.take()]).toEqual(["d", undefined]);
  });

  it("keeps empty lines", () => {
    const lines = new LineAssembler();
    expect([lines.add("\n"), lines.add("a\n\n")]).toEqual(["", "a\n"]);
  });

  it("gives a text without line breaks away before it grows over the limit", () => {
    const lines = new LineAssembler();
    expect(lines.add("x".repeat(MAX_LOG_TEXT))).toHaveLength(MAX_LOG_TEXT);
    expect(lines.take()).toBeUndefined();
  });
});
