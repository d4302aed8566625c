// Bare ts-morph: opens the project in argv[2] and asks the checker for the symbol of every identifier.
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const require = createRequire(
  resolve(import.meta.dirname ?? "test/bench/compiler", "../../../packages/compiler/package.json"),
);
const { Project, SyntaxKind } = require("ts-morph");
const project = new Project({ tsConfigFilePath: join(process.argv[2], "tsconfig.json") });
let symbols = 0;
for (const file of project.getSourceFiles()) {
  for (const name of file.getDescendantsOfKind(SyntaxKind.Identifier)) if (name.getSymbol()) symbols++;
}
if (symbols === 0) throw new Error("no symbols");
