/** Ways to break a template of a project: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { letterLost, lost, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.liquid$/;
const MAIN = /^lines/;

/** The ways. */
export const TEMPLATE_MUTATORS: readonly Mutator[] = [
  { name: "variable misspelt", files: ALL, edits: (text) => letterLost(text, /\{\{ (\w{3,})/g) },
  { name: "part of a variable misspelt", files: ALL, edits: (text) => letterLost(text, /\{\{ \w+\.(\w+)/g) },
  { name: "variable of a loop misspelt", files: ALL, edits: (text) => letterLost(text, /\{% for \w+ in (\w+)/g) },
  { name: "variable of a condition misspelt", files: ALL, edits: (text) => letterLost(text, /\{% if (\w+)/g) },
  { name: "filter misspelt", files: ALL, edits: (text) => letterLost(text, /\| (\w{3,})/g) },
  { name: "two bars", files: ALL, edits: (text) => replaced(text, / (\|) /g, "||") },
  { name: "tag misspelt", files: ALL, edits: (text) => letterLost(text, /\{% (for|if|render|assign)/g) },
  { name: "end misspelt", files: ALL, edits: (text) => letterLost(text, /\{% (endfor|endif)/g) },
  { name: "end of another tag", files: ALL, edits: (text) => replaced(text, /\{% (endif)/g, "endfor") },
  { name: "end given twice", files: ALL, edits: (text) => replaced(text, /\{% endif %\}()/g, "{% endif %}") },
  { name: "loop without in", files: ALL, edits: (text) => replaced(text, /\{% for \w+ (in)/g, "of") },
  { name: "tag not closed", files: ALL, edits: (text) => lost(text, /\{% [^%]*(%\})/g) },
  { name: "output not closed", files: ALL, edits: (text) => lost(text, /\{\{ [^}]*(\}\})/g) },
  { name: "quote left out", files: ALL, edits: (text) => lost(text, /\{% render "\w+(")/g) },
  { name: "condition with one sign", files: ALL, edits: (text) => lost(text, /\{% if \w+ =(=)/g) },
  { name: "assignment without a sign", files: ALL, edits: (text) => lost(text, /\{% assign \w+ (=)/g) },
  { name: "partial misspelt", files: MAIN, edits: (text) => letterLost(text, /\{% render "(\w+)"/g) },
  { name: "JSON that is none", files: MAIN, edits: (text) => replaced(text, /'(\{"[^']*)'/g, "{x}") },
  { name: "nothing put out", files: ALL, edits: (text) => lost(text, /\{\{ (\w[^}|]*) \}\}/g) },
];
