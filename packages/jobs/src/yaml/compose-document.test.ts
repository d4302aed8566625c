import { describe, expect, test } from "vitest";
import { composeDocument } from "./compose-document.js";

/** What is wrong, and the text that it stands at. */
function wrongIn(text: string): readonly [string, string] {
  const composed = composeDocument(text);
  if (!("wrong" in composed)) throw new Error("nothing is wrong");
  return [composed.wrong, text.slice(...composed.at)];
}

describe("what is wrong is told where it was written", () => {
  test("a field that is set in too far, at the field", () => {
    expect(wrongIn("a:\n  backoff: 2\n     timeout: 30s\n")).toEqual([
      "a field is set in deeper than the one above it, which has a value already",
      "timeout",
    ]);
  });

  test("a colon in a value, at the value", () => {
    expect(wrongIn("a:\n  text: It is: fine\n")).toEqual(["a value is followed by a colon, as if it were a name", "I"]);
  });
});
