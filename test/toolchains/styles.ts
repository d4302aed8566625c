/** The styles in which tasks and flows can be written: the rows of the matrix. A new one is one more entry. */

export interface Style {
  readonly id: string;
  readonly title: string;
  /** Folder under `project/` with its sources; those of `project/harness` come to them. */
  readonly sources: string;
  /** Shapes that it is tried with: one module each. */
  readonly shapes: readonly string[];
  /** What its tsconfig.json needs beside the usual. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
}

const CLASSES = {
  sources: "classes",
  shapes: ["default-value", "inherited", "abstract-base", "generic", "private-field", "accessor", "default-export"],
};

export const STYLES: readonly Style[] = [
  { id: "legacy", title: "legacy decorators", ...CLASSES, compilerOptions: { experimentalDecorators: true } },
  { id: "tc39", title: "TC39 decorators", ...CLASSES, compilerOptions: {} },
];
