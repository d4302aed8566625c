/** What a flow body may not touch, since it would say something else when the run is resumed, with the remedy for each. */
import { type CallExpression, type Identifier, Node, SyntaxKind, ts } from "ts-morph";
import type { ProjectModel } from "../project/model.js";
import { bareNodesOfKind } from "../project/nodes-of-kind.js";

/** One impure thing that a body mentions. */
export interface Impurity {
  /** As users know it: `Date.now()`, `node:fs`. */
  readonly what: string;
  /** What to do instead; `{flow}` stands for the name of the flow in the body. */
  readonly hint: string;
}

const CLOCK = "Use {flow}.now(): it gives the same time on every resume.";
const RANDOM = "Use {flow}.random(): it gives the same numbers on every resume.";
const UUID = "Use {flow}.uuid() or {flow}.random(): they give the same values on every resume.";
const STEP = "Put it into {flow}.step(name, fn), which records its result, or into a task.";
const TIMER = 'Write `await {flow}.sleep("30s")`: a timer of the body is not there after a resume.';
const ENVIRONMENT = "Take it as a parameter of the flow, or read it in a task or in {flow}.step(name, fn).";

/** Member of a global object → remedy; `*` stands for any member. */
const MEMBERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Date: { now: CLOCK },
  performance: { now: CLOCK, timeOrigin: CLOCK },
  Math: { random: RANDOM },
  crypto: { randomUUID: UUID, getRandomValues: UUID, randomBytes: UUID, randomInt: UUID },
  process: { hrtime: CLOCK, uptime: CLOCK, env: ENVIRONMENT, argv: ENVIRONMENT, cwd: ENVIRONMENT },
};

/** Global functions and classes. */
const GLOBALS: Readonly<Record<string, string>> = {
  setTimeout: TIMER,
  setInterval: TIMER,
  setImmediate: TIMER,
  fetch: STEP,
  XMLHttpRequest: STEP,
  WebSocket: STEP,
};

/** Modules of which nothing may be used. */
const MODULES: Readonly<Record<string, string>> = {
  timers: TIMER,
  "timers/promises": TIMER,
  fs: STEP,
  "fs/promises": STEP,
  child_process: STEP,
  http: STEP,
  https: STEP,
  http2: STEP,
  net: STEP,
  tls: STEP,
  dgram: STEP,
  os: ENVIRONMENT,
  dns: STEP,
  "dns/promises": STEP,
};

/** Modules whose exports are those of a global object. */
const MODULE_OBJECTS: Readonly<Record<string, string>> = {
  crypto: "crypto",
  process: "process",
  perf_hooks: "perf_hooks",
};

/** True for a name that may stand for something impure: a global one, or one of an import of such a module. Asks no types. */
export function mayBeImpure(identifier: ts.Identifier): boolean {
  const { text } = identifier;
  return (
    Object.hasOwn(MEMBERS, text) || Object.hasOwn(GLOBALS, text) || importedNames(identifier.getSourceFile()).has(text)
  );
}

const imported = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** Names that a file binds to the modules above and what they export. */
function importedNames(tree: ts.SourceFile): ReadonlySet<string> {
  const known = imported.get(tree);
  if (known) return known;
  const names = new Set<string>();
  for (const { importClause, moduleSpecifier } of bareNodesOfKind(tree, SyntaxKind.ImportDeclaration)) {
    const module = ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text.replace(/^node:/, "") : "";
    if (!importClause || !(Object.hasOwn(MODULES, module) || Object.hasOwn(MODULE_OBJECTS, module))) continue;
    const { name, namedBindings } = importClause;
    if (name) names.add(name.text);
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.add(namedBindings.name.text);
    else for (const each of namedBindings?.elements ?? []) names.add(each.name.text);
  }
  imported.set(tree, names);
  return names;
}

/** Judges one identifier; undefined if it is harmless. */
export function impurityOf(identifier: Identifier, model: ProjectModel): Impurity | undefined {
  if (!mayBeImpure(identifier.compilerNode)) return undefined;
  if (isTypeOrName(identifier)) return undefined;
  const imported = importOf(identifier);
  if (imported) return ofImport(identifier, imported);
  const name = identifier.getText();
  if (!Object.hasOwn(MEMBERS, name) && !Object.hasOwn(GLOBALS, name)) return undefined;
  const declarations = identifier.getSymbol()?.getDeclarations() ?? [];
  // The project's own variable of that name is another thing; `globalThis.fetch` is the same.
  if (declarations.some((d) => model.isOwn(d.getSourceFile()))) return undefined;
  if (!isGlobalReference(identifier)) return undefined;
  const global = own(GLOBALS, name);
  if (global !== undefined) return { what: name, hint: global };
  return ofDate(identifier) ?? ofMember(identifier, name, MEMBERS[name] ?? {});
}

/** Judges an `import()`: of a module of which nothing may be used. */
export function impureImport(call: CallExpression): Impurity | undefined {
  const [argument] = call.getArguments();
  if (call.getExpression().getKind() !== SyntaxKind.ImportKeyword || !Node.isStringLiteral(argument)) return undefined;
  const module = argument.getLiteralText().replace(/^node:/, "");
  const hint = own(MODULES, module);
  return hint === undefined ? undefined : { what: `import("node:${module}")`, hint };
}

/** An entry of a table; what every object inherits is none. */
function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

interface Imported {
  readonly module: string;
  /** Exported name; `*` for the whole module. */
  readonly name: string;
}

function importOf(identifier: Identifier): Imported | undefined {
  for (const declaration of identifier.getSymbol()?.getDeclarations() ?? []) {
    const statement = declaration.getFirstAncestor(Node.isImportDeclaration);
    if (!statement || statement.isTypeOnly()) continue;
    const module = statement.getModuleSpecifierValue().replace(/^node:/, "");
    if (Node.isImportSpecifier(declaration))
      return declaration.isTypeOnly() ? undefined : { module, name: declaration.getName() };
    return { module, name: "*" };
  }
  return undefined;
}

function ofImport(identifier: Identifier, { module, name }: Imported): Impurity | undefined {
  const forbidden = own(MODULES, module);
  if (forbidden !== undefined) return { what: `node:${module}`, hint: forbidden };
  const object = own(MODULE_OBJECTS, module);
  if (object === undefined) return undefined;
  if (object === "perf_hooks") {
    const whole = name === "*" || name === "performance";
    return whole ? ofMember(identifier, "performance", MEMBERS.performance ?? {}) : undefined;
  }
  const members = MEMBERS[object] ?? {};
  if (name === "*" || name === "default") return ofMember(identifier, object, members);
  if (name === "webcrypto") return ofMember(identifier, "crypto", members);
  const hint = own(members, name);
  return hint === undefined ? undefined : { what: `${object}.${name}`, hint };
}

/** `Date.now` is a member; `Date()` and `new Date()` without arguments read the clock, too. */
function ofDate(identifier: Identifier): Impurity | undefined {
  if (identifier.getText() !== "Date") return undefined;
  const user = callee(identifier).getParent();
  if (Node.isNewExpression(user) && user.getExpression() === callee(identifier)) {
    return user.getArguments().length === 0 ? { what: "new Date()", hint: "Use new Date({flow}.now())." } : undefined;
  }
  const called = Node.isCallExpression(user) && user.getExpression() === callee(identifier);
  return called ? { what: "Date()", hint: "Use new Date({flow}.now()).toString()." } : undefined;
}

function ofMember(
  identifier: Identifier,
  object: string,
  members: Readonly<Record<string, string>>,
): Impurity | undefined {
  const user = callee(identifier).getParent();
  if (Node.isPropertyAccessExpression(user)) {
    const hint = own(members, user.getName());
    return hint === undefined ? undefined : { what: `${object}.${user.getName()}`, hint };
  }
  if (Node.isElementAccessExpression(user)) {
    const argument = user.getArgumentExpression();
    const name = Node.isStringLiteral(argument) ? argument.getLiteralText() : "";
    const hint = own(members, name);
    return hint === undefined ? undefined : { what: `${object}.${name}`, hint };
  }
  if (Node.isVariableDeclaration(user)) {
    // const { random } = Math
    const pattern = user.getNameNode();
    const taken = Node.isObjectBindingPattern(pattern)
      ? pattern.getElements().map((e) => (e.getPropertyNameNode() ?? e.getNameNode()).getText())
      : [];
    const name = taken.find((each) => own(members, each) !== undefined);
    const hint = name === undefined ? undefined : own(members, name);
    return hint === undefined ? undefined : { what: `${object}.${name}`, hint };
  }
  return undefined;
}

/** The identifier, or `globalThis.identifier` if it stands in one. */
function callee(identifier: Identifier): Node {
  const parent = identifier.getParent();
  return Node.isPropertyAccessExpression(parent) && parent.getNameNode() === identifier ? parent : identifier;
}

function isGlobalReference(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  if (!Node.isPropertyAccessExpression(parent) || parent.getNameNode() !== identifier) return true;
  return /^(globalThis|global|window|self)$/.test(parent.getExpression().getText());
}

/** Names in types, declarations and keys mention nothing that runs. */
function isTypeOrName(identifier: Identifier): boolean {
  const parent = identifier.getParent();
  if (Node.isTypeNode(parent) || Node.isQualifiedName(parent) || Node.isTypeQuery(parent)) return true;
  if (
    identifier.getFirstAncestor(Node.isTypeNode) &&
    !identifier.getFirstAncestor(Node.isExpressionWithTypeArguments)
  ) {
    return identifier.getAncestors().findIndex(Node.isTypeNode) < identifier.getAncestors().findIndex(Node.isStatement);
  }
  return Node.isPropertyAssignment(parent) && parent.getNameNode() === identifier;
}
