/** Preloaded into a process: packages whose names begin with WITHOUT_PACKAGE cannot be found, by `import` or by `require`. */
import Module, { register } from "node:module";

const hidden = process.env.WITHOUT_PACKAGE;

const resolveFilename = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request.startsWith(hidden)) {
    throw Object.assign(new Error(`Cannot find module '${request}'`), { code: "MODULE_NOT_FOUND" });
  }
  return resolveFilename.call(this, request, ...rest);
};

const hooks = `export async function resolve(specifier, context, next) {
  if (!specifier.startsWith(${JSON.stringify(hidden)})) return next(specifier, context);
  throw Object.assign(new Error("Cannot find package '" + specifier + "'"), { code: "ERR_MODULE_NOT_FOUND" });
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
