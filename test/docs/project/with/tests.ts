/** What a test of the documentation takes for granted: Vitest, the test kit, an open test engine, two files. */
import { fileURLToPath } from "node:url";
import { openTestEngine, type TestEngine } from "millrace/testing";
import { afterAll } from "vitest";

export { controlled, createTestProject, detectLeaks, ManualClock, openTestEngine } from "millrace/testing";
export { expect, test } from "vitest";
export { CountWords, WordReport } from "../src/words.js";

export const file: string = fileURLToPath(import.meta.url);
export const files: string[] = [file, file];
export const engine: TestEngine = await openTestEngine();
afterAll(() => engine.close());
