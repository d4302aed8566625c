/** The differences of two builds in words: for a terminal, and as Markdown for pull requests. */
import type { DeclarationDifference, DiffDocument, ValueDifference } from "@millrace/core";

/** How names and lists are set. */
interface Style {
  readonly heading: (text: string) => string;
  readonly name: (text: string) => string;
  readonly item: (text: string) => string;
}

const PLAIN: Style = { heading: (text) => text, name: (text) => text, item: (text) => `  ${text}` };
const MARKDOWN: Style = {
  heading: (text) => `\n**${text}**\n`,
  name: (text) => `\`${text}\``,
  item: (text) => `- ${text}`,
};

/** Lines about a comparison. */
export function differenceText(document: DiffDocument, format: "text" | "markdown"): string {
  const style = format === "text" ? PLAIN : MARKDOWN;
  const { against, added, removed, changed } = document;
  if (added.length + removed.length + changed.length === 0) return `Nothing differs from ${style.name(against)}.`;
  const again = changed.filter(({ invalidated }) => invalidated).map(({ id }) => id);
  const head = `Compared with ${style.name(against)}: ${again.length} of what it recorded ${again.length === 1 ? "is" : "are"} invalidated.`;
  return [
    head,
    ...added.map((id) => style.heading(`added ${style.name(id)}`)),
    ...removed.map((id) => style.heading(`removed ${style.name(id)}`)),
    ...changed.flatMap((each) => declarationLines(each, style)),
  ]
    .join("\n")
    .trimEnd();
}

function declarationLines(difference: DeclarationDifference, style: Style): readonly string[] {
  const { id, kind, invalidated, symbols, packages, through, types, options, graph } = difference;
  const { name, item, heading } = style;
  return [
    heading(`${kind} ${name(id)}: ${invalidated ? "runs again" : "records stay valid"}`),
    ...symbols.map(({ symbol, change, line }) => {
      const [file = "", part] = symbol.split("#");
      return item(`${change} ${name(part ?? "top-level statements")} (${file}:${line})`);
    }),
    ...packages.map((each) => item(`package ${valueText(each, style)}`)),
    ...through.map((called) => item(`calls ${name(called)}, whose code differs`)),
    ...types.map((each) => item(valueText(each, style))),
    ...options.map((each) => item(`option ${valueText(each, style)}`)),
    ...(graph?.added ?? []).map((node) => item(`node ${name(node)} is new`)),
    ...(graph?.removed ?? []).map((node) => item(`node ${name(node)} is gone`)),
    ...(graph?.rewired ?? []).map((node) => item(`node ${name(node)} has other inputs`)),
  ];
}

function valueText({ name, before, after }: ValueDifference, style: Style): string {
  const text = (value: string | undefined): string => (value === undefined ? "nothing" : style.name(value));
  return `${style.name(name)}: ${text(before)} → ${text(after)}`;
}
