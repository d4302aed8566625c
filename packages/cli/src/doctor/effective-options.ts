/** The compiler options that matter to us, with the defaults of the TypeScript that is installed beside the project. */
import { installedVersion } from "./installed-packages.js";
import type { Tsconfig } from "./read-tsconfig.js";

/** Options in force. Names in lower case. */
export interface EffectiveOptions {
  readonly target: string;
  readonly module: string;
  readonly moduleResolution: string;
  readonly strictNullChecks: boolean;
  readonly experimentalDecorators: boolean;
  readonly emitDecoratorMetadata: boolean;
  readonly useDefineForClassFields: boolean;
  /** `tsc` writes JavaScript. */
  readonly emits: boolean;
}

/** Reads them. Where no TypeScript is installed, version 6 is assumed, which the analyser is. */
export function effectiveOptions(root: string, { options }: Tsconfig): EffectiveOptions {
  const old = Number.parseInt(installedVersion(root, "typescript") ?? "6", 10) < 6;
  const text = (name: string, otherwise: string): string => {
    const value = options[name];
    return typeof value === "string" ? value.toLowerCase() : otherwise;
  };
  const target = text("target", old ? "es5" : "es2025");
  const module = text("module", old ? (isOlderThan(target, 2015) ? "commonjs" : "es2015") : "esnext");
  const flag = (name: string, otherwise: boolean): boolean =>
    typeof options[name] === "boolean" ? options[name] : otherwise;
  return {
    target,
    module,
    moduleResolution: text("moduleResolution", resolutionOf(module, old)),
    strictNullChecks: flag("strictNullChecks", flag("strict", !old)),
    experimentalDecorators: flag("experimentalDecorators", false),
    emitDecoratorMetadata: flag("emitDecoratorMetadata", false),
    useDefineForClassFields: flag("useDefineForClassFields", !isOlderThan(target, 2022)),
    emits: !flag("noEmit", false) && !flag("emitDeclarationOnly", false),
  };
}

/** True for a target before that of a year; `es3` and `es5` are before all. */
export function isOlderThan(target: string, year: number): boolean {
  if (target === "es6") return year > 2015;
  const number = Number(/^es(\d+)$/.exec(target)?.[1] ?? Number.POSITIVE_INFINITY);
  return number < year;
}

function resolutionOf(module: string, old: boolean): string {
  if (/^node(16|18|20|next)$/.test(module)) return module;
  if (module === "preserve" || !old) return "bundler";
  return module === "commonjs" ? "node10" : "classic";
}
