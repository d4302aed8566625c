/**
 * Tells apart a third convention of decorators, which nothing but some compilers still speaks: that of 2018, whose
 * decorators take one descriptor of an element. Next.js compiles to it unless `experimentalDecorators` is set.
 */
import { MillraceError } from "@millrace/core/thread";

/** Lets every argument of the two supported conventions pass. @throws MillraceError `flow-misuse`. */
export function refuseOldDecorators(decorator: string, argument: unknown): void {
  if (typeof argument !== "object" || argument === null) return;
  if ((argument as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag] !== "Descriptor") return;
  throw new MillraceError(
    "flow-misuse",
    `${decorator} was compiled to the decorators proposal of 2018, which is neither the standard nor TypeScript's legacy form.`,
    {
      hint: 'Set "experimentalDecorators": true in the tsconfig.json that this compiler reads (Next.js needs it), or name flows instead of importing their classes: engine.start("CityReport", …).',
    },
  );
}
