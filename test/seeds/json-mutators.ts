/** Ways to break the JSON of a document, whatever it means. */
import type { Mutator } from "../diagnostics/mutation.js";
import { inserted, lost, repeated, replaced } from "../diagnostics/text-edits.js";

const ALL = /\.json$/;

/** The ways. */
export const JSON_MUTATORS: readonly Mutator[] = [
  { name: "comma left out", files: ALL, edits: (text) => lost(text, /[}\]"0-9](,)$/gm) },
  { name: "comma too many", files: ALL, edits: (text) => inserted(text, /\}(?=\n {2}\])/g, ",") },
  { name: "quote left out", files: ALL, edits: (text) => lost(text, /"\w+(")(?=: )/g) },
  { name: "single quotes", files: ALL, edits: (text) => replaced(text, /"(?:id|key|name)": ("\w+")/g, "'x'") },
  { name: "bracket left out", files: ALL, edits: (text) => lost(text, /(\}),$/gm) },
  { name: "name given twice", files: ALL, edits: (text) => repeated(text, /"\w+": "[\w-]+",/g) },
  { name: "name that objects inherit", files: ALL, edits: (text) => inserted(text, /\{(?= ")/g, ' "__proto__": {},') },
];
