/** Node against the floor that our package.json names. */
import { createRequire } from "node:module";
import { type Check, ok, problem } from "../check.js";

export const nodeVersion: Check = ({ node }) => {
  const { engines } = createRequire(import.meta.url)("@millrace/cli/package.json") as { engines: { node: string } };
  const floor = numbersOf(engines.node);
  const floorText = floor.join(".");
  if (compare(numbersOf(node), floor) >= 0) return ok(`${node} (${floorText} or newer is needed)`);
  return problem(
    `${node} is too old`,
    `Install Node ${floorText} or newer; the newest release with long-term support is best.`,
  );
};

function numbersOf(version: string): readonly number[] {
  return (version.match(/\d+/g) ?? []).slice(0, 3).map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const at = b.findIndex((number, i) => number !== a[i]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
