/** Ways to break a job graph in JSON: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { letterLost, replaced } from "../diagnostics/text-edits.js";
import { JSON_MUTATORS } from "./json-mutators.js";

const ALL = /\.json$/;

/** The ways. */
export const GRAPH_MUTATORS: readonly Mutator[] = [
  {
    name: "field misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /"(policy|window|params|options|critical|timeout)":/g),
  },
  { name: "task misspelt", files: ALL, edits: (text) => letterLost(text, /"task": "(\w+)"/g) },
  {
    name: "parameter misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /"(name|journal|text|times|more\.items)": \{/g),
  },
  {
    name: "kind of a parameter misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /\{ "(value|from|template)":/g),
  },
  {
    name: "value of another type",
    files: ALL,
    edits: (text) => replaced(text, /"(?:times|text)": \{ "value": ([^}]*) \}/g, "{}"),
  },
  {
    name: "end of an edge misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /"(?:from|to)": "(\w+)"(?=, "to"| \})/g),
  },
  { name: "policy that there is not", files: ALL, edits: (text) => letterLost(text, /"policy": "([\w-]+)"/g) },
  { name: "node twice", files: ALL, edits: (text) => replaced(text, /"id": "(third)"/g, "second") },
  { name: "id that is none", files: ALL, edits: (text) => replaced(text, /"id": ("last")/g, '"a b"') },
  { name: "number out of range", files: ALL, edits: (text) => replaced(text, /"(?:window|attempts)": (\d+)/g, "0") },
  { name: "duration that is none", files: ALL, edits: (text) => replaced(text, /"timeout": "(\w+)"/g, "30 secs") },
  { name: "option misspelt", files: ALL, edits: (text) => letterLost(text, /"(priority|attempts)":/g) },
  { name: "template without an end", files: ALL, edits: (text) => replaced(text, /(\}\})/g, "") },
  { name: "other version", files: ALL, edits: (text) => replaced(text, /"version": (1)/g, "7") },
  { name: "what runs left out", files: ALL, edits: (text) => replaced(text, /"run": (\{[^}]*\})/g, "{}") },
  ...JSON_MUTATORS,
];
