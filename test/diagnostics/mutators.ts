/** Ways to break the project `shop`: each makes one mistake of the kind that people make. */
import type { Edit, Mutator } from "./mutation.js";

const FLOWS = /src\/flows\//;
const TASKS = /src\/tasks\//;
const CLASS_TASKS = /src\/tasks\/(stock|money)/;
const ALL = /src\//;

/** Parameters that each task of the shop requires. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  CountStock: ["product"],
  Reserve: ["product", "amount"],
  Price: ["lines"],
  Charge: ["customer", "sum"],
  sendMail: ["to", "text"],
  book: ["entry"],
  PickLines: ["lines"],
};

/** The ways. */
export const MUTATORS: readonly Mutator[] = [
  { name: "required parameter left out", files: FLOWS, edits: (text) => givenParams(text).flatMap(leftOut) },
  {
    name: "parameters left out",
    files: FLOWS,
    edits: (text) => replaceGroup(text, /\.call\(\w+(, \{ .*? \})\)/g, "", "call"),
  },
  {
    name: "parameter misspelt",
    files: FLOWS,
    edits: (text) => givenParams(text).map(({ name, start, end, short }) => misspelt(name, { start, end, short })),
  },
  {
    name: "value of another type",
    files: FLOWS,
    edits: (text) => givenParams(text).map(({ name, start, end }) => ({ start, end, text: `${name}: { odd: /x/ }` })),
  },
  {
    name: "parameter that is none",
    files: FLOWS,
    edits: (text) => insertAfter(text, /\.call\(\w+, \{/g, " extra: 1,"),
  },
  {
    name: "await left out of a statement",
    files: FLOWS,
    edits: (text) => replaceGroup(text, /\n +(await )(?:this|flow)\.call.*?\)/g, "", "call"),
  },
  {
    name: "await left out of a constant",
    files: FLOWS,
    edits: (text) => replaceGroup(text, /= (await )(?:this|flow)\.(?:call|map).*?\)/g, "", "call"),
  },
  {
    name: "export left out",
    files: ALL,
    edits: (text) => replaceGroup(text, /\n(export )(?:class|const) \w+/g, "", "call"),
  },
  {
    name: "id taken twice",
    files: CLASS_TASKS,
    edits: (text) => replaceGroup(text, /@task\((.*)\)/g, '{ id: "SendMail" }'),
  },
  {
    name: "id of a function taken twice",
    files: /mail/,
    edits: (text) => replaceGroup(text, /id: ("\w+")/g, '"Charge"'),
  },
  { name: "stray token", files: ALL, edits: (text) => insertAfter(text, /[;{]\n/g, "  )\n") },
  { name: "parenthesis left out", files: ALL, edits: (text) => replaceGroup(text, /\w(\()\w.*/g, "", "call") },
  { name: "quote left out", files: ALL, edits: (text) => replaceGroup(text, /"\w+(")[;,].*/g, "", "call") },
  {
    name: "import of a task left out",
    files: FLOWS,
    // Of an import nothing stays but the names that it bound, wherever they are used.
    edits: (text) =>
      [...text.matchAll(/import \{ (?:\w+, )*(\w+)(?:, \w+)* \} from "\.[^"]*(?:tasks|pick)[^"]*";\n/g)].map(
        (match) => {
          const rest = applyCut(text, match.index, match.index + match[0].length);
          const used = match[0].match(/\{ (.*) \}/)?.[1]?.split(", ") ?? [];
          const first = Math.min(...used.map((name) => rest.search(new RegExp(`\\b${name}\\b`))));
          return {
            start: match.index,
            end: match.index + match[0].length,
            text: "",
            changed: { start: first, end: first + 1 },
          };
        },
      ),
  },
  {
    name: "import of the SDK left out",
    files: ALL,
    edits: (text) =>
      [...text.matchAll(/import \{ (.*) \} from "millrace";\n/g)].map((match) => {
        const rest = applyCut(text, match.index, match.index + match[0].length);
        const used = (match[1] ?? "").split(", ").map((name) => name.replace("type ", ""));
        const first = Math.min(...used.map((name) => rest.search(new RegExp(`\\b${name}\\b`))).filter((at) => at >= 0));
        return {
          start: match.index,
          end: match.index + match[0].length,
          text: "",
          changed: { start: first, end: first + 1 },
        };
      }),
  },
  {
    name: "import that leads nowhere",
    files: FLOWS,
    edits: (text) =>
      replaceGroup(text, /from ("\.\.?\/(?:tasks\/)?(?:stock|money|mail|pick)\.js")/g, '"../nowhere.js"'),
  },
  {
    name: "imported name that is not exported",
    files: FLOWS,
    edits: (text) => replaceGroup(text, /import \{ (?:\w+, )*(Price|Reserve|book|PickLines)\b/g, "Prize"),
  },
  {
    name: "option misspelt",
    files: TASKS,
    edits: (text) => replaceGroup(text, /[{,] (timeout|retry|version|tags):/g, "timeot"),
  },
  {
    name: "retry option misspelt",
    files: TASKS,
    edits: (text) => replaceGroup(text, /(attempts|backoff|delay):/g, "atempt"),
  },
  { name: "duration that is none", files: TASKS, edits: (text) => replaceGroup(text, /timeout: ("\w+")/g, '"soon"') },
  { name: "attempts that are none", files: TASKS, edits: (text) => replaceGroup(text, /attempts: (\d)/g, "0") },
  {
    name: "option that is computed",
    files: TASKS,
    edits: (text) => replaceGroup(text, /timeout: ("\w+")/g, "String(30)"),
  },
  { name: "clock in a body", files: FLOWS, edits: (text) => insertLine(text, "console.log(Date.now());", "Date.now") },
  {
    name: "random in a body",
    files: FLOWS,
    edits: (text) => insertLine(text, "if (Math.random() > 2) return undefined as never;", "Math.random"),
  },
  {
    name: "environment in a body",
    files: FLOWS,
    edits: (text) => insertLine(text, "console.log(process.env.SHOP);", "process.env"),
  },
  {
    name: "fetch in a body",
    files: FLOWS,
    edits: (text) => insertLine(text, 'await fetch("http://localhost");', "fetch"),
  },
  {
    name: "timer in a body",
    files: FLOWS,
    edits: (text) => insertLine(text, "setTimeout(() => {}, 1);", "setTimeout"),
  },
  {
    name: "call in a task",
    files: CLASS_TASKS,
    edits: (text) => insertAfter(text, /run\(\).*\{\n/g, "    void this.call(Charge, {});\n"),
  },
  { name: "abstract class", files: CLASS_TASKS, edits: (text) => insertAfter(text, /export /g, "abstract ", /class/) },
  {
    name: "decorator of the other kind",
    files: CLASS_TASKS,
    edits: (text) => replaceGroup(text, /(@task)\(/g, "@flow"),
  },
  {
    name: "decorator left out",
    files: CLASS_TASKS,
    edits: (text) => replaceGroup(text, /(@task\(.*\)\n)export class \w+/g, "", "call"),
  },
  { name: "private parameter", files: CLASS_TASKS, edits: (text) => insertAfter(text, /@param\(\) /g, "private ") },
  {
    name: "parameter that cannot be sent",
    files: CLASS_TASKS,
    edits: (text) => replaceGroup(text, /@param\(\) (\w+!: .*);/g, "sent!: () => void").map(sameName(text)),
  },
  {
    name: "result that cannot be sent",
    files: CLASS_TASKS,
    edits: (text) => replaceGroup(text, /run\(\): (Promise<\w+>|number)/g, "Promise<() => void>"),
  },
  {
    name: "parameter read early",
    files: CLASS_TASKS,
    edits: (text) =>
      [...text.matchAll(/@param\(\) (\w+)!.*\n/g)].map((match) => {
        const at = match.index + match[0].length;
        return { start: at, end: at, text: `  early = this.${match[1]};\n` };
      }),
  },
  {
    name: "computed step name",
    files: FLOWS,
    edits: (text) => insertBefore(text, /(?<=\.call\(\w+, \{ .*? \})\)/g, ", { name: String(1) }"),
  },
  {
    name: "method taken off its flow",
    files: /flows\/(pick|sell)/,
    edits: (text) => insertLine(text, "const { call } = this; console.log(call);", "call"),
  },
  {
    name: "forEach that drops promises",
    files: FLOWS,
    edits: (text) =>
      insertLine(text, "[1].forEach(async () => { await this.call(book, { entry: 'x' }); });", "forEach").filter(
        () => text.includes("book") && text.includes("extends Flow"),
      ),
  },
  {
    name: "flow that calls itself",
    files: /flows\/pick/,
    edits: (text) => insertBefore(text, /return this\.map/g, "await this.call(PickLines, { lines: [] });\n    "),
  },
  {
    name: "class expression",
    files: CLASS_TASKS,
    edits: (text) =>
      replaceGroup(text, /\n(@task\(.*\)\nexport class (?:\w+) extends)/g, "").map((edit) => asExpression(text, edit)),
  },
];

interface Given {
  readonly task: string;
  readonly name: string;
  /** Written `{ name }`. */
  readonly short: boolean;
  readonly start: number;
  readonly end: number;
  /** The object literal. */
  readonly literal: { readonly start: number; readonly end: number };
}

/** The parameters that calls of a text give. */
function givenParams(text: string): readonly Given[] {
  return [...text.matchAll(/\.call\((\w+), (\{ (.*?) \})\)/g)].flatMap((match) => {
    const [, task = "", whole = "", inner = ""] = match;
    const start = match.index + match[0].indexOf(whole);
    let at = start + 2;
    return inner.split(", ").map((part): Given => {
      const found = {
        task,
        name: part.split(":")[0] ?? "",
        short: !part.includes(":"),
        start: at,
        end: at + part.length,
      };
      at += part.length + 2;
      return { ...found, literal: { start, end: start + whole.length } };
    });
  });
}

function leftOut({ task, name, start, end, literal }: Given): readonly Edit[] {
  if (!REQUIRED[task]?.includes(name)) return [];
  const last = end === literal.end - 2;
  const first = start === literal.start + 2;
  const from = last && !first ? start - 2 : start;
  const to = last ? end : end + 2;
  return [{ start: from, end: to, text: "", changed: { start: literal.start, end: literal.end - (to - from) } }];
}

function misspelt(name: string, { start, end, short }: Pick<Given, "start" | "end" | "short">): Edit {
  const wrong = `${name}z`;
  return short ? { start, end, text: `${wrong}: ${name}` } : { start, end: start + name.length, text: wrong };
}

/** Replaces the first group of each match; `call` counts the rest of the match as changed. */
function replaceGroup(text: string, pattern: RegExp, by: string, changed?: "call"): readonly Edit[] {
  return [...text.matchAll(new RegExp(pattern, "dg"))].map((match) => {
    const [start, end] = match.indices?.[1] ?? [match.index, match.index];
    const whole = { start: match.index, end: match.index + match[0].length - (end - start) + by.length };
    return { start, end, text: by, ...(changed ? { changed: whole } : {}) };
  });
}

function insertAfter(text: string, pattern: RegExp, added: string, next = /./s): readonly Edit[] {
  return [...text.matchAll(pattern)]
    .map((match) => match.index + match[0].length)
    .filter((at) => text.slice(at).search(next) === 0)
    .map((at) => ({ start: at, end: at, text: added }));
}

function insertBefore(text: string, pattern: RegExp, added: string): readonly Edit[] {
  return [...text.matchAll(pattern)].map(({ index }) => ({ start: index, end: index, text: added }));
}

/** A statement before one of a body. */
function insertLine(text: string, statement: string, culprit: string): readonly Edit[] {
  return [...text.matchAll(/\n {4}(?=const (?!.*order\.lines)|return|await)/g)].map((match) => {
    const at = match.index + match[0].length;
    const start = at + statement.indexOf(culprit);
    return { start: at, end: at, text: `${statement}\n    `, changed: { start, end: start + culprit.length } };
  });
}

/** Keeps the name that the field had. */
function sameName(text: string): (edit: Edit) => Edit {
  return (edit) => ({ ...edit, text: edit.text.replace("sent", text.slice(edit.start).match(/\w+/)?.[0] ?? "sent") });
}

function asExpression(text: string, edit: Edit): Edit {
  const name = /class (\w+)/.exec(text.slice(edit.start, edit.end))?.[1];
  return { ...edit, text: `export const ${name} = class extends` };
}

function applyCut(text: string, start: number, end: number): string {
  return text.slice(0, start) + text.slice(end);
}
