/** Ways to break a flow spec in JSON: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, replaced } from "../diagnostics/text-edits.js";
import { JSON_MUTATORS } from "./json-mutators.js";

const ALL = /\.json$/;

/** The ways. */
export const SPEC_MUTATORS: readonly Mutator[] = [
  {
    name: "field misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /"(cfg|data|fail_fast|task_type|task_params|precursors)":/g),
  },
  { name: "neighbour misspelt", files: ALL, edits: (text) => letterLost(text, /"precursors": \["(\w+)"/g) },
  {
    name: "neighbour of itself",
    files: ALL,
    edits: (text) => replaced(text, /"precursors": \["(fetch)"\], "task_type": "log"/g, "tell"),
  },
  { name: "key twice", files: ALL, edits: (text) => replaced(text, /"key": "(end)"/g, "tell") },
  { name: "key that is none", files: ALL, edits: (text) => replaced(text, /"key": ("end")/g, '"a b"') },
  { name: "type that is none", files: ALL, edits: (text) => replaced(text, /"task_type": ("\w+")/g, "5") },
  {
    name: "parameters that are none",
    files: ALL,
    edits: (text) => replaced(text, /"task_params": (\{[^}]*\})/g, '"x"'),
  },
  { name: "flag that is none", files: ALL, edits: (text) => replaced(text, /"fail_fast": (\w+)/g, '"yes"') },
  { name: "tasks that are none", files: ALL, edits: (text) => replaced(text, /"label": ("\w+")/g, "7") },
  {
    name: "field that there is not",
    files: ALL,
    edits: (text) => inserted(text, /"task_type": "\w+",/g, ' "retries": 3,'),
  },
  ...JSON_MUTATORS,
];
