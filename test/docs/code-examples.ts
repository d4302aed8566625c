/**
 * TypeScript blocks as modules of one project. A block is a module as it stands; a mark before it names what surrounds it:
 *
 *     <!-- example: with sdk and web -->               names that it uses are imported from project/with/sdk.ts and web.ts
 *     <!-- example: with steps, in run of Asking -->   it is statements of a flow's body; of a class: members
 *     <!-- example: with tests, runs -->               it also runs, though it states no result
 *     <!-- example: satisfies Diagnostic -->           it is JSON of that type of @millrace/core
 *
 * A block that states a result runs without being told to: what is printed stands in a plain block right after it, and what an
 * expression gives in a comment behind it (`run.ok; // true`). A part of a flow is run as that flow, and may say what it returns. Lines
 * keep their numbers, so that messages name those of the page.
 */
import { readFileSync } from "node:fs";
import { type Block, placeOf, stemOf } from "./read-blocks.js";

/** A block as a file of the project. */
export interface CodeExample {
  readonly block: Block;
  /** Path in the project. */
  readonly path: string;
  readonly source: string;
  readonly runs: boolean;
  /** Of a part of a flow: the id of the flow, and the text of what it returns if the block says so. */
  readonly flow?: { readonly id: string; readonly returns?: string };
}

interface Surroundings {
  readonly modules: readonly string[];
  /** What stands before and behind the text. */
  readonly frame: readonly [string, string];
  /** Class of the surroundings that the frame extends. */
  readonly base?: string;
  readonly runs: boolean;
}

const BARE: Surroundings = { modules: [], frame: ["", ""], runs: false };
const MARK =
  /^example:(?: with (?<modules>\w+(?: and \w+)*))?(?:,? in (?<part>run|class) of (?<base>\w+))?(?: satisfies (?<type>\w+))?(?:,? (?<runs>runs))?$/;

function surroundingsOf(block: Block): Surroundings {
  if (block.mark === undefined) return BARE;
  const { groups } = MARK.exec(block.mark) ?? {};
  if (!groups) throw new Error(`${placeOf(block)}: nobody understands the mark "${block.mark}"`);
  const { modules, part, base, type, runs } = groups;
  return {
    ...BARE,
    modules: modules?.split(" and ") ?? [],
    runs: runs !== undefined,
    ...(base ? { base, frame: flowFrame(flowId(block), base, part === "run") } : {}),
    ...(type
      ? { frame: [`import type { ${type} } from "@millrace/core"; export const written: ${type} =`, ";\n"] }
      : {}),
  };
}

function flowId(block: Block): string {
  return `Example_${stemOf(block)}`;
}

function flowFrame(id: string, base: string, inRun: boolean): readonly [string, string] {
  const imported = base === "Flow" ? "Flow, " : "";
  const extended = base === "Flow" ? "Flow<unknown>" : base;
  const head = `import { ${imported}flow as $flow } from "millrace"; @$flow() export class ${id} extends ${extended} {`;
  return inRun ? [`${head} async run() {`, "} }\n"] : [head, "}\n"];
}

/** A value in a comment, perhaps with words behind it. */
const VALUE = String.raw`;\s+// (true|false|null|undefined|-?\d+(?:\.\d+)?|"[^"]*"|\[.*\])(?:,.*)?$`;
/** An expression and the value that a comment says it has. */
const STATED = new RegExp(String.raw`^((?!const |let |return |export )[\w(][^;\n]*)${VALUE}`, "gm");
/** What a body returns. */
const RETURNED = new RegExp(String.raw`^ *return [^;\n]*${VALUE}`, "m");

/** Makes a file of a block. @throws Error if its mark is wrong. */
export function codeExample(block: Block): CodeExample {
  const { modules, frame, base, runs } = surroundingsOf(block);
  const [, named] = /^\/\/ (\S+\.ts)\n/.exec(block.text) ?? [];
  const stated = block.text.replace(STATED, '(await import("vitest")).expect($1).toEqual($2);');
  const [, returns] = RETURNED.exec(block.text) ?? [];
  const [before, behind] = frame;
  const imports = modules.map((module) => importOf(module, block, base));
  return {
    block,
    path: named ?? `examples/${stemOf(block)}.ts`,
    source: [...imports, before].join(" ") + "\n".repeat(block.line - 1) + stated + behind,
    runs: runs || base !== undefined || block.prints !== undefined || stated !== block.text,
    ...(base ? { flow: { id: flowId(block), ...(returns ? { returns } : {}) } } : {}),
  };
}

/** Imports what a block uses of a module and does not make itself. */
function importOf(module: string, block: Block, base: string | undefined): string {
  const exported = exportsOf(readFileSync(new URL(`project/with/${module}.ts`, import.meta.url), "utf8"));
  const bare = block.text.replace(/\/\/.*$/gm, "");
  const used = exported.filter(
    (name) => name === base || (new RegExp(`(?<![.#\\w])${name}\\b(?!:)`).test(bare) && !madeBy(bare).has(name)),
  );
  return `import { ${used.join(", ")} } from "../with/${module}.js";`;
}

function exportsOf(source: string): readonly string[] {
  const declared = source.matchAll(
    /^export (?:declare |abstract |async )*(?:const|class|function\*?|interface|type) (\w+)/gm,
  );
  const listed = [...source.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, list = ""]) =>
    list.split(",").map((name) => name.trim().replace(/^type |^\w+ as /g, "")),
  );
  return [...[...declared].map(([, name = ""]) => name), ...listed].filter((name) => name !== "");
}

/** Names that a text declares or imports at its left margin. */
function madeBy(text: string): ReadonlySet<string> {
  const declared = text.matchAll(
    /^(?:export )?(?:await using|const|let|class|function|interface|type) (\w+|\{[^}]*\})/gm,
  );
  const imported = text.matchAll(/^import (?:type )?(\{[^}]*\})/gm);
  return new Set([...declared, ...imported].flatMap(([, names = ""]) => names.match(/\w+/g) ?? []));
}

/** A Vitest file that runs the examples, each once, and compares what they print. */
export function testsOf(examples: readonly CodeExample[]): string {
  const surroundings = new Set(examples.flatMap(({ source }) => source.match(/"\.\.\/with\/\w+\.js"/g) ?? []));
  const tests = examples.map(({ block, path, flow }) => {
    const load = flow ? startOf(flow) : `await import(${JSON.stringify(`../${path.replace(/\.ts$/, ".js")}`)});`;
    const compare = block.prints === undefined ? "" : ` expect(said()).toBe(${JSON.stringify(block.prints)});`;
    return `test(${JSON.stringify(placeOf(block))}, async () => { ${load}${compare} });\n`;
  });
  const engine = examples.some(({ flow }) => flow) ? 'import { engine } from "../with/engine.js";\n' : "";
  return `${engine}import { beforeEach, expect, test, vi } from "vitest";
// Loaded here, so that what they open is the file's and no example's.
${[...surroundings].map((module) => `import ${module};\n`).join("")}
const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
const said = () => written.mock.calls.map(([text]) => text).join("");
beforeEach(() => void written.mockClear());
${tests.join("")}`;
}

function startOf({ id, returns }: NonNullable<CodeExample["flow"]>): string {
  const result = `await engine.start("${id}", {}).result()`;
  return returns === undefined ? `${result};` : `expect(${result}).toEqual(${returns});`;
}
