/**
 * Replaces variables: `$ENV{NAME}`, `$VAR{name}`, `$SYS{APP_ROOT_DIR}`, each also with a default (`$ENV{NAME:text}`); `$$ENV{` stands for
 * `$ENV{` itself. Texts in single quotes stay as they are. What a plain scalar is as a whole becomes what the value would have been in its place: a
 * number, true, false or null, too.
 */
import { nearestName, suggestName } from "@millrace/core";
import { isScalar, Schema } from "yaml";
import type { ReportFinding } from "./findings.js";
import { type Leaf, type Tree, withFields } from "./tree.js";

/** Where values come from. */
export interface JobVariables {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly var: Readonly<Record<string, string>>;
  readonly sys: Readonly<Record<string, string>>;
}

/** How a tree is looked at. */
export interface Substitution {
  readonly variables: JobVariables;
  /** Variables without a value are no findings; the leaves that need them are marked as open. */
  readonly open: boolean;
  readonly report: ReportFinding;
}

const VARIABLE = /\$?\$(ENV|VAR|SYS)\{([^}]*)(\}?)/g;
const WHOLE = /^\$(?:ENV|VAR|SYS)\{[^}]*\}$/;
const NAME = /^[A-Za-z_][\w.-]*$/;

/** The tree with the values in place. */
export function substitute(tree: Tree, how: Substitution): Tree {
  if (tree.kind === "list") return { ...tree, items: tree.items.map((item) => substitute(item, how)) };
  if (tree.kind === "fields") return withFields(tree, (_, { key, value }) => ({ key, value: substitute(value, how) }));
  return typeof tree.value === "string" && tree.style !== "literal" ? filled(tree, tree.value, how) : tree;
}

function filled(leaf: Leaf, text: string, how: Substitution): Leaf {
  if (!text.includes("$")) return leaf;
  let missing = false;
  const value = text.replace(VARIABLE, (whole, source: string, inside: string, end: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    const found = end === "" ? "has no closing brace" : lookUp(source, inside, how.variables);
    // What a value holds is text: it must not become a reference where it stands.
    if (typeof found === "object") return found.value.replaceAll("${{", "$$$${{");
    missing = true;
    const isUnset = found.startsWith(UNSET);
    if (!isUnset || !how.open || source === "SYS")
      how.report({
        code: "job-variable-unset",
        span: leaf.span,
        message: `${whole} ${found}.`,
        ...hintFor(source, inside, how.variables),
      });
    return "";
  });
  if (missing) return { ...leaf, value, open: true };
  return { ...leaf, value: leaf.style === "plain" && WHOLE.test(text) ? asPlain(value) : value };
}

const UNSET = "has no value";

/** The value, or what is wrong, as the end of a sentence. */
function lookUp(source: string, inside: string, variables: JobVariables): { readonly value: string } | string {
  const colon = inside.indexOf(":");
  const name = colon < 0 ? inside : inside.slice(0, colon);
  if (!NAME.test(name)) return `names no variable: "${name}"`;
  const values = variables[source.toLowerCase() as keyof JobVariables]; // the pattern has these three alone
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value !== undefined) return { value };
  return colon < 0 ? `${UNSET}, and no default` : { value: inside.slice(colon + 1) };
}

function hintFor(source: string, inside: string, variables: JobVariables): { readonly hint: string } {
  const name = inside.split(":")[0] ?? "";
  if (source === "SYS") {
    const known = Object.keys(variables.sys);
    return { hint: suggestName(name, known, `There is ${known.join(", ")}.`) };
  }
  const near = source === "VAR" ? nearestName(name, Object.keys(variables.var)) : undefined;
  const give = source === "ENV" ? `Set ${name} in the environment` : `Give it: --var ${name}=value`;
  return {
    hint: `${near === undefined ? "" : `Did you mean "${near}"? `}${give}, or write a default: $${source}{${name}:value}.`,
  };
}

const CORE = new Schema({ schema: "core" });

/** What YAML makes of a text that stands there without quotes. Nothing stays an empty text: the variable has a value. */
function asPlain(text: string): Leaf["value"] {
  if (text === "") return text;
  const tag = CORE.tags.find(
    (one) => one.default === true && one.collection === undefined && "test" in one && one.test?.test(text),
  );
  if (!tag || tag.collection !== undefined) return text;
  const made = tag.resolve(text, () => undefined, {});
  const value: unknown = isScalar(made) ? made.value : made;
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value) ? text : value;
  return typeof value === "boolean" || value === null ? value : text;
}
