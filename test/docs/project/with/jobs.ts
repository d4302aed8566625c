/** The door `millrace/jobs`, the file functions that go with it, and documents for both. */
import type { JobGraph, RuleSet } from "millrace/jobs";

export { once } from "node:events";
export { readFile, writeFile } from "node:fs/promises";
export { join } from "node:path";
export {
  FolderRecords,
  flowFromJson,
  flowSpecToFlow,
  Job,
  type JobModule,
  jobHandler,
  loadJob,
  removeFlow,
  runStoredFlows,
  runUntilDone,
  Scheduler,
  shared,
  specFunctions,
  storeFlow,
  type TaskSpec,
} from "millrace/jobs";

export const graph: JobGraph = {
  version: 1,
  name: "nightly",
  nodes: [{ id: "a", run: { task: "FetchForecast" }, params: { city: { value: "Oslo" } } }],
  edges: [],
};
export const rules: RuleSet = {
  version: 1,
  name: "crawl",
  rules: [{ name: "index", filter: { type: "text" }, run: { rule: "IndexText" } }],
  tokens: [{ body: { type: "text", text: "hello" } }],
};
/** The source of a project, and the document of one that has none yet. */
export const yaml = "- { name: hello, cmd: echo hello }\n";
export const text: string | undefined = undefined;

export const hosts: readonly string[] = ["one", "two"];
export const host = "one";
export const connect = (host: string) => ({ send: (text: string): string => `${host}: ${text}`, close(): void {} });
