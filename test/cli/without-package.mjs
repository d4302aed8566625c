/** Preloaded into a process: packages whose names begin with WITHOUT_PACKAGE cannot be found, by `import` or by `require`. */
import * as modules from "node:module";
import { resolve } from "./refuse-imports.mjs";

const { Module, register, registerHooks } = modules;
const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request.startsWith(process.env.WITHOUT_PACKAGE)) {
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
  }
  return resolveFilename.call(this, request, ...rest);
};

// Node 20 has only the second, and Node 26 warns of it.
if (registerHooks) registerHooks({ resolve });
else register("./refuse-imports.mjs", import.meta.url);
