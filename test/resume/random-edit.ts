/** Random edits of the body of a random flow that leave it compiling: as people make them between a failed run and its resume. */
import fc from "fast-check";

/** One edit: what it is, and the text after it; the same text if it does not fit. */
export interface RandomEdit {
  readonly kind: (typeof KINDS)[number];
  /** Chooses where, among the places that fit. */
  readonly at: number;
}

const KINDS = ["nothing", "argument", "insert", "rename", "wrap", "swap", "comment"] as const;

/** Edits of all kinds. */
export const randomEdit: fc.Arbitrary<RandomEdit> = fc.record({
  kind: fc.constantFrom(...KINDS),
  at: fc.nat({ max: 10_000 }),
});

/** Applies an edit to the lines of a body. */
export function applyEdit({ kind, at }: RandomEdit, body: string): string {
  const lines = body.split("\n");
  const pick = (fits: (index: number) => boolean): number | undefined => {
    const places = lines.flatMap((_, index) => (fits(index) ? [index] : []));
    return places.length === 0 ? undefined : places[at % places.length];
  };
  const top = depths(lines);
  const plain = (index: number): boolean => top[index] === 0 && /^await this\.call\(.*\);$/.test(lines[index] ?? "");
  const whole = (index: number): boolean => top[index] === 0 && /^(const|let|await) .*;$/.test(lines[index] ?? "");
  const change = (index: number | undefined, texts: readonly string[], count = 1): string => {
    if (index !== undefined) lines.splice(index, count, ...texts);
    return lines.join("\n");
  };
  switch (kind) {
    case "nothing":
      return body;
    case "argument": {
      const index = pick((i) => /\{ p: \d+ \}/.test(lines[i] ?? ""));
      return change(index, [(lines[index ?? 0] ?? "").replace(/\{ p: (\d+) \}/, "{ p: $1000 }")]);
    }
    case "insert": {
      const index = pick(whole);
      return change(index, ["await this.call(E, { p: 987654 });", lines[index ?? 0] ?? ""]);
    }
    case "comment": {
      const index = pick(whole);
      return change(index, [`// ${at}`, lines[index ?? 0] ?? ""]);
    }
    case "wrap": {
      const index = pick(plain);
      return change(index, ["if (this.level > 0) {", lines[index ?? 0] ?? "", "}"]);
    }
    case "swap": {
      const index = pick((i) => plain(i) && plain(i + 1));
      return change(index, [lines[(index ?? 0) + 1] ?? "", lines[index ?? 0] ?? ""], 2);
    }
    case "rename": {
      const names = [...new Set(body.match(/\bconst (r\d+)\b/g) ?? [])].map((text) => text.slice("const ".length));
      const name = names[at % Math.max(1, names.length)];
      return name === undefined ? body : body.replace(new RegExp(`\\b${name}\\b`, "g"), `other${name}`);
    }
  }
}

/** How many braces are open before each line. */
function depths(lines: readonly string[]): readonly number[] {
  let depth = 0;
  return lines.map((line) => {
    const before = depth;
    depth += (line.match(/[{(]/g) ?? []).length - (line.match(/[})]/g) ?? []).length;
    return before;
  });
}
