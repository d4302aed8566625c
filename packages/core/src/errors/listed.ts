/** Lists in messages. */

/** So many lines stand in a message; what there is beside is for its data. */
const SHOWN = 20;

/** Lines below a sentence, indented; of many the first ones, and how many more there are. */
export function listed(lines: readonly string[]): string {
  const shown = lines.slice(0, SHOWN).map((line) => `  ${line}`);
  if (lines.length > SHOWN) shown.push(`  … and ${lines.length - SHOWN} more.`);
  return shown.join("\n");
}

/** A message that goes on where a path ends, as a sentence about it. */
export function sentenceAbout(path: string, message: string): string {
  return `${path} ${message.replace(/(?<![.?!])$/, ".")}`;
}
