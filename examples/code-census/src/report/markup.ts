/** HTML as values: `html` escapes whatever is put into it, except other markup. */

/** A piece of finished HTML. */
export interface Markup {
  /** The HTML text. */
  readonly html: string;
}

/** What can stand in a template: text is escaped, lists are joined, nothing is left out. */
export type MarkupPart = string | number | Markup | readonly Markup[];

/** A template for HTML. */
export function html(texts: TemplateStringsArray, ...parts: readonly MarkupPart[]): Markup {
  const pieces = parts.map((part, index) => render(part) + (texts[index + 1] ?? ""));
  return { html: (texts[0] ?? "") + pieces.join("") };
}

function render(part: MarkupPart): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escapeHtml(part);
  return "html" in part ? part.html : part.map((piece) => piece.html).join("");
}

/** Text that is safe in HTML, inside and outside of attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** JSON that is safe inside a script element. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** JavaScript that is safe inside a script element: only `</script` and `<!--` end or hide it. */
export function codeForScript(code: string): string {
  return code.replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
}
