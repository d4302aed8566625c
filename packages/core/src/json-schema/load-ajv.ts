/** Ajv from the installed copy of this package: synchronously, and only when somebody needs it. */
import type * as Ajv from "ajv/dist/2020.js";
import { MillraceError } from "../errors/millrace-error.js";

// Not imported: bundlers replace what a known createRequire resolves by numbers of their own.
const { createRequire } = process.getBuiltinModule("node:module");

let ajv: typeof Ajv | undefined;

/** The library. @throws MillraceError `engine-bundled`. */
export function loadAjv(): typeof Ajv {
  ajv ??= requireAjv();
  return ajv;
}

function requireAjv(): typeof Ajv {
  let file: string;
  try {
    file = createRequire(import.meta.url).resolve("@millrace/core/validate");
  } catch (cause) {
    throw new MillraceError(
      "engine-bundled",
      "A bundle does not find @millrace/core, which says what is wrong with a value.",
      {
        hint: 'Make the package "millrace" external and install it where the bundle runs: esbuild `packages: "external"`, Next.js `serverExternalPackages: ["millrace"]`, webpack `externals`, Vite `ssr.external`.',
        cause,
      },
    );
  }
  // Safe: the package's own types.
  return createRequire(file)("ajv/dist/2020.js") as typeof Ajv;
}
