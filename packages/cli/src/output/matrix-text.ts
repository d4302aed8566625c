/** Which rules of a run produced which, for people: as a table of counts, or as a tree of tokens and firings. */
import { formatCount, type MatrixDocument, type TokenLineage } from "@millrace/core";
import type { Colors } from "./streams.js";
import { type Column, tableLines } from "./table.js";

/** So many tokens are listed one by one below the table. */
const LISTED = 10;
/** Longest text of a token. */
const BODY = 60;
/** Name of the row of tokens that no rule gave. */
const OUTSIDE = "(from outside)";

/** The table: rows gave tokens, columns fired on them. `room`: columns of the terminal. */
export function matrixText(
  document: MatrixDocument,
  { colors, room }: { readonly colors: Colors; readonly room: number | undefined },
): string {
  const { run, rules, matrix, tokens, held } = document;
  const firings = tokens.flatMap((token) => token.firings);
  const counts = [formatCount(tokens.length, "token"), formatCount(firings.length, "firing")];
  const names = [...new Set(matrix.flatMap(({ fired }) => Object.keys(fired)))];
  const columns: Column[] = [
    { title: "GAVE" },
    ...["TOKENS", ...names, "UNMATCHED"].map((title): Column => ({ title, align: "right" })),
  ];
  const rows = matrix
    .filter((row) => row.tokens > 0)
    .map(({ from, tokens: given, fired, unmatched }) => [
      from ?? OUTSIDE,
      String(given),
      ...names.map((name) => countText(fired[name] ?? 0, colors)),
      unmatched > 0 ? colors.yellow(String(unmatched)) : countText(0, colors),
    ]);
  const lines = [`${rules} ${run}: ${counts.join(", ")}`, "", ...tableLines(columns, rows, room)];
  const loose = matrix.some(({ unmatched }) => unmatched > 0) ? tokens.filter((token) => isLoose(token, held)) : [];
  if (loose.length > 0) lines.push("", "No rule matched", ...listed(loose));
  if (held.length > 0) lines.push("", "Held at a breakpoint", ...listed(tokens.filter(({ id }) => held.includes(id))));
  return lines.join("\n");
}

/** Each token below the firing that gave it. */
export function treeText({ tokens, held }: MatrixDocument, colors: Colors): string {
  const given = new Map<string, TokenLineage[]>();
  const key = (rule: string, token: string): string => JSON.stringify([rule, token]);
  for (const token of tokens) {
    const from = token.from ? key(token.from.rule, token.from.token) : "";
    given.set(from, [...(given.get(from) ?? []), token]);
  }
  const lines: string[] = [];
  // Chains may be longer than the stack of this process is deep.
  const open = [...(given.get("") ?? [])].reverse().map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    const calls = token.stack.length > 0 ? colors.dim(` in ${token.stack.map(({ rule }) => rule).join(" < ")}`) : "";
    lines.push(
      `${"  ".repeat(depth)}${bodyText(token)}${colors.dim(` ${token.id}`)}${calls}${endText(token, held, colors)}`,
    );
    for (const { rule } of [...token.firings].reverse())
      for (const child of [...(given.get(key(rule, token.id)) ?? [])].reverse())
        open.push({ token: child, depth: depth + 1 });
  }
  return lines.join("\n");
}

function endText({ id, firings, dropped }: TokenLineage, held: readonly string[], colors: Colors): string {
  if (dropped) return colors.dim(" dropped");
  if (held.includes(id)) return colors.yellow(" held");
  const names = firings.map(({ rule, state }) => (state === "succeeded" ? rule : colors.red(`${rule} ${state}`)));
  return names.length === 0 ? colors.yellow(" → no rule") : ` → ${names.join(", ")}`;
}

function isLoose({ id, firings, dropped }: TokenLineage, held: readonly string[]): boolean {
  return firings.length === 0 && !dropped && !held.includes(id);
}

function listed(tokens: readonly TokenLineage[]): readonly string[] {
  const lines = tokens.slice(0, LISTED).map((token) => `  ${token.id}  ${bodyText(token)}`);
  return tokens.length > LISTED ? [...lines, `  … and ${tokens.length - LISTED} more (--json lists all)`] : lines;
}

function bodyText({ body }: TokenLineage): string {
  const text = JSON.stringify(body) ?? "";
  return text.length > BODY ? `${text.slice(0, BODY)}…` : text;
}

function countText(count: number, colors: Colors): string {
  return count === 0 ? colors.dim("·") : String(count);
}
