/** Setup file of the Vitest plugin: fails each test file that leaves something open. Loaded by Vitest in its workers. */
import { AsyncLocalStorage } from "node:async_hooks";
import { aroundAll, aroundEach } from "vitest";
import { detectLeaks } from "../leaks/detect-leaks.js";

const running = new AsyncLocalStorage<string>();
const leaks = detectLeaks({ testName: () => running.getStore() });

aroundEach((runTest, { task }) => running.run(task.fullTestName, runTest));
// Around everything: hooks, their cleanups and fixtures of the file have all been given the time to close things.
aroundAll(async (runSuite) => {
  await runSuite();
  await leaks.assertNone();
});
