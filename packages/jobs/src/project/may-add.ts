/**
 * What a task may add while a project runs. Its `adds` says so before anybody knows: `true` for anything, or regular expressions for the
 * whole names and outputs of what it adds.
 */
import { type Directives, textsOf } from "./task.js";
import { wholePattern } from "./whole-pattern.js";

/** Of a task that adds others. */
type Adds = Directives["adds"];

/** Whether a task may add others. */
export function addsTasks({ directives }: { readonly directives: Directives }): boolean {
  return directives.adds !== undefined;
}

/** Whether a task may add one with this name or output. */
export function mayAdd(adds: Adds, text: string): boolean {
  return adds === true || sourcesOf(adds).some((source) => wholePattern(source).test(text));
}

/**
 * Whether a task may add one whose name or output a regular expression meets. Two expressions that begin with different texts meet nothing
 * together; of any others it is not said that they do not.
 */
export function mayAddFor(adds: Adds, pattern: string): boolean {
  const beginning = literalBeginning(pattern);
  return (
    adds === true ||
    sourcesOf(adds)
      .map(literalBeginning)
      .some((own) => own.startsWith(beginning) || beginning.startsWith(own))
  );
}

function sourcesOf(adds: Adds): readonly string[] {
  return typeof adds === "boolean" ? [] : textsOf(adds);
}

/** The text that all that an expression meets begins with, as far as its letters, digits, `_`, `-` and `/` say. */
function literalBeginning(source: string): string {
  // An alternative may begin otherwise, and one in a group, too: the expression then says nothing.
  if (source.includes("|")) return "";
  const [literal = ""] = /^[\w/-]*/.exec(source) ?? [];
  // The last letter may be what is repeated, or left out.
  return /^[?*{]/.test(source.slice(literal.length)) ? literal.slice(0, -1) : literal;
}
