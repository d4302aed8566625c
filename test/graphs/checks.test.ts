/** What is wrong with flow bodies: every bad line is reported, and nothing of what only looks like it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { analyse, FIXTURES } from "./fixture-project.js";

describe("checks of flow bodies", () => {
  const folder = join(FIXTURES, "impure");
  const { result } = analyse(folder);
  const of = (code: string) => result.diagnostics.filter((d) => d.code === code);

  /** Lines of a fixture that end in a comment, with its text. */
  function marked(file: string): readonly { line: number; what: string }[] {
    return readFileSync(join(folder, file), "utf8")
      .split("\n")
      .flatMap((text, index) => {
        const what = /[;,] \/\/ (.+)$/.exec(text)?.[1];
        return what === undefined ? [] : [{ line: index + 1, what }];
      });
  }

  it.each(["src/bad.ts", "src/functions.ts", "src/helpers/naming.ts", "src/near-miss.ts", "src/tasks.ts"])(
    "impurities of %s",
    (file) => {
      const found = of("impure-flow-body").filter((d) => d.span.file === file);
      const expected = marked(file).filter(({ what }) => what !== "floating" && what !== "name");
      expect(found.map((d) => ({ line: d.span.line, what: d.data.uses }))).toEqual(expected);
      expect(found.every((d) => d.severity === "error" && d.hint)).toBe(true);
    },
  );

  it("shows the way through helpers", () => {
    const [clock] = of("impure-flow-body").filter((d) => d.span.file === "src/helpers/naming.ts");
    expect(clock?.related.map(({ span, message }) => [span.file, message])).toEqual([
      ["src/bad.ts", "Bad calls `stampName` here"],
      ["src/helpers/naming.ts", "which calls `today` here"],
    ]);
    expect(clock?.hint).toContain("this.now()");
  });

  it("reports calls that nobody waits for", () => {
    const lines = marked("src/bad.ts").filter(({ what }) => what === "floating");
    const found = of("floating-call").filter((d) => d.span.file === "src/bad.ts");
    expect(found.map((d) => d.span.line).slice(0, 3)).toEqual(lines.map(({ line }) => line));
    expect(found.slice(3).map((d) => d.message)).toEqual([
      "Nobody waits for the result of `[1].forEach`: `forEach` drops the promises of its callback.",
    ]);
  });

  it("speaks of a flow by the name that its function gives it", () => {
    const hints = of("impure-flow-body").flatMap((d) => (d.span.file === "src/functions.ts" ? [d.hint] : []));
    expect(hints[0]).toContain("body.now()");
    expect(hints[1]).toContain("body.step(name, fn)");
    const floating = of("floating-call").filter((d) => d.span.file === "src/functions.ts");
    expect(floating.map((d) => [d.span.line, d.hint])).toEqual([
      [marked("src/functions.ts").find(({ what }) => what === "floating")?.line, expect.stringContaining("body.call")],
    ]);
  });

  it("asks for literal names", () => {
    expect(of("computed-step-name").map((d) => d.span.line)).toEqual(
      marked("src/bad.ts").flatMap(({ line, what }) => (what === "name" ? [line] : [])),
    );
  });
});
