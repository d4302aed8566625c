/** Cells of the matrix that are blank, each with its reason. One that works after all fails the matrix. */

export interface Blank {
  readonly style: string;
  readonly toolchain: string;
  /** Part of what the toolchain says. */
  readonly says: RegExp;
  readonly reason: string;
}

const UNLOWERED = {
  says: /SyntaxError: Invalid or unexpected token/,
  reason: "Vitest transforms with Oxc, which leaves TC39 decorators as they are, and no Node runs them.",
};

export const BLANKS: readonly Blank[] = [
  { style: "tc39", toolchain: "Vitest 4", ...UNLOWERED },
  { style: "tc39", toolchain: "Vitest 5", ...UNLOWERED },
];

/** Why a cell is blank, if it is. */
export function blankOf(style: string, toolchain: string): Blank | undefined {
  return BLANKS.find((blank) => blank.style === style && blank.toolchain === toolchain);
}
