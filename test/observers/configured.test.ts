/** Observers and checkpointers by name: built-ins, and what modules of a project export. */
import { existsSync } from "node:fs";
import {
  type ConfiguredEntry,
  checkpointerFromConfig,
  loadObserverRegistry,
  type ObserverSources,
  observersFromConfig,
} from "@millrace/runtime";
import { createTestProject, type TestProject } from "@millrace/testing";
import { EventFeed, everyEvent } from "@millrace/testing/conformance";
import { afterEach, beforeEach, expect, test } from "vitest";

const SLACK = `
export class SlackLogger {
  static parameters = {
    type: "object",
    properties: { webhook: { type: "string" }, told: {} },
    required: ["webhook"],
    additionalProperties: false,
  };
  constructor({ webhook, told }) { this.webhook = webhook; this.told = told; }
  write({ message }) { this.told.push(this.webhook + " " + message); }
}
export const bar = ({ told }) => ({ update: ({ from, to }) => told.push(from + " > " + to) });
export const quiet = { name: "quiet", on() {} };
export class Strict { constructor({ size }) { if (!(size > 0)) throw new RangeError("size must be above 0"); } write() {} }
export class Nothing {}
export default class Unnamed {}
`;

let project: TestProject;
beforeEach(async () => {
  project = await createTestProject({ nodeModules: false, files: { "loggers/deep/slack.mjs": SLACK } });
});
afterEach(() => project.remove());

async function made(entry: Omit<ConfiguredEntry, "at">, sources: Partial<ObserverSources> = {}) {
  const registry = await loadObserverRegistry({ root: project.root, ...sources });
  const [observer] = await observersFromConfig([{ at: "loggers.mine", ...entry }], registry);
  return observer;
}

test("classes, functions and objects of modules become observers, with their parameters", async () => {
  const told: string[] = [];
  const registry = await loadObserverRegistry({ root: project.root });
  const observers = await observersFromConfig(
    [
      { at: "loggers.slack", use: "SlackLogger", params: { webhook: "#ops", told } },
      { at: "extensions.bar", use: "bar", params: { told } },
      { at: "loggers.quiet", use: "quiet" },
    ],
    registry,
  );
  expect(observers.map(({ name }) => name)).toEqual(["SlackLogger", "extension", "quiet"]);
  const feed = new EventFeed();
  for (const event of [feed.started(), feed.log("hello"), feed.ended()]) for (const one of observers) one.on(event);
  expect(told.filter((line) => !/started|succeeded in/.test(line))).toEqual([
    "pending > running",
    "#ops hello",
    "running > succeeded",
  ]);
});

test("built-ins have names, too, and paths that start at the project", async () => {
  const logs = await made({ use: "FileLogger", params: { dir: "my-logs", retentionDays: -1 } });
  for (const event of everyEvent()) logs?.on(event);
  await logs?.close?.();
  expect(existsSync(project.path("my-logs/oslo-1/flow.jsonl"))).toBe(true);
  const usual = await made({ use: "FileLogger" });
  for (const event of everyEvent()) usual?.on(event);
  await usual?.close?.();
  expect(existsSync(project.path(".flow/logs/oslo-1/flow.jsonl"))).toBe(true);
  const names = await Promise.all([
    made({ use: "ConsoleLogger" }),
    made({ use: "JsonLogger" }),
    made({ use: "Webhook", params: { url: "https://example.test/", on: ["failure"] } }),
    made({ use: "Email", params: { transport: "smtp://localhost", from: "a@b.test", to: ["c@d.test"], on: [] } }),
  ]);
  expect(names.map((one) => one?.name)).toEqual(["console", "json-lines", "webhook", "email"]);
});

test.each([
  [{ use: "SlackLoger" }, 'loggers.mine: there is no "SlackLoger".', 'Did you mean "SlackLogger"?'],
  [
    { use: "SlackLogger", params: { told: [] } },
    /^loggers\.mine: the parameters of "SlackLogger" do not fit: .*webhook/,
    "Correct",
  ],
  [{ use: "FileLogger", params: { retention: 3 } }, /do not fit: .*retention/, "Correct"],
  [{ use: "FileLogger", params: { retentionDays: "3" } }, /do not fit: .*retentionDays/, "Correct"],
  [{ use: "Webhook", params: { url: "https://example.test/", on: ["sucess"] } }, /do not fit: .*on\[0\]/, "Correct"],
  [{ use: "Strict", params: { size: 0 } }, 'loggers.mine: "Strict" cannot be made: size must be above 0.', "Correct"],
  [
    { use: "quiet", params: { x: 1 } },
    'loggers.mine: "quiet" is an object, and takes no parameters: x has no place.',
    "Export",
  ],
  [{ use: "Nothing" }, 'loggers.mine: "Nothing" is no observer.', "A logger has the method write"],
  [{ use: "FileCheckpointer", params: { dir: "x" } }, '"FileCheckpointer" is no observer', "A logger"],
  [{ use: "Unnamed" }, 'there is no "Unnamed"', "There are"],
])("what is wrong is said with its place: %j", async (entry, message, hint) => {
  await expect(made(entry)).rejects.toMatchObject({
    code: "observer-invalid",
    message: typeof message === "string" ? expect.stringContaining(message) : expect.stringMatching(message),
    hint: expect.stringContaining(hint),
    data: { at: "loggers.mine", use: entry.use },
  });
});

test("19. a broken module is named; usual folders may be missing, configured ones may not; packages are looked into", async () => {
  await expect(made({ use: "bar" }, { folders: ["nowhere"] })).rejects.toThrow('there is no "bar"');
  await expect(made({ use: "bar" }, { required: ["nowhere"] })).rejects.toMatchObject({
    code: "observer-invalid",
    message: `The folder ${project.path("nowhere")} cannot be read.`,
  });
  project.write("more/broken.mjs", 'import "./not-there.mjs";\n');
  project.write("more/broken.test.mjs", "throw new Error('tests are no modules');\n");
  await expect(made({ use: "bar" }, { required: ["more"] })).rejects.toMatchObject({
    code: "observer-invalid",
    message: expect.stringContaining(`The module ${project.path("more/broken.mjs")} failed on import: `),
  });
  project.write(
    "node_modules/own-loggers/package.json",
    '{ "name": "own-loggers", "type": "module", "exports": "./main.js" }',
  );
  project.write("node_modules/own-loggers/main.js", "export const theirs = { write() {}, name: 'theirs' };\n");
  expect((await made({ use: "theirs" }, { packages: ["own-loggers"] }))?.name).toBe("theirs");
  await expect(made({ use: "x" }, { packages: ["not-installed"] })).rejects.toThrow("The module not-installed failed");
});

test("16. two checkpointers are refused, and what is none", async () => {
  const registry = await loadObserverRegistry({ root: project.root, more: { half: { write() {}, read() {} } } });
  const files = { use: "FileCheckpointer", params: { dir: "points" } };
  const found = await checkpointerFromConfig([{ at: "checkpointer", ...files }], registry);
  await found?.write("n", "text");
  expect(existsSync(project.path("points"))).toBe(true);
  expect(await checkpointerFromConfig([], registry)).toBeUndefined();
  const two = [
    { at: "checkpointer.a", ...files },
    { at: "checkpointer.b", ...files },
  ];
  await expect(checkpointerFromConfig(two, registry)).rejects.toThrow(
    "checkpointer.b: checkpointer.a is a checkpointer already.",
  );
  await expect(checkpointerFromConfig([{ at: "checkpointer", use: "half" }], registry)).rejects.toThrow(
    '"half" is no checkpointer',
  );
});
