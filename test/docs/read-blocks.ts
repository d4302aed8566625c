/** The code blocks of the documentation, with the marks that say what surrounds them. Nothing is judged here. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Top of the repository. */
export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** A fenced block of a page. */
export interface Block {
  /** Path of the page inside the repository. */
  readonly page: string;
  /** Line of the page, from 1, that its code begins with. */
  readonly line: number;
  /** What stands behind the fence: `ts`, `json`, …; empty for plain text. */
  readonly language: string;
  /** Its lines, each with its line break. */
  readonly text: string;
  /** Text of the comment right before it. */
  readonly mark?: string;
  /** Text of the plain block that follows it, with nothing between or a line that ends with a colon: what it prints or gives. */
  readonly prints?: string;
}

/** `page:line`, as an editor takes it. */
export function placeOf({ page, line }: Block): string {
  return `${page}:${line}`;
}

/** A name for files that are made of a block: `flow_specs_7`. */
export function stemOf({ page, line }: Block): string {
  return `${page.replace(/^docs\/|\.md$/g, "").replace(/\W/g, "_")}_${line}`;
}

/** Pages whose blocks are read: README files, and docs but for decisions and for the pages of diagnostics, which are fixtures. */
export function documentationPages(): readonly string[] {
  const below = (folder: string): readonly string[] => readdirSync(join(REPOSITORY, folder));
  const docs = below("docs").filter((name) => name.endsWith(".md"));
  const readmes = ["packages", "templates", "examples"].flatMap((folder) =>
    below(folder).flatMap((name) =>
      name.includes(".") ? [] : below(join(folder, name)).includes("README.md") ? [`${folder}/${name}/README.md`] : [],
    ),
  );
  return ["README.md", ...docs.map((name) => `docs/${name}`), "docs/diagnostics/README.md", ...readmes];
}

const FENCE = /^(?:<!-- (.+) -->\n)?```(\w*)\n([\s\S]*?)^```$/gm;

/** Reads the blocks of a page in their order. @throws Error if a fence or a mark would go unseen. */
export function readBlocks(page: string): readonly Block[] {
  const text = readFileSync(join(REPOSITORY, page), "utf8");
  const found = [...text.matchAll(FENCE)].map((match) => {
    const [whole, mark, language = "", code = ""] = match;
    const start = match.index + whole.length - code.length - "```".length;
    const line = text.slice(0, start).split("\n").length;
    const block: Block = { page, line, language, text: code, ...(mark === undefined ? {} : { mark }) };
    return { block, from: match.index, to: match.index + whole.length };
  });
  const fences = text.match(/^[ >]*(?:```|~~~)/gm) ?? [];
  if (fences.length !== 2 * found.length)
    throw new Error(`${page} has a fence that is indented, left open or made of ~`);
  const marks = text.match(/<!-- example/g) ?? [];
  if (marks.length !== found.filter(({ block }) => block.mark?.startsWith("example")).length)
    throw new Error(`${page} has a mark that does not stand right before a fence`);
  return found.map(({ block, to }, i) => {
    const next = found[i + 1];
    const follows = next?.block.language === "" && /^\s*(?:\S.*:\n\s*)?$/.test(text.slice(to, next.from));
    return block.language !== "" && follows ? { ...block, prints: next.block.text } : block;
  });
}
