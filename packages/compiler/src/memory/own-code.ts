/** The compiler's own code, and core's: what a build makes changes with it. */
import { readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Its modules; absolute paths. */
export function ownCode(): readonly string[] {
  const { resolve } = createRequire(import.meta.url);
  return ["@millrace/compiler", "@millrace/core"].flatMap((name) => {
    const folder = join(dirname(resolve(`${name}/package.json`)), "dist");
    const modules = readdirSync(folder).filter((file) => file.endsWith(".js"));
    return modules.sort().map((file) => join(folder, file));
  });
}
