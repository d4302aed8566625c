/** How wide text is taken to be, and where it is cut and broken. */
import { describe, expect, it } from "vitest";
import { cutText, FONTS, textWidth, wrapText } from "./measure-text.js";

const { note, title } = FONTS;

describe("textWidth", () => {
  it("adds up the widest advances of the fonts", () => {
    expect(textWidth("il", note)).toBeCloseTo(((278 + 278) * 12) / 1000);
    expect(textWidth("W", title)).toBeCloseTo((1103 * 14) / 1000);
  });

  it("takes a family for one emoji, marks for nothing, and a Han character for a square", () => {
    expect(textWidth("👨‍👩‍👧‍👦", note)).toBe(textWidth("🚀", note));
    expect(textWidth("e\u0301\u0302", note)).toBe(textWidth("é", note));
    expect(textWidth("城市", note)).toBe(24);
  });
});

describe("cutText", () => {
  it("leaves what fits, and cuts the rest to an ellipsis that fits", () => {
    expect(cutText("short", note, 100)).toBe("short");
    for (const text of ["m".repeat(10_000), "🚀".repeat(50), "שלום עולם ".repeat(9)]) {
      const cut = cutText(text, note, 100);
      expect(cut).toMatch(/…$/);
      expect(textWidth(cut, note)).toBeLessThanOrEqual(100);
    }
  });

  it("cuts no emoji in two", () => {
    expect(cutText("👨‍👩‍👧‍👦".repeat(9), note, 60)).toMatch(/^(?:👨‍👩‍👧‍👦)+…$/u);
  });
});

describe("wrapText", () => {
  it("breaks between words, then inside of those that are too long, and cuts the last line", () => {
    const limit = { room: 100, lines: 2 };
    expect(wrapText("one two", note, limit)).toEqual(["one two"]);
    expect(wrapText("the first and the second line", note, limit)).toEqual(["the first and the", "second line"]);
    expect(wrapText("ReconcileOutstandingInvoices", note, limit)).toEqual([
      "Reconcile",
      expect.stringMatching(/^Outstanding.*…$/),
    ]);
    for (const line of wrapText("x".repeat(500), note, limit)) expect(textWidth(line, note)).toBeLessThanOrEqual(100);
  });
});
