/** Recognises what belongs to the SDK: by the package that declares a symbol, never by how the project spells it. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Symbol as MorphSymbol, Node, type Type } from "ts-morph";
import type { DeclaringKind } from "./declared.js";

/** Packages that may declare the SDK's classes and decorators; values that the engine knows too are core's. */
export const SDK_PACKAGES: ReadonlySet<string> = new Set(["@millrace/sdk", "@millrace/core", "millrace"]);

/** Answers questions about SDK symbols; remembers which folders belong to the SDK. */
export interface SdkSymbols {
  /** `task`, `flow`, `rule`, `param`, `Task`, `Flow`, …: the SDK's own name of a symbol, through aliases; undefined for others. */
  nameOf(symbol: MorphSymbol | undefined): string | undefined;
  /** Which SDK base class an instance type derives from: the nearest. */
  baseOf(type: Type): DeclaringKind | undefined;
  /** True for the type of `this.shared`. */
  isShared(type: Type): boolean;
}

/** Makes an SdkSymbols for one analysis. */
export function sdkSymbols(): SdkSymbols {
  const folders = new Map<string, boolean>();
  const bases = new Map<Type["compilerType"], DeclaringKind | undefined>();

  function inSdk(folder: string): boolean {
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const file = join(folder, "package.json");
    const parent = dirname(folder);
    const name = existsSync(file) ? packageName(file) : undefined;
    const answer = name !== undefined ? SDK_PACKAGES.has(name) : parent !== folder && inSdk(parent);
    folders.set(folder, answer);
    return answer;
  }

  function nameOf(symbol: MorphSymbol | undefined): string | undefined {
    const target = symbol?.getAliasedSymbol() ?? symbol;
    // Generated declarations augment classes from outside: one declaration inside the SDK decides.
    const own = target?.getDeclarations().some((d) => inSdk(dirname(d.getSourceFile().getFilePath())));
    return own ? target?.getName() : undefined;
  }

  function baseOf(type: Type): DeclaringKind | undefined {
    if (bases.has(type.compilerType)) return bases.get(type.compilerType);
    const found = findBase(type, new Set());
    bases.set(type.compilerType, found);
    return found;
  }

  function findBase(type: Type, seen: Set<Type["compilerType"]>): DeclaringKind | undefined {
    if (seen.has(type.compilerType)) return undefined;
    seen.add(type.compilerType);
    const name = nameOf(type.getSymbol());
    if (name === "Rule") return "rule";
    if (name === "Task") return "task";
    if (name === "Flow") return "flow";
    const above = type.isTypeParameter()
      ? [type.getConstraint() ?? type.getApparentType()] // `this` has no constraint of its own
      : type.isIntersection()
        ? type.getIntersectionTypes()
        : (type.getTargetType() ?? type).getBaseTypes();
    for (const base of above) {
      const found = base && findBase(base, seen);
      if (found) return found;
    }
    return undefined;
  }

  function isShared(type: Type): boolean {
    return /^(Task)?Shared$/.test(nameOf(type.getSymbol()) ?? "");
  }

  return { nameOf, baseOf, isShared };
}

/** The SDK's name of a decorator's function: `task`, `flow`, `param`; undefined for others. */
export function decoratorName(sdk: SdkSymbols, expression: Node): string | undefined {
  const callee = Node.isCallExpression(expression) ? expression.getExpression() : expression;
  return sdk.nameOf(callee.getSymbol());
}

function packageName(file: string): string | undefined {
  const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: string };
  return name;
}
