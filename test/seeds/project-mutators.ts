/** Ways to break a source of a project: each makes one mistake of the kind that people make. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, letterLost, lost, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.yaml$/;

/** The ways. */
export const PROJECT_MUTATORS: readonly Mutator[] = [
  { name: "neighbour misspelt", files: ALL, edits: (text) => letterLost(text, /(?:after|before): (\w+)$/gm) },
  { name: "input without an output", files: ALL, edits: (text) => letterLost(text, /input: (\w+)\.txt$/gm) },
  { name: "waits for itself", files: ALL, edits: (text) => replaced(text, /after: (count)$/gm, "report") },
  { name: "waits in a circle", files: ALL, edits: (text) => inserted(text, /- name: fetch\n/g, "  after: report\n") },
  { name: "name given twice", files: ALL, edits: (text) => replaced(text, /name: (count)$/gm, "fetch") },
  { name: "name that is none", files: ALL, edits: (text) => replaced(text, /name: (report)$/gm, "the report") },
  { name: "pattern that is none", files: ALL, edits: (text) => replaced(text, /after-re: (.*)$/gm, '"(co"') },
  { name: "added names that are none", files: ALL, edits: (text) => replaced(text, /adds: (.*)$/gm, '"(mo"') },
  { name: "command that is none", files: ALL, edits: (text) => replaced(text, /cmd: (.*)$/gm, "{ echo: 1 }") },
  { name: "processors that are none", files: ALL, edits: (text) => replaced(text, /cpus: (\d)/g, "many") },
  { name: "memory that is none", files: ALL, edits: (text) => replaced(text, /mem: (\w+)/g, "8 sheep") },
  { name: "attempts that are none", files: ALL, edits: (text) => replaced(text, /retry: (\d)/g, "-1") },
  { name: "duration that is none", files: ALL, edits: (text) => replaced(text, /timeout: (\w+)/g, "soon") },
  { name: "reset of nobody", files: ALL, edits: (text) => replaced(text, /reset: (\w+)/g, "nobody") },
  { name: "colon left out", files: ALL, edits: (text) => lost(text, /^ {2}(?:cmd|retry)(:) /gm) },
  { name: "quote left out", files: ALL, edits: (text) => lost(text, /"[^"\n]+(")$/gm) },
  { name: "tab for spaces", files: ALL, edits: (text) => tabbed(text) },
  { name: "directive given twice", files: ALL, edits: (text) => inserted(text, / {2}cmd: .*\n/g, "  cmd: true\n") },
  { name: "prototype key", files: ALL, edits: (text) => inserted(text, / {2}cmd: .*\n/g, "  __proto__: { a: 1 }\n") },
  { name: "merge key", files: ALL, edits: (text) => inserted(text, / {2}cmd: .*\n/g, "  <<: { a: 1 }\n") },
  { name: "tag", files: ALL, edits: (text) => inserted(text, /cmd: /g, "!run ") },
  { name: "alias to nothing", files: ALL, edits: (text) => replaced(text, /output: (.*)$/gm, "*file") },
];

/** The line is what was changed. */
function tabbed(text: string): ReturnType<Mutator["edits"]> {
  return replaced(text, /\n( {2})(?:cmd|retry)/g, "\t").map((edit) => ({
    ...edit,
    changed: { start: edit.start, end: edit.start + (/.*/.exec(text.slice(edit.end))?.[0].length ?? 0) + 1 },
  }));
}
