/** Ways to break a job file of rules: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, lost, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.yaml$/;
const CRAWL = /crawl/;

/** The ways. */
export const RULES_MUTATORS: readonly Mutator[] = [
  {
    name: "field of the job misspelt",
    files: ALL,
    edits: (text) => letterLost(text, /^(config|variables|limits|tokens|unmatched):/gm),
  },
  {
    name: "field of a rule misspelt",
    files: CRAWL,
    edits: (text) => letterLost(text, /^ {4}(parameters|timeout|on_error|next|options):/gm),
  },
  {
    name: "field of what follows misspelt",
    files: CRAWL,
    edits: (text) => letterLost(text, /^ {6}(?:- | {2})(each|token|back|return):/gm),
  },
  { name: "field of limits misspelt", files: CRAWL, edits: (text) => letterLost(text, /^ {2}(depth|tokens): \d/gm) },
  { name: "task misspelt", files: CRAWL, edits: (text) => letterLost(text, /task: (\w+)$/gm) },
  { name: "rule class misspelt", files: CRAWL, edits: (text) => letterLost(text, /rule: (\w+)$/gm) },
  { name: "parameter misspelt", files: CRAWL, edits: (text) => letterLost(text, /^ {6}(name|journal|text|times):/gm) },
  { name: "value of another type", files: CRAWL, edits: (text) => replaced(text, /^ {6}times: (.*)$/gm, "{ odd: 1 }") },
  { name: "filter that is none", files: CRAWL, edits: (text) => replaced(text, /filter: (\{.*\})$/gm, "page") },
  { name: "filter left out", files: CRAWL, edits: (text) => filtersLost(text) },
  {
    name: "reference to nothing",
    files: CRAWL,
    edits: (text) => letterLost(text, /\{\{ (token|result|error|item)\b/g),
  },
  { name: "reference to no variable", files: CRAWL, edits: (text) => letterLost(text, /vars\.(\w+)/g) },
  { name: "reference that is none", files: CRAWL, edits: (text) => replaced(text, /\{\{ (token\.\w+)/g, "token url") },
  {
    name: "item without a list",
    files: CRAWL,
    edits: (text) => replaced(text, /text: \$\{\{ (result\.name)/g, "item"),
  },
  {
    name: "result of what has failed",
    files: CRAWL,
    edits: (text) => replaced(text, /\{\{ (error\.message)/g, "result.name"),
  },
  { name: "token that is none", files: CRAWL, edits: (text) => replaced(text, /^ {2}- (\{.*\})$/gm, "page") },
  { name: "body that is none", files: CRAWL, edits: (text) => replaced(text, /body: (\{.*\})$/gm, "[page]") },
  { name: "policy that there is not", files: /common/, edits: (text) => letterLost(text, /unmatched: (\w+)/g) },
  {
    name: "number out of range",
    files: CRAWL,
    edits: (text) => replaced(text, /(?:repeat|tokens): (\d+)$/gm, "0"),
  },
  { name: "duration that is none", files: CRAWL, edits: (text) => replaced(text, /timeout: (\d+[ms])$/gm, "30 secs") },
  { name: "option misspelt", files: CRAWL, edits: (text) => letterLost(text, /\{ (priority):/g) },
  { name: "a task and a rule", files: CRAWL, edits: (text) => inserted(text, /task: \w+\n/g, "    rule: Index\n") },
  {
    name: "parameters of a rule class",
    files: CRAWL,
    edits: (text) => inserted(text, /rule: \w+\n/g, "    parameters: { a: 1 }\n"),
  },
  {
    name: "return with a way back",
    files: CRAWL,
    edits: (text) => inserted(text, /- return: .*\n/g, "        back: { type: done }\n"),
  },
  {
    name: "variable without value",
    files: CRAWL,
    edits: (text) => replaced(text, /(\$VAR\{[^}]*\})/g, "$ENV{THERE_IS_NO_SUCH_VARIABLE}"),
  },
  { name: "include that is not there", files: CRAWL, edits: (text) => letterLost(text, /(common)\.yaml/g) },
  {
    name: "tasks beside rules",
    files: CRAWL,
    edits: (text) => inserted(text, /\n(?=rules:)/g, "tasks: { a: { task: Echo } }\n"),
  },
  { name: "bracket left out", files: CRAWL, edits: (text) => lost(text, /[{[].*([\]}])$/gm) },
  { name: "colon left out", files: CRAWL, edits: (text) => lost(text, /^ {4}(?:task|timeout)(:) /gm) },
  { name: "tab for spaces", files: CRAWL, edits: (text) => replaced(text, /\n( {4})(?:task|timeout)/g, "\t") },
  { name: "field given twice", files: CRAWL, edits: (text) => inserted(text, /task: \w+\n/g, "    task: Echo\n") },
  {
    name: "prototype key",
    files: CRAWL,
    edits: (text) => inserted(text, /parameters:\n/g, "      __proto__: { a: 1 }\n"),
  },
  { name: "merge key", files: CRAWL, edits: (text) => inserted(text, /parameters:\n/g, "      <<: { a: 1 }\n") },
  { name: "tag", files: CRAWL, edits: (text) => inserted(text, /task: /g, "!name ") },
  { name: "alias to nothing", files: CRAWL, edits: (text) => replaced(text, /greeting: (\w+)/g, "*hello") },
];

/** The filter goes: the name of its rule is where that is missed. */
function filtersLost(text: string): ReturnType<Mutator["edits"]> {
  return [...text.matchAll(/^( {2}\w+:\n) {4}filter: .*\n(?! {4}rule:)/gm)].map(
    ({ index, 0: found, 1: name = "" }) => ({
      start: index + name.length,
      end: index + found.length,
      text: "",
      changed: { start: index, end: index + name.length },
    }),
  );
}
