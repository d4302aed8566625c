import type { FlowEntry } from "@millrace/core";
import { expect, test } from "vitest";
import { parameterRows } from "./parameter-help.js";

test("rows show flag, doc comment, type, and default or need", () => {
  const entry = {
    params: [
      {
        name: "cities",
        schema: { type: "array", items: { type: "string" } },
        text: "string[]",
        required: true,
        doc: "City\n names.",
      },
      { name: "days", schema: { type: "number" }, text: "number", required: false, default: { value: 7 } },
      { name: "dryRun", schema: { type: "boolean" }, text: "boolean", required: false, default: { value: false } },
      {
        name: "since",
        schema: { "x-millrace-kind": "Date" },
        text: "Date",
        required: false,
        default: { source: "new Date(0)" },
      },
      { name: "id", schema: { type: "string" }, text: "string", required: true },
    ],
    paramsSchema: {},
  };
  // Help looks at nothing else of a flow.
  expect(parameterRows(entry as unknown as FlowEntry, new Set(["id"]))).toEqual([
    { flags: "--cities <text> ...", meaning: "City names.", facts: "string[], required" },
    { flags: "--days <number>", meaning: "", facts: "number, default 7" },
    { flags: "--[no-]dryRun", meaning: "", facts: "boolean, default false" },
    { flags: "--since <date>", meaning: "", facts: "Date, default new Date(0)" },
    { flags: "--param id=<value>", meaning: "", facts: "string, required" },
  ]);
});
