/** Puts the analyser's edits into source text. The files themselves are never touched. */
import type { SourceEdit } from "../flows/analyse-flows.js";

/** An edit of a text that is at hand. */
export type TextEdit = Omit<SourceEdit, "file">;

/**
 * The text with all edits applied, and the import of the stamp functions in use appended: imports are hoisted, and at
 * the end they move no line.
 */
export function applyEdits(text: string, edits: readonly TextEdit[], stampsModule: string): string {
  if (edits.length === 0) return text;
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.pos - b.edit.pos || a.order - b.order);
  let result = "";
  let at = 0;
  for (const { edit } of sorted) {
    result += text.slice(at, edit.pos) + edit.text;
    at = edit.end;
  }
  result += text.slice(at);
  const used = new Set(
    sorted.flatMap(
      ({ edit }) => edit.text.match(/\$(?:site|method|procedure|callback|super|get|tag|iterate)(?=\()/g) ?? [],
    ),
  );
  const names = [...used].sort().join(", ");
  return names === "" ? result : `${result}\nimport { ${names} } from ${JSON.stringify(stampsModule)};\n`;
}
