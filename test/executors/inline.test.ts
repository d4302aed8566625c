/** The inline executor keeps the contract, and leaves the process as it found it. */

import { inlineExecutor } from "@millrace/runtime";
import { executorConformance } from "@millrace/testing/conformance";
import { expect, it } from "vitest";

executorConformance("inline", () => inlineExecutor());

it("restores console, streams and process functions when the last inline executor closes", async () => {
  const seen = (): unknown[] => [console.log, console.error, process.stdout.write, process.exit, process.kill];
  const before = seen();
  const executors = [inlineExecutor(), inlineExecutor()];
  expect(seen()).not.toEqual(before);
  await executors[0]?.close();
  expect(seen()).not.toEqual(before);
  await executors[1]?.close();
  expect(seen()).toEqual(before);
});
