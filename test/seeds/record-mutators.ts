/** Ways to spoil the record of a project: mistakes of hands that edit it, and of other tools that write it. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, lost, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.yaml$/;

/** The ways. */
export const RECORD_MUTATORS: readonly Mutator[] = [
  {
    name: "field of the document misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^(?: {2})?(graph|nodes|history|pipelines|millrace_project):/gm),
  },
  {
    name: "field of a task misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^ {6}(source|state|directives|outcome|reason|spent):/gm),
  },
  {
    name: "field of an outcome misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^ {8,12}(attempts|startedAt|endedAt|error|tries):/gm),
  },
  { name: "state that there is not", files: ALL, edits: (text) => replaced(text, /^ {6}state: (\w+)$/gm, "done") },
  { name: "state before that is none", files: ALL, edits: (text) => replaced(text, /^ {6}was: (\w+)$/gm, "orphaned") },
  {
    name: "state before of a task that is not orphaned",
    files: ALL,
    edits: (text) => inserted(text, /^ {6}state: (?!orphaned)\w+\n/gm, "      was: new\n"),
  },
  { name: "name given twice", files: ALL, edits: (text) => replaced(text, /- id: (count)$/gm, "fetch") },
  { name: "name that is none", files: ALL, edits: (text) => replaced(text, /- id: (\w+)$/gm, "[a]") },
  { name: "source that is none", files: ALL, edits: (text) => replaced(text, /^ {6}source: (\S+)$/gm, "7") },
  {
    name: "directives that are none",
    files: ALL,
    edits: (text) => replaced(text, /directives:(\n {8}cmd: .*)$/gm, " x"),
  },
  { name: "command that is none", files: ALL, edits: (text) => replaced(text, /^ {8}cmd: (.*)$/gm, "{ echo: 1 }") },
  { name: "memory that is none", files: ALL, edits: (text) => replaced(text, /^ {8}mem: (.*)$/gm, "8 sheep") },
  {
    name: "attempts that are none",
    files: ALL,
    edits: (text) => replaced(text, /^ {8}(?:retry|attempts): (.*)$/gm, "-1"),
  },
  { name: "code that is none", files: ALL, edits: (text) => replaced(text, /^ {8,12}code: (.*)$/gm, "none") },
  {
    name: "time that is none",
    files: ALL,
    edits: (text) => replaced(text, /^ {8,12}(?:started|ended)At: (.*)$/gm, "today"),
  },
  { name: "error that is none", files: ALL, edits: (text) => replaced(text, /^ {8}error: (.*)$/gm, "{ code: 1 }") },
  { name: "spent attempts that are none", files: ALL, edits: (text) => replaced(text, /^ {6}spent: (.*)$/gm, "some") },
  { name: "reason that there is not", files: ALL, edits: (text) => replaced(text, /^ {6}reason: (.*)$/gm, "lost") },
  { name: "run that is none", files: ALL, edits: (text) => replaced(text, /^ {2}run: (.*)$/gm, "[1]") },
  {
    name: "version that is none",
    files: ALL,
    edits: (text) => ["0", "1.5", "one"].flatMap((by) => replaced(text, /millrace_project: (1)$/gm, by)),
  },
  { name: "colon left out", files: ALL, edits: (text) => lost(text, /^ {6,8}(?:state|cmd|attempts)(:) /gm) },
  { name: "quote left out", files: ALL, edits: (text) => lost(text, /"[^"\n]+(")$/gm) },
  {
    name: "field given twice",
    files: ALL,
    edits: (text) => inserted(text, /^ {6}state: \w+\n/gm, "      state: new\n"),
  },
  {
    name: "prototype key",
    files: ALL,
    edits: (text) => inserted(text, /^ {6}directives:\n/gm, "        __proto__: { a: 1 }\n"),
  },
  { name: "merge key", files: ALL, edits: (text) => inserted(text, /^ {6}outcome:\n/gm, "        <<: { a: 1 }\n") },
  { name: "tag", files: ALL, edits: (text) => inserted(text, /^ {8}cmd: /gm, "!run ") },
  { name: "alias to nothing", files: ALL, edits: (text) => replaced(text, /^ {8}output: (.*)$/gm, "*file") },
];
