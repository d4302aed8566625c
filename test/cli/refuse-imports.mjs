/** What without-package.mjs does to `import`: a hook of Node's, which Node 20 runs in a thread of its own. */

export function resolve(specifier, context, next) {
  const isRequired = context.conditions.includes("require");
  if (isRequired || !specifier.startsWith(process.env.WITHOUT_PACKAGE)) return next(specifier, context);
  throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" });
}
