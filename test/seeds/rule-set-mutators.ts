/** Ways to break a rule set in JSON: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, replaced } from "../diagnostics/text-edits.js";
import { JSON_MUTATORS } from "./json-mutators.js";

const ALL = /\.json$/;

/** The ways. */
export const RULE_SET_MUTATORS: readonly Mutator[] = [
  {
    name: "field misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^ {2}"(unmatched|timeout|window|limits|variables)":/gm),
  },
  {
    name: "field of a rule misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /"(params|options|onError|next)": [{[]/g),
  },
  { name: "field of what follows misspelt", files: ALL, edits: (text) => letterLost(text, /"(each|back)": \{/g) },
  { name: "field of limits misspelt", files: ALL, edits: (text) => letterLost(text, /"(depth|tokens)": \d/g) },
  { name: "task misspelt", files: ALL, edits: (text) => letterLost(text, /"task": "(\w+)"/g) },
  { name: "rule class misspelt", files: ALL, edits: (text) => letterLost(text, /"rule": "(\w+)"/g) },
  { name: "parameter misspelt", files: ALL, edits: (text) => letterLost(text, /"(journal|times)": \{/g) },
  { name: "value of another type", files: ALL, edits: (text) => replaced(text, /"times": \{ "value": (\d) \}/g, "{}") },
  { name: "filter that is none", files: ALL, edits: (text) => replaced(text, /"filter": (\{[^}]*\})/g, '"page"') },
  { name: "name twice", files: ALL, edits: (text) => replaced(text, /"name": "(done)"/g, "measure") },
  { name: "name that is none", files: ALL, edits: (text) => replaced(text, /"name": ("done")/g, '"a b"') },
  {
    name: "reference to nothing",
    files: ALL,
    edits: (text) => letterLost(text, /"from": "(token|result|error|item)"/g),
  },
  { name: "reference to no variable", files: ALL, edits: (text) => letterLost(text, /vars\.(\w+)/g) },
  { name: "template without an end", files: ALL, edits: (text) => replaced(text, /(\}\})"/g, "") },
  { name: "number out of range", files: ALL, edits: (text) => replaced(text, /"(?:repeat|window)": (\d+)/g, "0") },
  { name: "duration that is none", files: ALL, edits: (text) => replaced(text, /"timeout": "(\w+)"/g, "30 secs") },
  { name: "option misspelt", files: ALL, edits: (text) => letterLost(text, /"(priority)":/g) },
  { name: "policy that there is not", files: ALL, edits: (text) => letterLost(text, /"unmatched": "(\w+)"/g) },
  { name: "token that is none", files: ALL, edits: (text) => replaced(text, /"body": (\{[^}]*\})/g, "[1]") },
  {
    name: "parameters of a rule class",
    files: ALL,
    edits: (text) => inserted(text, /"run": \{ "rule": "\w+" \},/g, ' "params": { "a": { "value": 1 } },'),
  },
  {
    name: "return with a way back",
    files: ALL,
    edits: (text) => inserted(text, /"path": "type" \}/g, ', "back": { "value": { "type": "done" } }'),
  },
  { name: "other version", files: ALL, edits: (text) => replaced(text, /"version": (1)/g, "7") },
  ...JSON_MUTATORS,
];
