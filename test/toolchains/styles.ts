/** The styles in which tasks and flows can be written: the rows of the matrix. A new one is one more entry. */

/** What every style is tried with, one module each: the columns of the matrix. */
export const SHAPES = [
  "default-value",
  "inherited",
  "abstract-base",
  "generic",
  "private-field",
  "accessor",
  "default-export",
] as const;

export type Shape = (typeof SHAPES)[number];

export interface Style {
  readonly id: string;
  readonly title: string;
  /** Folder under `project/` with its sources; those of `project/harness` come to them. */
  readonly sources: string;
  /** What its tsconfig.json needs beside the usual. */
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** Shapes with syntax that no Node knows: at the target `esnext` they are syntax errors. */
  readonly lowered: readonly Shape[];
  /** Whether Vitest lowers these without the plugin, too. It transforms with Oxc. */
  readonly loweredByVitest: boolean;
}

export const STYLES: readonly Style[] = [
  {
    id: "legacy",
    title: "legacy decorators",
    sources: "classes",
    compilerOptions: { experimentalDecorators: true },
    lowered: ["accessor"],
    loweredByVitest: true,
  },
  {
    id: "tc39",
    title: "TC39 decorators",
    sources: "classes",
    compilerOptions: {},
    lowered: SHAPES,
    loweredByVitest: false,
  },
  {
    id: "functions",
    title: "functions",
    sources: "functions",
    compilerOptions: {},
    lowered: ["accessor"],
    loweredByVitest: false,
  },
];
