/**
 * Syntax trees kept from one analysis to the next of the same process, so that a file whose text is the same is not
 * parsed again. Only trees, with the symbols that they declare: every analysis has a program and a checker of its own,
 * and reads what a cold one would.
 */
import type { Project, ts } from "ts-morph";

/** The part of ts-morph that makes trees. It is no public API: where it is missing, nothing is kept and all else holds. */
interface TreeSource {
  createOrUpdateSourceFile(
    file: string,
    options: ts.CompilerOptions,
    snapshot: ts.IScriptSnapshot,
    kind: ts.ScriptKind | undefined,
  ): ts.SourceFile;
}

interface Parsed {
  readonly text: string;
  readonly kind: ts.ScriptKind | undefined;
  readonly tree: ts.SourceFile;
}

/** Trees of one project, for one set of compiler options at a time. */
export class ParsedFiles {
  #options = "";
  #kept = new Map<string, Parsed>();

  /** Gives a new project the trees of the last one, and keeps those that it parses. Trees it does not ask for are dropped. */
  serve(project: Project): void {
    const source = treeSourceOf(project);
    if (!source) return;
    // Options decide how a tree is bound.
    const options = JSON.stringify(project.getCompilerOptions());
    const before = options === this.#options ? this.#kept : new Map<string, Parsed>();
    const now = new Map<string, Parsed>();
    this.#options = options;
    this.#kept = now;
    const parse = source.createOrUpdateSourceFile.bind(source);
    source.createOrUpdateSourceFile = (file, settings, snapshot, kind) => {
      const text = snapshot.getText(0, snapshot.getLength());
      const known = before.get(file);
      const same = known !== undefined && known.text === text && known.kind === kind;
      const tree = same ? known.tree : parse(file, settings, snapshot, kind);
      now.set(file, { text, kind, tree });
      return tree;
    };
  }
}

function treeSourceOf(project: Project): TreeSource | undefined {
  const { _context } = project as unknown as { _context?: { compilerFactory?: { documentRegistry?: unknown } } }; // ts-morph's own fields; checked below
  const source = _context?.compilerFactory?.documentRegistry as Partial<TreeSource> | undefined;
  return typeof source?.createOrUpdateSourceFile === "function" ? (source as TreeSource) : undefined;
}
