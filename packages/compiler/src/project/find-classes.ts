/** Every class of the project that has to do with the SDK, as seen; what is wrong with it is for the checks to say. */
import { type ClassDeclaration, type ClassExpression, type Decorator, type SourceFile, SyntaxKind } from "ts-morph";
import type { DeclaringKind } from "./declared.js";
import { nodesOfKind } from "./nodes-of-kind.js";
import { decoratorName, type SdkSymbols } from "./sdk-symbols.js";

/** A class that extends the SDK's Task, Flow or Rule, or carries `@task`, `@flow` or `@rule`. */
export interface ClassFact {
  readonly node: ClassDeclaration | ClassExpression;
  /** The SDK's base class, through any chain; undefined if it has none. */
  readonly base: DeclaringKind | undefined;
  /** Its `@task`, `@flow` or `@rule`. */
  readonly decorator: { readonly name: DeclaringKind; readonly node: Decorator } | undefined;
}

/** Finds the classes of some files, in order of file and position. */
export function findClasses(files: readonly SourceFile[], sdk: SdkSymbols): readonly ClassFact[] {
  return files.flatMap((file) => inFile(file, sdk));
}

function inFile(file: SourceFile, sdk: SdkSymbols): ClassFact[] {
  const found: ClassFact[] = [];
  const classes = [
    ...nodesOfKind(file, SyntaxKind.ClassDeclaration),
    ...nodesOfKind(file, SyntaxKind.ClassExpression),
  ].sort((a, b) => a.getPos() - b.getPos());
  for (const node of classes) {
    const decorator = declaringDecorator(node, sdk);
    // The type of a class expression is its constructor; the symbol knows the instance.
    const instance = node.getSymbol()?.getDeclaredType();
    const base = instance && node.getExtends() ? sdk.baseOf(instance) : undefined;
    if (base || decorator) found.push({ node, base, decorator });
  }
  return found;
}

function declaringDecorator(node: ClassDeclaration | ClassExpression, sdk: SdkSymbols): ClassFact["decorator"] {
  for (const decorator of node.getDecorators()) {
    const name = decoratorName(sdk, decorator.getExpression());
    if (name === "task" || name === "flow" || name === "rule") return { name, node: decorator };
  }
  return undefined;
}

/** True for `abstract class`. */
export function isAbstract(node: ClassDeclaration | ClassExpression): boolean {
  return node.hasModifier(SyntaxKind.AbstractKeyword);
}
