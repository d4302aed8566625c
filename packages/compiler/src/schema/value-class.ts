/** Classes registered with `@value({ id })`: the only ones whose instances survive a thread and the store. */
import { type ClassDeclaration, Node, type Type } from "ts-morph";
import { decoratorName, sdkSymbols } from "../project/sdk-symbols.js";
import { readConstant } from "../tasks/read-constant.js";

/** A registered class. */
export interface ValueClass {
  /** Name in stored values. */
  readonly id: string;
  /** It turns itself into data, so its own fields do not matter. */
  readonly encodes: boolean;
}

/** The registration of an instance type's class; undefined for all others. */
export function valueClassOf(type: Type): ValueClass | undefined {
  const declaration = type.getSymbol()?.getDeclarations().find(Node.isClassDeclaration);
  const id = declaration && registeredId(declaration);
  return id === undefined ? undefined : { id, encodes: declaration?.getStaticMember("encode") !== undefined };
}

function registeredId(declaration: ClassDeclaration): string | undefined {
  if (declaration.getDecorators().length === 0) return undefined;
  const sdk = sdkSymbols();
  const decorator = declaration.getDecorators().find((each) => decoratorName(sdk, each.getExpression()) === "value");
  const options = readConstant(decorator?.getArguments()[0])?.value;
  const id = typeof options === "object" && options !== null && "id" in options ? options.id : undefined;
  return typeof id === "string" ? id : undefined;
}
