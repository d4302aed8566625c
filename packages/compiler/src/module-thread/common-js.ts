/**
 * CommonJS under ES imports, as TypeScript types it: any member of `module.exports` can be imported by name, and where
 * the checker takes the default for the member `default`, it is that. Node alone finds only names that it can see in
 * the text. Reads package.json files; imports run in the order of the source, since each facade is a module.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { outputPath } from "../emit/output-path.js";

/** How one module imports a CommonJS file. */
export interface FacadeRequest {
  /** Posix path of the file relative to the root. */
  readonly source: string;
  /** What finds the file from the folder of the facade that `facadePath` names. */
  readonly specifier: string;
  readonly names: ReadonlySet<string>;
  /** The default is the member `default` of what calls itself an ES module. */
  readonly defaultMember: boolean;
}

/** True if Node runs a file as CommonJS: JavaScript whose nearest package.json does not say `module`. */
export function isCommonJs(file: string): boolean {
  const extension = extname(file);
  if (extension !== ".js") return extension === ".cjs";
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    const path = join(folder, "package.json");
    if (!existsSync(path)) continue;
    return (JSON.parse(readFileSync(path, "utf8")) as { type?: string }).type !== "module";
  }
  return true;
}

/** Where the facade of a file lies in the build folder. */
export function facadePath({ source, defaultMember }: Pick<FacadeRequest, "source" | "defaultMember">): string {
  return `__commonjs__/${defaultMember ? "default/" : ""}${outputPath(source)}`;
}

/** Collects what is asked of CommonJS files and writes one facade for each. */
export class CommonJsFacades {
  readonly #asked = new Map<string, { specifiers: Set<string>; names: Set<string>; defaultMember: boolean }>();

  /** Notes a request. */
  ask(request: FacadeRequest): void {
    const path = facadePath(request);
    const { defaultMember } = request;
    const asked = this.#asked.get(path) ?? { specifiers: new Set(), names: new Set(), defaultMember };
    asked.specifiers.add(request.specifier);
    for (const name of request.names) asked.names.add(name);
    this.#asked.set(path, asked);
  }

  /** Output path → text. */
  *outputs(): Iterable<readonly [string, string]> {
    for (const [path, { specifiers, names, defaultMember }] of this.#asked) {
      // All lead to the same file; which one is met first is chance.
      const [specifier] = [...specifiers].sort();
      const from = JSON.stringify(specifier);
      const exported = defaultMember ? "exports?.__esModule ? exports.default : exports" : "exports";
      const lines = [
        `import * as namespace from ${from};`,
        `export * from ${from};`,
        "const exports = namespace.default;",
        `export default ${exported};`,
        ...membersText(names, (name) => `${name} in namespace ? namespace[${name}] : exports?.[${name}]`),
      ];
      yield [path, `${lines.join("\n")}\n`];
    }
  }
}

/**
 * Text to append to the output of a CommonJS project module, which has a default export alone: its members by name.
 * `self` is the output's own file name as a specifier.
 */
export function memberExports(self: string, names: ReadonlySet<string>): string {
  if (names.size === 0) return "";
  const lines = [
    `import __millrace_exports from ${JSON.stringify(self)};`,
    ...membersText(names, (name) => `__millrace_exports?.[${name}]`),
  ];
  return `${lines.join("\n")}\n`;
}

function membersText(names: ReadonlySet<string>, read: (name: string) => string): readonly string[] {
  return [...names].sort().flatMap((name, index) => {
    const local = `__millrace_member_${index}`;
    return [`const ${local} = ${read(JSON.stringify(name))};`, `export { ${local} as ${JSON.stringify(name)} };`];
  });
}
