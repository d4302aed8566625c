import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Manifest } from "@millrace/core";
import { compileValidator } from "@millrace/core/validate";
import { expect, test } from "vitest";
import { jobSchema, jobSchemaText } from "./job-schema.js";

const published = createRequire(import.meta.url).resolve("@millrace/jobs/job.schema.json");

test("the published schema is that of a job without a build", () => {
  expect(JSON.parse(readFileSync(published, "utf8"))).toEqual(JSON.parse(jobSchemaText(jobSchema())));
});

const entry = (kind: string, id: string, paramsSchema: object): object => ({
  kind,
  id,
  doc: `Does ${id}.`,
  paramsSchema: { type: "object", additionalProperties: false, ...paramsSchema },
  params: [{ name: "city", doc: "Where." }],
});
// Only what the schema reads.
const build = {
  tasks: {
    Fetch: entry("task", "Fetch", {
      properties: {
        city: { type: "string" },
        days: { type: "number" },
        where: { $ref: "#/$defs/Place" },
        key: { "x-millrace-kind": "Secret" },
      },
      required: ["city"],
      $defs: {
        Place: {
          type: "object",
          properties: { lat: { type: "number" }, next: { $ref: "#/$defs/Place" } },
          required: ["lat"],
        },
      },
    }),
    Render: entry("task", "Render", { properties: { mode: { enum: ["a", "b"] } } }),
    Draw: { ...entry("task", "Draw", { properties: { token: { type: "object" } } }), rule: {} },
  },
  flows: { Report: entry("flow", "Report", { properties: { city: { type: "string" } } }) },
} as unknown as Pick<Manifest, "tasks" | "flows">;

const wrong = (job: object): readonly string[] => compileValidator(jobSchema(build))(job).map(({ path }) => path);

test.each<[string, object]>([
  [
    "a whole task",
    {
      version: 1,
      tasks: {
        a: { task: "Fetch", parameters: { city: "Oslo", days: 3, where: { lat: 1, next: { lat: 2 } } }, after: "b" },
      },
    },
  ],
  [
    "built-in loggers, by their own names and the ancestor's, and those of modules",
    {
      loggers: {
        files: { logger: "FileLogger", parameters: { base_log_dir: "logs", retention_days: 3 } },
        own: { variant: "FileLogger", params: { dir: "$VAR{dir}" } },
        mine: { logger: "Mine", parameters: { anything: 1 } },
      },
      checkpointer: { checkpointer: "FileCheckpointer", parameters: { dir: "x" } },
    },
  ],
  [
    "a part of one, for an include",
    { tasks: { a: { parameters: { anything: 1 } }, b: { task: "Fetch", params: {} } } },
  ],
  [
    "references and variables for values",
    { tasks: { a: { task: "Fetch", params: { days: "$" + "{{ tasks.b.result }}", where: { lat: "$VAR{lat}" } } } } },
  ],
  ["a secret by name", { tasks: { a: { task: "Fetch", params: { key: { secret: { env: "KEY" } } } } } }],
  [
    "a flow",
    { tasks: { a: { flow: "Report", parameters: { city: "Oslo" }, critical: false, options: { priority: 1 } } } },
  ],
  [
    "rules",
    {
      rules: {
        fetch: {
          filter: { type: "city" },
          task: "Fetch",
          params: { city: "$" + "{{ token.name }}" },
          max_attempts: 2,
          next: [{ each: "$" + "{{ result }}", token: { type: "day" } }, { token: {}, back: {} }, { return: 1 }],
          on_error: { repeat: 1, next: [{ token: null }] },
        },
        render: { rule: "Draw" },
      },
      tokens: [{ type: "city", name: "Oslo" }],
      unmatched: "error",
      limits: { depth: 10 },
    },
  ],
])("accepts %s", (_, job) => expect(wrong(job)).toEqual([]));

test.each<[string, object]>([
  ["a task that there is not", { tasks: { a: { task: "Fetsch" } } }],
  ["another task's parameter", { tasks: { a: { task: "Render", parameters: { city: "Oslo" } } } }],
  ["a value of another type", { tasks: { a: { task: "Fetch", params: { days: "three" } } } }],
  ["one deep inside", { tasks: { a: { task: "Fetch", params: { where: { next: { lat: true } } } } } }],
  ["a misspelt field", { tasks: { a: { task: "Fetch", dependancies: [] } } }],
  ["a secret as a text", { tasks: { a: { task: "Fetch", params: { key: "hunter2" } } } }],
  ["another version", { version: 2 }],
  ["a rule class that there is not", { rules: { a: { rule: "Render" } } }],
  ["a misspelt field of what follows", { rules: { a: { filter: {}, next: [{ tokn: {} }] } } }],
  ["a rule's parameter of another type", { rules: { a: { filter: {}, task: "Fetch", params: { days: "three" } } } }],
  ["a built-in's parameter misspelt", { loggers: { a: { logger: "FileLogger", parameters: { retention: 3 } } } }],
  ["a token that is none", { rules: {}, tokens: ["a"] }],
])("refuses %s", (_, job) => expect(wrong(job)).not.toEqual([]));

test("what people see while they write are the comments of the source", () => {
  const defs = jobSchema(build).$defs ?? {};
  expect(defs["task:Fetch"]).toMatchObject({
    description: "Does Fetch.",
    properties: { city: { description: "Where." } },
  });
});
