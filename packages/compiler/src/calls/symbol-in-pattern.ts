import { type BindingElement, type Symbol as MorphSymbol, Node } from "ts-morph";

/** What a constant's pattern takes out of its initialiser, as in `const { load } = await import("./loading.js")`; undefined where that is no plain name. */
export function symbolInPattern(element: BindingElement): MorphSymbol | undefined {
  const pattern = element.getParent();
  const declaration = pattern?.getParent();
  if (!Node.isObjectBindingPattern(pattern) || !Node.isVariableDeclaration(declaration)) return undefined;
  if (declaration.getVariableStatement()?.getDeclarationKind() !== "const") return undefined;
  const name = (element.getPropertyNameNode() ?? element.getNameNode()).getText();
  const symbol = declaration.getInitializer()?.getType().getProperty(name);
  return symbol?.getAliasedSymbol() ?? symbol;
}
