/** Every check, on a project of mistakes: each finding is announced by a comment on its line, near misses are not. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { fixtureProject } from "./fixture-project.js";

/** `file:line code` of every line that ends with `// code`, or that is followed by a line with nothing else. */
function announced(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), "utf8")
      .split("\n")
      .flatMap((line, i) => {
        const [, before = "", code] = /^(.*) \/\/ ([a-z]+(?:-[a-z]+)+)$/.exec(line) ?? [];
        return code ? [`src/${file}:${before.trim() === "" ? i : i + 1} ${code}`] : [];
      }),
  );
}

test("each check finds its mistakes and nothing else", async () => {
  await using project = await fixtureProject("mistakes");
  const result = await project.check();
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  const found = errors.map(({ span, code }) => `${span.file}:${span.line} ${code}`);
  expect([...found].sort()).toEqual([...announced(project.path("src"))].sort());
  expect(result.manifest).toBeUndefined();
  expect(errors.filter(({ message }) => /not Promise</.test(message)).map(({ hint }) => hint)).toEqual([
    expect.stringMatching(/`await`/),
  ]);
  for (const { code, hint, span, related } of errors) {
    expect(hint, code).toMatch(/\w/);
    expect(existsSync(fileURLToPath(new URL(`../../docs/diagnostics/${code}.md`, import.meta.url))), code).toBe(true);
    for (const { file } of [span, ...related.map((other) => other.span)])
      expect(existsSync(project.path(file))).toBe(true);
  }
});
