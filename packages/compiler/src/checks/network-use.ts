/** What of a program's code uses the network, as far as names tell: globals, modules of Node, and packages that are clients of something. */
import { type Identifier, Node, SyntaxKind, ts } from "ts-morph";
import { impureImport, impurityOf, mayBeImpure } from "../flows/impure-symbols.js";
import type { ProjectModel } from "../project/model.js";
import { bareNodesOfKind } from "../project/nodes-of-kind.js";

const GLOBALS = "fetch|WebSocket|XMLHttpRequest";
const MODULES = "http|https|http2|net|tls|dgram|dns";
/** Packages that speak to servers: of the web, databases, queues, clouds, mail. */
const PACKAGES =
  "undici|axios|got|ky|node-fetch|superagent|ws|pg|postgres|mysql2?|mariadb|mongodb|mongoose|redis|ioredis|cassandra-driver|tedious|knex|" +
  "@prisma/client|amqplib|kafkajs|nats|mqtt|nodemailer|@grpc/grpc-js|@aws-sdk/.+|@azure/.+|@google-cloud/.+|openai|@anthropic-ai/sdk|stripe|" +
  "octokit|@octokit/.+";

/** By the names under which impure things are known. */
const NETWORK = new RegExp(`^(${GLOBALS})$|\\bnode:(${MODULES})\\b`);
const CLIENTS = new RegExp(`^(${PACKAGES})$`);
const MENTION = new RegExp(`\\b(${GLOBALS})\\b|["'](node:)?(${MODULES})(/promises)?["']|["'](${PACKAGES})["']`);

const mentions = new WeakMap<ProjectModel, boolean>();

/** False for a project that cannot use the network, as the bare text of its modules shows. */
export function mentionsNetwork(model: ProjectModel): boolean {
  const found = mentions.get(model) ?? model.files.some((file) => MENTION.test(file.getFullText()));
  mentions.set(model, found);
  return found;
}

const clients = new WeakMap<ts.SourceFile, ReadonlySet<string>>();

/** True for nodes that `networkUse` is to be asked about. Asks no types. */
export function mayUseNetwork(node: ts.Node): boolean {
  if (ts.isCallExpression(node)) return node.expression.kind === SyntaxKind.ImportKeyword;
  return ts.isIdentifier(node) && (mayBeImpure(node) || clientNames(node.getSourceFile()).has(node.text));
}

/** What a node uses, as users know it: `fetch`, `node:https`, `pg`; undefined if it is no use of the network. */
export function networkUse(node: Node, model: ProjectModel): string | undefined {
  if (Node.isCallExpression(node)) return named(impureImport(node)?.what);
  if (!Node.isIdentifier(node)) return undefined;
  return named(impurityOf(node, model)?.what) ?? clientOf(node);
}

function named(what: string | undefined): string | undefined {
  return what !== undefined && NETWORK.test(what) ? what : undefined;
}

function clientOf(identifier: Identifier): string | undefined {
  if (!clientNames(identifier.getSourceFile().compilerNode).has(identifier.getText())) return undefined;
  const imports = identifier.getSymbol()?.getDeclarations() ?? [];
  return imports
    .map((each) => each.getFirstAncestor(Node.isImportDeclaration)?.getModuleSpecifierValue())
    .find((specifier) => specifier !== undefined && CLIENTS.test(specifier));
}

/** Names that a file binds to values of such packages. */
function clientNames(tree: ts.SourceFile): ReadonlySet<string> {
  const known = clients.get(tree);
  if (known) return known;
  const names = new Set<string>();
  for (const { importClause, moduleSpecifier } of bareNodesOfKind(tree, SyntaxKind.ImportDeclaration)) {
    if (!importClause || importClause.isTypeOnly || !ts.isStringLiteral(moduleSpecifier)) continue;
    if (!CLIENTS.test(moduleSpecifier.text)) continue;
    const { name, namedBindings } = importClause;
    if (name) names.add(name.text);
    if (namedBindings && ts.isNamespaceImport(namedBindings)) names.add(namedBindings.name.text);
    else for (const each of namedBindings?.elements ?? []) if (!each.isTypeOnly) names.add(each.name.text);
  }
  clients.set(tree, names);
  return names;
}
