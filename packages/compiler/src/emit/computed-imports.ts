/**
 * `import()` and `require()` of a computed path, and JSON imported with attributes: forms that make sense beside the
 * source and not beside the output. Syntax and the names in folders, nothing else.
 */
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ts } from "ts-morph";
import type { SourceEdit } from "../flows/analyse-flows.js";
import { isTestFile } from "../project/source-files.js";
import { dotted } from "./specifier.js";

/** What has to change in a module. */
export interface ComputedImports {
  readonly edits: readonly SourceEdit[];
  /** Folders that were searched for modules; absolute. */
  readonly folders: readonly string[];
}

const ASKED = /\bimport\s*\(|\brequire\s*\(/;
const MODULE = /(?<!\.d)\.(?:[cm]?[jt]sx?|json)$/;

/**
 * A path of which a relative beginning is known, such as `./plugins/${name}.js`, becomes a choice among the modules
 * that exist there: each is then an import like any other, with an output of its own. Other paths stay as they are.
 */
export function computedImports(
  syntax: ts.SourceFile,
  { file, ownRequire }: { readonly file: string; readonly ownRequire: boolean },
): ComputedImports {
  const edits: SourceEdit[] = [];
  const folders: string[] = [];
  if (!ASKED.test(syntax.text)) return { edits, folders };

  const visit = (node: ts.Node): void => {
    ts.forEachChild(node, visit);
    if (!ts.isCallExpression(node)) return;
    const { expression: callee, arguments: args } = node;
    const [path, attributes] = args;
    const imports = callee.kind === ts.SyntaxKind.ImportKeyword;
    const requires = ts.isIdentifier(callee) && callee.text === "require" && !ownRequire;
    if (path === undefined || (!imports && !requires)) return;
    if (ts.isStringLiteralLike(path)) {
      // JSON is compiled to a module, which Node would refuse to read as JSON.
      if (imports && attributes && path.text.endsWith(".json")) {
        edits.push({ file, pos: path.getEnd(), end: attributes.getEnd(), text: "" });
      }
      return;
    }
    const parts = partsOf(path);
    const start = /^\.{1,2}\/(?:.*\/)?/.exec(parts[0] ?? "")?.[0];
    if (start === undefined) return;
    const folder = join(dirname(file), start);
    folders.push(folder);
    const choices = [...modulesBehind(folder, { start, pattern: patternOf(parts) })];
    const keyword = callee.getText(syntax);
    const table = choices.map(
      ([name, module]) => `${JSON.stringify(name)}: () => ${keyword}(${JSON.stringify(module)})`,
    );
    const text = `((path) => (({ __proto__: null, ${table.join(", ")} })[path] ?? (() => ${keyword}(path)))())`;
    edits.push({ file, pos: callee.getStart(syntax), end: callee.getEnd(), text });
  };
  visit(syntax);
  return { edits, folders };
}

/** Constant pieces of a computed text; what stands between two of them is unknown. */
function partsOf(path: ts.Expression): readonly string[] {
  if (ts.isStringLiteralLike(path)) return [path.text];
  if (ts.isParenthesizedExpression(path)) return partsOf(path.expression);
  if (ts.isTemplateExpression(path)) return [path.head.text, ...path.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isBinaryExpression(path) && path.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [partsOf(path.left), partsOf(path.right)];
    return [...left.slice(0, -1), `${left.at(-1) ?? ""}${right[0] ?? ""}`, ...right.slice(1)];
  }
  return ["", ""];
}

function patternOf(parts: readonly string[]): RegExp {
  return new RegExp(`^${parts.map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".+")}$`);
}

/** Names under which a program may ask for the modules of a folder → their own path; a file's own name goes first. */
function modulesBehind(
  folder: string,
  { start, pattern }: { readonly start: string; readonly pattern: RegExp },
): ReadonlyMap<string, string> {
  const paths = filesIn(folder).map((file) => `${start}${file}`);
  const spellings: readonly ((path: string) => string)[] = [
    (path) => path,
    (path) => path.replace(/\.([cm]?)tsx?$/, ".$1js"),
    (path) => path.replace(/\.[^./]+$/, ""),
    (path) => path.replace(/\/index\.[^./]+$/, ""),
  ];
  const found = new Map<string, string>();
  for (const spell of spellings) {
    for (const path of paths) {
      const name = spell(path);
      if (pattern.test(name) && !found.has(name)) found.set(name, dotted(path));
    }
  }
  return found;
}

/** Modules below a folder, posix and relative to it, sorted; none if there is no such folder. */
function filesIn(folder: string, above = ""): readonly string[] {
  let entries: ReturnType<typeof readEntries>;
  try {
    entries = readEntries(folder);
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    if (entry.isDirectory()) return filesIn(join(folder, entry.name), `${above}${entry.name}/`);
    return MODULE.test(entry.name) && !isTestFile(entry.name) ? [`${above}${entry.name}`] : [];
  });
}

function readEntries(folder: string): import("node:fs").Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}
