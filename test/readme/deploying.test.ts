/** The samples of docs/deploying.md are files of the consumers, which are built and run. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const SAMPLE = /<!-- (test\/consumers\/\S+) -->\n```\w+\n([\s\S]*?)```/g;

it("shows the consumers' files as they are", () => {
  const page = readFileSync(`${REPOSITORY}/docs/deploying.md`, "utf8");
  const samples = [...page.matchAll(SAMPLE)];
  expect(samples).toHaveLength([...page.matchAll(/^```[jt]s$/gm)].length);
  for (const [, file, text] of samples) expect(text, file).toBe(readFileSync(`${REPOSITORY}/${file}`, "utf8"));
});
