/** Ways to break a job file: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, lineLost, lost, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.yaml$/;
const NIGHTLY = /nightly/;
const BASE = /base/;

/** The ways. */
export const JOB_MUTATORS: readonly Mutator[] = [
  {
    name: "field misspelt",
    files: ALL,
    edits: (text) =>
      letterLost(
        text,
        /^ {0,4}(config|tasks|task|parameters|dependencies|max_attempts|backoff|timeout|options|retry|critical):/gm,
      ),
  },
  { name: "task misspelt", files: ALL, edits: (text) => letterLost(text, /task: (\w+)$/gm) },
  {
    name: "required parameter left out",
    files: ALL,
    edits: (text) => lineLost(text, /^ {6}(?:name|text|target_dir|my_required_string_var): .*\n/gm),
  },
  {
    name: "required field of a parameter left out",
    files: BASE,
    edits: (text) => lineLost(text, /^ +(?:base_url|endpoint): .*\n/gm),
  },
  {
    name: "parameter misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^ {6}(name|journal|text|times|flag|more|target_dir|my_\w+):/gm),
  },
  {
    name: "field of a parameter misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^ {8}(protocol|base_url|endpoint):|[{,] (depth|items):/gm),
  },
  {
    name: "value of another type",
    files: ALL,
    edits: (text) => replaced(text, /^ {6}(?:flag|times|my_\w+|target_dir): (.*)$/gm, "{ odd: 1 }"),
  },
  {
    name: "value of another type beside a reference",
    files: NIGHTLY,
    edits: (text) => replaced(text, /(?:depth: (3)|items: \[("a"))/g, "{ odd: 1 }"),
  },
  {
    name: "required field beside a reference left out",
    files: NIGHTLY,
    edits: (text) => lost(text, /(, depth: 3)/g),
  },
  { name: "literal misspelt", files: ALL, edits: (text) => letterLost(text, /(HTTPS|skip-dependents|exponential)/g) },
  { name: "dependency misspelt", files: NIGHTLY, edits: (text) => letterLost(text, /^ {6}- (\w+)|\[(wait), fetch/gm) },
  {
    name: "dependency on itself",
    files: NIGHTLY,
    edits: (text) => replaced(text, /dependencies: \[(wait)/g, "cleanup"),
  },
  {
    name: "dependency that closes a cycle",
    files: NIGHTLY,
    edits: (text) => inserted(text, /task: Probe\n/g, "    after: cleanup\n"),
  },
  { name: "reference to no task", files: NIGHTLY, edits: (text) => letterLost(text, /\{\{ tasks\.(\w+)\.result/g) },
  {
    name: "reference to no part",
    files: NIGHTLY,
    edits: (text) => letterLost(text, /result\.(?:rows\.0\.)?(count|label)/g),
  },
  {
    name: "reference that is none",
    files: NIGHTLY,
    edits: (text) => replaced(text, /(tasks\.\w+\.result)/g, "result"),
  },
  {
    name: "reference of another type",
    files: NIGHTLY,
    edits: (text) => replaced(text, /times: \$\{\{ (tasks\.probe\.result\.count)/g, "tasks.fetch.result"),
  },
  {
    name: "variable without value",
    files: ALL,
    edits: (text) => replaced(text, /^ {6}(?:journal|target_dir): (.*)$/gm, "$ENV{THERE_IS_NO_SUCH_VARIABLE}"),
  },
  { name: "include that is not there", files: NIGHTLY, edits: (text) => letterLost(text, /(base)\.yaml/g) },
  { name: "number out of range", files: ALL, edits: (text) => replaced(text, /(?:max_attempts|attempts): (\d)/g, "0") },
  {
    name: "duration that is none",
    files: ALL,
    edits: (text) => replaced(text, /(?:timeout|delay): (\d+s)/g, "30 secs"),
  },
  {
    name: "option misspelt",
    files: NIGHTLY,
    edits: (text) => letterLost(text, /(priority|tags|attempts|backoff|delay):/g),
  },
  { name: "quote left out", files: NIGHTLY, edits: (text) => lost(text, /["'][\w ]+(["'])$/gm) },
  { name: "bracket left out", files: NIGHTLY, edits: (text) => lost(text, /[{[].*([\]}])$/gm) },
  { name: "colon left out", files: ALL, edits: (text) => lost(text, /^ {4}(?:task|timeout)(:) /gm) },
  { name: "tab for spaces", files: ALL, edits: (text) => replaced(text, /\n( {4})(?:task|timeout)/g, "\t") },
  {
    name: "line set in too far",
    files: ALL,
    edits: (text) =>
      // The field is the mistake, not the spaces before it.
      inserted(text, /\n(?= {4}(?:timeout|backoff|critical):)/g, "   ").map((edit) => ({
        ...edit,
        changed: { start: edit.start, end: edit.start + "        t".length },
      })),
  },
  { name: "field given twice", files: ALL, edits: (text) => inserted(text, /task: \w+\n/g, "    task: Cleanup\n") },
  { name: "merge key", files: ALL, edits: (text) => inserted(text, /parameters:\n/g, "      <<: { a: 1 }\n") },
  { name: "tag", files: ALL, edits: (text) => inserted(text, /task: /g, "!name ") },
  {
    name: "alias to nothing",
    files: ALL,
    edits: (text) => replaced(text, /^ {6}(?:name|target_dir): (.*)$/gm, "*city"),
  },
  { name: "other version", files: NIGHTLY, edits: (text) => replaced(text, /version: (1)/g, "7") },
  {
    name: "checkpointer without a kind",
    files: ALL,
    edits: (text) => inserted(text, /\n(?=tasks:)/g, "checkpointer: { checkpoint: FileCheckpointer }\n"),
  },
  {
    name: "logger without a kind",
    files: ALL,
    edits: (text) => inserted(text, /\n(?=tasks:)/g, "loggers: { a: { loger: FileLogger } }\n"),
  },
];
