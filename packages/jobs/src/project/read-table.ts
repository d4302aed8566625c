/** Tables as text, by RFC 4180: fields between separators, quoted where they hold separators, line ends or quotes. */

/**
 * The records of a table by the names in its first line; all values are texts. Lines that are empty are passed over.
 * @throws Error that names the line: a quote in the wrong place, a record with more or fewer fields than the first line, a name given twice.
 */
export function readTable(text: string, separator: "," | "\t"): readonly Readonly<Record<string, string>>[] {
  const [header, ...records] = rowsOf(text.replace(/^\u{feff}/u, ""), separator);
  if (!header) throw new Error("it has no line with the names of its columns");
  const names = header.fields;
  const twin = names.find((name, i) => names.indexOf(name) !== i);
  if (twin !== undefined) throw new Error(`line 1 names the column "${twin}" twice`);
  if (names.includes("")) throw new Error(`line 1 has no name for column ${names.indexOf("") + 1}`);
  return records.map(({ fields, line }) => {
    if (fields.length !== names.length)
      throw new Error(`line ${line} has ${fields.length} fields, and line 1 has ${names.length}`);
    // Defines names rather than setting them: `__proto__` is one like others.
    return Object.fromEntries(names.map((name, i) => [name, fields[i] ?? ""]));
  });
}

interface Row {
  readonly fields: readonly string[];
  /** That it begins in, from 1. */
  readonly line: number;
}

/** A field and what ends it: quoted, with doubled quotes inside; or up to the next separator or line end. */
const FIELD: Readonly<Record<"," | "\t", RegExp>> = {
  ",": /(?:"([^"]*(?:""[^"]*)*)"|([^",\n]*?))(,|\r?\n|$)/y,
  "\t": /(?:"([^"]*(?:""[^"]*)*)"|([^"\t\n]*?))(\t|\r?\n|$)/y,
};

function rowsOf(text: string, separator: "," | "\t"): readonly Row[] {
  const rows: Row[] = [];
  let [fields, line, begun]: [string[], number, number] = [[], 1, 1];
  for (let at = 0; at < text.length; ) {
    const pattern = FIELD[separator];
    pattern.lastIndex = at;
    const [found, quoted, plain = "", end = ""] = pattern.exec(text) ?? [];
    if (found === undefined) throw new Error(`line ${line} has a quote in the wrong place: ${wrongQuote(text, at)}`);
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    at += found.length;
    line += found.split("\n").length - 1;
    // A separator at the very end has an empty field behind it.
    if (end === separator && at === text.length) fields.push("");
    if (end === separator && at < text.length) continue;
    const isEmpty = fields.length === 1 && plain === "" && quoted === undefined;
    if (!isEmpty) rows.push({ fields, line: begun });
    [fields, begun] = [[], line];
  }
  return rows;
}

function wrongQuote(text: string, at: number): string {
  return text[at] === '"'
    ? "a quoted field goes on behind its end, or has none"
    : "a field with quotes begins without one";
}
