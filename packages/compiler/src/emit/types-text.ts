/**
 * The generated declaration file: it augments each class with its exact parameters and lists the flows by name. What
 * `defineTask` and `defineFlow` make has its exact parameters without it.
 *
 *   declare module "../src/tasks/fetch.js" {
 *     interface FetchForecast {
 *       [params]?(p: any, seen: any): void;
 *       [params]?(p: { city: string; days?: number }, seen: "city" | "days"): void;
 *     }
 *   }
 *
 * Inference reads the last overload. The first makes every subclass assignable, also one that gives a required field a
 * default and adds a required one: neither of the two parameter objects fits the other then.
 */
import { posix } from "node:path";
import { appendTo } from "@millrace/core";
import type { ClassDeclaration } from "ts-morph";
import { classOf } from "../project/declared.js";
import type { ProjectModel } from "../project/model.js";
import type { DeclarationFacts } from "../tasks/read-declaration.js";
import { type PrintPlace, printType } from "./print-type.js";
import { dotted } from "./specifier.js";

const HEADER = `/** Written by \`flow build\`; it follows from the sources and is not edited by hand. */
/* eslint-disable */
// biome-ignore-all lint: generated
`;

/** The overload that any subclass fits. */
const LOOSE = "[params]?(p: any, seen: any): void";

/** What the declarations are written for. */
export interface TypesPlace {
  readonly model: ProjectModel;
  /** Posix path of the output folder relative to the root. */
  readonly stateDir: string;
}

/** What the file says of one declaration. */
export interface DeclaredTypes {
  /** Of the module that declares it. */
  readonly specifier: string;
  /** What is added to the class. */
  readonly augmentation: string | undefined;
  /** The line of a flow in the registry. */
  readonly registered: string | undefined;
}

/** Makes that; undefined for what the file leaves out. */
export function declaredTypes(place: TypesPlace): (facts: DeclarationFacts) => DeclaredTypes | undefined {
  const specifierFor = specifiers(place);
  return (facts) => {
    const { declared } = facts;
    // The type arguments of a rule are its parameters.
    if (declared.exportName === undefined || declared.isRule) return undefined;
    const specifier = moduleSpecifier(declared.source, place);
    const owner = classOf(declared);
    return {
      specifier,
      augmentation: owner && augment(facts, { owner, specifierFor }),
      registered: declared.kind === "flow" ? registryLine(facts, specifier) : undefined,
    };
  };
}

/** Text of the declaration file, with what `typesOf` says of each declaration. */
export function typesText(
  facts: readonly DeclarationFacts[],
  { model }: Pick<TypesPlace, "model">,
  typesOf: (facts: DeclarationFacts) => DeclaredTypes | undefined,
): string {
  const sdk = model.stampsModule === "millrace/stamps" ? "millrace" : "@millrace/sdk";
  const modules = new Map<string, string[]>();
  const registry: string[] = [];
  for (const types of [...facts].sort(byId).map(typesOf)) {
    if (types?.augmentation) appendTo(modules, types.specifier, types.augmentation);
    if (types?.registered) registry.push(types.registered);
  }
  const blocks = [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(
      ([specifier, lines]) =>
        `declare module ${JSON.stringify(specifier)} {\n${lines.map((line) => `  ${line}\n`).join("")}}\n`,
    );
  if (registry.length > 0) {
    const lines = registry.map((line) => `    ${line}\n`).join("");
    blocks.push(`declare module "${sdk}" {\n  interface FlowRegistry {\n${lines}  }\n}\n`);
  }
  return `${HEADER}import type { params } from "${sdk}";\n\n${blocks.join("\n")}`;
}

function augment(
  { declared, params }: DeclarationFacts,
  at: PrintPlace & { readonly owner: ClassDeclaration },
): string {
  const node = at.owner;
  const typeParameters = printTypeParameters(node, at);
  const self = declared.exportName === "default" ? declared.className : (declared.exportName ?? declared.className);
  const name = /^[A-Za-z_$][\w$]*$/.test(self) ? self : "Default";
  const args = node.getTypeParameters().map((parameter) => parameter.getName());
  const owner = `${name}${args.length > 0 ? `<${args.join(", ")}>` : ""}`;
  const members = params.map(({ name: key, type, required }) => {
    // What the file cannot name it can still reach through the class itself.
    const text = printType(type, at, !required) ?? `${owner}[${JSON.stringify(key)}]`;
    return `${propertyKey(key)}${required ? "" : "?"}: ${text}`;
  });
  const shape = members.length > 0 ? `{ ${members.join("; ")} }` : "{}";
  const seen = params.length > 0 ? params.map(({ name }) => JSON.stringify(name)).join(" | ") : "never";
  const keyword = declared.exportName === "default" ? "export default interface" : "interface";
  return `${keyword} ${name}${typeParameters} { ${LOOSE}; [params]?(p: ${shape}, seen: ${seen}): void }`;
}

/**
 * Type parameters of merged declarations must be the same, but a later declaration may leave out a constraint or default:
 * those of the class then hold. So what the file cannot name is left out.
 */
function printTypeParameters(node: ClassDeclaration, at: PrintPlace): string {
  const parts = node.getTypeParameters().map((parameter) => {
    const [constraint, fallback] = [parameter.getConstraint(), parameter.getDefault()].map(
      (part) => part && printType(part.getType(), at),
    );
    return { name: parameter.getName(), constraint, fallback, unnamed: parameter.getDefault() && !fallback };
  });
  // A parameter with a default stands before none without, so either all are written or none.
  const defaults = !parts.some(({ unnamed }) => unnamed);
  const printed = parts.map(({ name, constraint, fallback }) => {
    const extending = constraint === undefined ? "" : ` extends ${constraint}`;
    return `${name}${extending}${fallback === undefined || !defaults ? "" : ` = ${fallback}`}`;
  });
  return printed.length > 0 ? `<${printed.join(", ")}>` : "";
}

function registryLine({ declared }: DeclarationFacts, specifier: string): string {
  const module = `import(${JSON.stringify(specifier)})`;
  const owner = classOf(declared);
  if (!owner) return `${JSON.stringify(declared.id)}: InstanceType<typeof ${module}.${declared.exportName}>;`;
  const required = owner.getTypeParameters().filter((parameter) => !parameter.getDefault()).length;
  const args = required > 0 ? `<${Array(required).fill("any").join(", ")}>` : "";
  return `${JSON.stringify(declared.id)}: ${module}.${declared.exportName}${args};`;
}

/** How the generated file spells the modules of the project. */
function specifiers({ model, stateDir }: TypesPlace): PrintPlace["specifierFor"] {
  const sources = new Map(
    model.files.map((file) => [file.getFilePath().replace(/(\.d)?\.[cm]?[jt]sx?$/, ""), model.sourceOf(file)]),
  );
  return (path) => {
    const source = sources.get(path.replace(/\.[cm]?[jt]sx?$/, ""));
    return source && moduleSpecifier(source, { model, stateDir });
  };
}

/** `../src/x.js` for `src/x.ts`: one spelling that every module resolution understands. */
function moduleSpecifier(source: string, { stateDir }: TypesPlace): string {
  return dotted(posix.relative(stateDir, source).replace(/\.([cm]?)[jt]sx?$/, ".$1js"));
}

function propertyKey(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function byId(a: DeclarationFacts, b: DeclarationFacts): number {
  return a.declared.id < b.declared.id ? -1 : 1;
}
