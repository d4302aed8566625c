/**
 * Edits for module forms that only the checker can read: names that are types alone leave export lists, and
 * `import x = require("./y")` of a project module becomes an ES import. A compiler of single modules cannot know.
 */
import { type ExportDeclaration, type ImportEqualsDeclaration, Node, SymbolFlags } from "ts-morph";
import type { SourceEdit } from "../flows/analyse-flows.js";
import type { ProjectModel } from "../project/model.js";

/** The edits of all modules of a project. */
export function moduleFormEdits({ files }: ProjectModel): readonly SourceEdit[] {
  const known = new Set<Node>(files);
  return files.flatMap((file) =>
    file.getStatements().flatMap((statement) => {
      if (Node.isExportDeclaration(statement)) return typeExports(statement);
      return Node.isImportEqualsDeclaration(statement) ? requiredModule(statement, known) : [];
    }),
  );
}

/** `export { Options }` where Options is an interface: the output would promise a value that there is none of. */
function typeExports(statement: ExportDeclaration): readonly SourceEdit[] {
  if (statement.isTypeOnly()) return [];
  return statement
    .getNamedExports()
    .filter((part) => !part.isTypeOnly() && isTypeAlone(part.getSymbol()?.getAliasedSymbol()?.getFlags()))
    .map((part) => edit(part, part.getStart(), part.getStart(), "type "));
}

function isTypeAlone(flags: SymbolFlags | undefined): boolean {
  return flags !== undefined && (flags & SymbolFlags.Value) === 0 && (flags & SymbolFlags.Type) !== 0;
}

function requiredModule(statement: ImportEqualsDeclaration, known: ReadonlySet<Node>): readonly SourceEdit[] {
  const target = statement.getExternalModuleReferenceSourceFile();
  const specifier = statement.getModuleReference().getDescendants().find(Node.isStringLiteral);
  if (statement.isTypeOnly() || !specifier || !target) return [];
  const json = target.getFilePath().endsWith(".json");
  if (!json && !known.has(target)) return [];
  const whole = json || target.getSymbol()?.getExport("export=") !== undefined;
  const name = statement.getName();
  const binding = whole ? name : `* as ${name}`;
  const again = statement.isExported() ? ` export { ${name} };` : "";
  const text = `import ${binding} from ${specifier.getText()};${again}`;
  return [edit(statement, statement.getStart(), statement.getEnd(), text)];
}

function edit(node: Node, pos: number, end: number, text: string): SourceEdit {
  return { file: node.getSourceFile().getFilePath(), pos, end, text };
}
