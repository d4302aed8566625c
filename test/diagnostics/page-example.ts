/** An example of a page as files of a project: what pages leave out so that they read well is put around it. */

/** The examples of a page, each as the texts of its fences. */
export interface PageExamples {
  readonly bad: readonly string[];
  readonly good: readonly string[];
  readonly nearMiss: readonly string[];
}

/** Reads the fences below **Bad**, **Good** and **Near miss**. */
export function pageExamples(page: string): PageExamples {
  const below = (title: string): readonly string[] => {
    const [, section = ""] = page.split(`\n**${title}**\n`);
    const [own = ""] = section.split(/\n\*\*[A-Z]/);
    return [...own.matchAll(/^```(?:ts|json|yaml)\n(.*?)^```$/gms)].map(([, text = ""]) => text);
  };
  return { bad: below("Bad"), good: below("Good"), nearMiss: below("Near miss") };
}

/** A file of an example. */
export interface ExampleFile {
  readonly path: string;
  readonly text: string;
  /** Lines, from 1, that announce a finding with a comment. */
  readonly marked: readonly number[];
}

const SDK = [
  "Flow",
  "Rule",
  "Shared",
  "Task",
  "TaskShared",
  "Token",
  "defineFlow",
  "defineTask",
  "flow",
  "param",
  "rule",
  "task",
];
const STEPS = ["Fetch", "Notify", "Render", "render", "run"];

/** Files of a fence; a comment with a path begins another file. `stem` names the one that names none. */
export function exampleFiles(fence: string, stem: string): readonly ExampleFile[] {
  if (fence.startsWith("{"))
    return [{ path: fence.includes("compilerOptions") ? "tsconfig.json" : "package.json", text: fence, marked: [1] }];
  if (/^(?:#|\w+:)/.test(fence))
    return parts(fence, /^# (\S+\.yaml)\n/m, `${stem}.yaml`).map(({ path, body }) => ({
      path,
      text: body,
      marked: marks(body),
    }));
  return parts(fence, /^\/\/ (src\/\S+)\n/m, `src/${stem}.ts`).map(({ path, body }) => {
    const text = surround(body, stem);
    return { path, text, marked: marks(text) };
  });
}

/** The files of a fence: comments with a path stand before all but the first. */
function parts(fence: string, heading: RegExp, unnamed: string): readonly { path: string; body: string }[] {
  const [first = "", ...named] = fence.split(heading);
  const files = first.trim() === "" ? [] : [{ path: unnamed, body: first }];
  for (let i = 0; i < named.length; i += 2) files.push({ path: named[i] ?? "", body: named[i + 1] ?? "" });
  return files;
}

function marks(text: string): readonly number[] {
  return text.split("\n").flatMap((line, i) => (/(?:\/\/|#) (?:error|warning|hint)\b/.test(line) ? [i + 1] : []));
}

function surround(body: string, stem: string): string {
  const whole = wrap(stem, body.replaceAll("{ … }", '{ run() { return "…"; } }'));
  const bare = whole.replace(/"[^"]*"|\/\/.*$/gm, "");
  const used = (names: readonly string[]): readonly string[] =>
    names.filter(
      (name) =>
        new RegExp(`(?<![.\\w])${name}\\b(?!:|\\(\\) \\{)`).test(bare) &&
        !new RegExp(`(class|const|function|import .*\\{.*) ?${name}\\b|[{,] ${name}[ ,].*from`).test(whole),
    );
  const sdk = used(SDK);
  const steps = used(STEPS);
  const imports = [
    ...(sdk.length > 0 ? [`import { ${sdk.join(", ")} } from "millrace";`] : []),
    ...(steps.length > 0 ? [`import { ${steps.join(", ")} } from "./steps.js";`] : []),
  ];
  return imports.join(" ") + whole;
}

/** Statements of a body get a flow, members a task, a lone decorator a class. */
function wrap(stem: string, body: string): string {
  const name = `Example${stem}`;
  if (/\bthis\.|await /.test(body) && !/\b(class|define|function)/.test(body) && !/^ *@param/m.test(body)) {
    return `\n@flow() export class ${name} extends Flow<void> { @param() city!: string; @param() cities!: string[]; async run() {\n${body}} }\n`;
  }
  if (/^ *@param\(/.test(body)) {
    return `\n@task() export class ${name} extends Task<number> { run() { return 1; }\n${body}}\n`;
  }
  if (/^(const .*\n\n)?@task\(.*\).*$/.test(body.trim())) {
    return `\n${body}export class ${name} extends Task<number> { run() { return 1; } }\n`;
  }
  return `\n${body}`;
}
